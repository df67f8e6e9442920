import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Evaluation } from "./compute/evaluator.js";
import { OptionError } from "./errors.js";
import { formatCsv } from "./export/csv.js";
import { describeSystemError } from "./files/read.js";
import { writeWhole } from "./files/write.js";
import { type Barrier, barrier } from "./measure/barrier.js";
import { defaults, type PlaneOptions } from "./options/options.js";
import { type PreparedPlane, preparePlane } from "./resolve/problem.js";
import { type OpenRun, openRun } from "./store/run.js";
import { surfaceDigest } from "./surface/digest.js";
import type { PlanRecord } from "./surface/provenance.js";
import { emptySurface, originIndex, type Surface } from "./surface/surface.js";
import { planDigest } from "./sweep/digest.js";
import { shareMemory } from "./sweep/memory.js";
import { planSweep, type Segment } from "./sweep/plan.js";
import { SweepPool, type Task } from "./sweep/pool.js";
import { version } from "./version.js";

export interface SweepOptions extends PlaneOptions {
	/** How many workers; the machine's parallelism by default. */
	readonly threads?: number;
	/** Workers to use, in place of `threads` new ones, and to leave running: for several sweeps one after another. */
	readonly pool?: SweepPool;
	/**
	 * The directory for the run file and surface.csv, or what makes it from a name for the network and the digest of the
	 * plan. Where it holds an unfinished run of the same plan, that is continued. Without it nothing is written.
	 */
	readonly out?: string | ((name: string, digest: string) => string);
	/** Start over, whatever the directory holds. */
	readonly fresh?: boolean;
	/** Stops the sweep; finished rows are kept. */
	readonly signal?: AbortSignal;
	/** Called once, before the first task: what there is to do. */
	readonly onStart?: (start: SweepStart) => void;
	/** Called with each row, or part of a row, as it is finished and stored. */
	readonly onRow?: (segment: Segment, surface: Surface) => void;
	/** The Piscina entry of the workers. */
	readonly worker?: URL;
	/** For people, kept in the run file: for example the command line. */
	readonly notes?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface SweepStart {
	readonly plane: PreparedPlane;
	readonly surface: Surface;
	/** The directory written to, if any. */
	readonly directory: string | null;
	/** Points to compute, and points in all. */
	readonly missing: number;
	readonly points: number;
	readonly threads: number;
	/** Bytes of an unfinished record that an earlier, killed start had left and that were dropped. */
	readonly tornBytes: number;
}

export interface SweepResult {
	readonly surface: Surface;
	/** SHA-256 over the surface's values: the same on every machine. */
	readonly digest: string;
	readonly plan: PlanRecord;
	/** SHA-256 over the plan. */
	readonly planDigest: string;
	/** The values at (0, 0), whether the grid holds that point or not. */
	readonly origin: Evaluation;
	readonly cosine: number | null;
	/** Of an interpolation whose grid holds both networks; else null. */
	readonly barrier: Barrier | null;
	readonly parameters: number;
	readonly samples: number;
	readonly threads: number;
	/** How many points this call computed, and the seconds from the first task to the last row. */
	readonly computed: number;
	readonly elapsedSeconds: number;
	/** Paths of the files written. */
	readonly files: readonly string[];
}

/**
 * Evaluates loss(θ0 + α·δ + β·η) and the metric over a grid.
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data; WorkerError when a row fails
 *   on every try; InterruptedError when the signal stops it. Rows finished before that are in the run file.
 */
export async function sweep(options: SweepOptions = {}): Promise<SweepResult> {
	const plane = await preparePlane(options);
	const empty = emptySurface(plane.x, plane.y, {
		plan: plane.plan,
		version,
		notes: { ...plane.notes, ...options.notes },
	});
	const directory = directoryOf(options, plane);
	const run = directory === null ? withoutFile(empty) : await openDirectory(directory, empty, options.fresh ?? false);
	try {
		const timing = await evaluateMissing(plane, run, directory, options);
		return {
			surface: run.surface,
			digest: surfaceDigest(run.surface),
			plan: plane.plan,
			planDigest: planDigest(plane.plan),
			cosine: plane.cosine,
			barrier: barrier(run.surface),
			parameters: plane.state.parameters.length,
			samples: plane.data.samples,
			...timing,
			files: directory === null ? [] : [run.path, csvPath(directory)],
		};
	} finally {
		await run.close();
		if (directory !== null) await writeWhole(csvPath(directory), formatCsv(run.surface));
	}
}

function directoryOf({ out }: SweepOptions, { plan }: PreparedPlane): string | null {
	if (out === undefined) return null;
	return typeof out === "string" ? out : out(plan.model, planDigest(plan));
}

/** @throws {OptionError} when the directory can't be written to */
async function openDirectory(directory: string, empty: Surface, fresh: boolean): Promise<OpenRun> {
	try {
		await mkdir(directory, { recursive: true });
		return await openRun(join(directory, "run.msgpack"), empty, fresh);
	} catch (error) {
		if (error instanceof Error && "tag" in error) throw error;
		throw new OptionError(
			"--out",
			`expected a directory that can be written, got "${directory}" (${describeSystemError(error)})`,
		);
	}
}

/** A run that is kept in memory only. */
function withoutFile(surface: Surface): OpenRun {
	return {
		surface,
		origin: null,
		tornBytes: 0,
		path: "",
		async appendRow({ row, from, to }) {
			surface.done.fill(1, row * surface.x.steps + from, row * surface.x.steps + to);
		},
		appendOrigin: async () => undefined,
		close: async () => undefined,
	};
}

type Timing = Pick<SweepResult, "origin" | "threads" | "computed" | "elapsedSeconds">;

/** Computes what the run lacks, appending each row as it finishes. */
async function evaluateMissing(
	plane: PreparedPlane,
	run: OpenRun,
	directory: string | null,
	options: SweepOptions,
): Promise<Timing> {
	const { surface } = run;
	const threads = options.pool?.threads ?? options.threads ?? defaults.threads;
	const segments = planSweep(surface, threads);
	const inGrid = originIndex(surface);
	const tasks: Task[] = inGrid < 0 && run.origin === null ? [...segments, "origin"] : segments;
	const missing = segments.reduce((sum, { from, to }) => sum + to - from, 0);
	const points = surface.done.length;
	options.onStart?.({ plane, surface, directory, missing, points, threads, tornBytes: run.tornBytes });
	let origin = run.origin;
	const needed = Math.max(1, Math.min(threads, tasks.length));
	const pool = options.pool ?? new SweepPool({ threads: needed, worker: options.worker });
	const memory = await shareMemory(plane, surface);
	const started = performance.now();
	try {
		for await (const finished of pool.run(tasks, memory, options.signal)) {
			if ("origin" in finished) {
				origin = finished.origin;
				await run.appendOrigin(origin);
			} else {
				await run.appendRow(finished);
				options.onRow?.(finished, surface);
			}
		}
	} finally {
		if (options.pool === undefined) await pool.close();
	}
	return {
		origin: origin ?? { loss: surface.loss[inGrid] ?? Number.NaN, metric: surface.metric[inGrid] ?? Number.NaN },
		threads,
		computed: missing,
		elapsedSeconds: tasks.length === 0 ? 0 : (performance.now() - started) / 1000,
	};
}

function csvPath(directory: string): string {
	return join(directory, "surface.csv");
}
