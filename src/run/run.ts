import { type Check, isA, isFunction, isObject, isPerhaps, isSwitch } from "../check/values.js";
import { type Barrier, barrier } from "../measure/barrier.js";
import { readRun, type Store, storeInMemory } from "../store/run.js";
import { surfaceDigest } from "../surface/digest.js";
import { gridPoints, pointNumber } from "../surface/grid.js";
import type { Notes, PlanRecord } from "../surface/provenance.js";
import { type BatchResult, originPoint, type Surface, valueAt } from "../surface/surface.js";
import type { Trajectories } from "../surface/trajectory.js";
import { carryOutAdaptively } from "../sweep/adaptive/carry-out.js";
import type { AdaptiveReport, Round } from "../sweep/adaptive/rounds.js";
import { carryOut } from "../sweep/carry-out.js";
import type { Executor, Job } from "../sweep/executor.js";
import { planDigest } from "../sweep/plan.js";
import { openDirectory, runPath, tablePath, trajectoryPath } from "./directory.js";

/** What a sweep keeps, and whom it tells. */
export interface RunOptions {
	/**
	 * The directory for the run file and surface.csv, or what makes it from a name for the network and the digest of the
	 * plan. Where it holds an unfinished run of the same plan, that is continued. Without it nothing is written.
	 */
	readonly out?: string | ((name: string, digest: string) => string);
	/** Start over, whatever the directory holds. */
	readonly fresh?: boolean;
	/** Stops the sweep; what is finished is kept. */
	readonly signal?: AbortSignal;
	/** Called once, and waited for, before the first task: what there is to do. */
	readonly onStart?: (start: SweepStart) => void | Promise<void>;
	/** Called with each run of the grid's points as it is finished and kept. */
	readonly onBatch?: (batch: BatchResult, surface: Surface) => void;
	/** Called before each round of an adaptive sweep that has points to compute, with how many: one of several, whose number nobody knows. */
	readonly onRound?: (round: Round, missing: number) => void;
	/** For people, kept in the run file: for example the command line. */
	readonly notes?: Notes;
}

/** What the types say of these, for callers who have none. */
export const runChecks = {
	out: isPerhaps(isA("a directory, or a function that names one", (out) => typeof out === "function" || isPath(out))),
	fresh: isPerhaps(isSwitch),
	signal: isPerhaps(isA("an AbortSignal", (signal) => signal instanceof AbortSignal)),
	onStart: isPerhaps(isFunction),
	onBatch: isPerhaps(isFunction),
	onRound: isPerhaps(isFunction),
	notes: isPerhaps(isObject("an object of facts for people", {})),
} satisfies Record<keyof RunOptions, Check>;

function isPath(value: unknown): boolean {
	return typeof value === "string" && value !== "";
}

/** What there is to do, before it is begun. */
export interface SweepStart {
	/** What there is of the surface so far. */
	readonly surface: Surface;
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
	/** How many parameters the network has. */
	readonly parameters: number;
	/** How many samples each value is taken over. */
	readonly samples: number;
	/** The name of the data. */
	readonly data: string;
	/** The cosine of the angle between the two directions; null for a line. */
	readonly cosine: number | null;
	/** The directory written to, if any. */
	readonly directory: string | null;
	/** By how many cells isolines may shift, where only the points that they need are computed; else null. */
	readonly adaptive: number | null;
	/** Points of the grid to compute, and in all; of an adaptive sweep, those that have no value yet, of which it computes a part. */
	readonly missing: number;
	/** Of the grid. */
	readonly points: number;
	/** How many threads were asked for. */
	readonly threads: number;
	/** How many of them work: no more than the machine has cores. */
	readonly workers: number;
	/** Bytes of an unfinished record that an earlier, killed start had left and that were dropped. */
	readonly tornBytes: number;
}

/** What a sweep of anything gives. */
export interface RunResult {
	/** What came out, complete. */
	readonly surface: Surface;
	/** SHA-256 over the surface's values: the same on every machine. */
	readonly digest: string;
	/** All that the values depend on. */
	readonly plan: PlanRecord;
	/** SHA-256 over the plan. */
	readonly planDigest: string;
	/** The value of every field at (0, 0) by its name, whether the grid holds that point or not. */
	readonly origin: Readonly<Record<string, number>>;
	/** Of a line whose grid holds both of its networks; else null. */
	readonly barrier: Barrier | null;
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
	/** How many threads were asked for. */
	readonly threads: number;
	/** Of a sweep that has computed a part of the points: how many, and how good the others are; else null. */
	readonly adaptive: AdaptiveReport | null;
	/** How many points of the grid this call computed, and the seconds from the first task to the last. */
	readonly computed: number;
	/** From the first task to the last. */
	readonly elapsedSeconds: number;
	/** Paths of the files written. */
	readonly files: readonly string[];
}

export type StartFacts = Pick<SweepStart, "cosine" | "parameters" | "samples" | "data" | "threads">;

/** The origin as a point apart from the grid, where that does not hold it. */
export function originExtras(grid: Surface["grid"]): number[][] {
	const zeros = grid.axes.map(() => 0);
	return pointNumber(grid, zeros) < 0 ? [zeros] : [];
}

/** The trainings, with their losses, of a run of the same plan that is to be continued; undefined where there is none. */
export async function keptTrajectories(options: RunOptions, plan: PlanRecord): Promise<Trajectories | undefined> {
	const digest = planDigest(plan);
	const directory = options.fresh === true ? null : directoryOf(options, plan.model, digest);
	if (directory === null) return undefined;
	// What is wrong with the file is told where it is opened to be continued.
	const run = await readRun(runPath(directory)).catch(() => undefined);
	return run && planDigest(run.surface.provenance.plan) === digest ? run.surface.trajectories : undefined;
}

/** A sweep before it is carried out: a surface with nothing done, and what its values depend on. */
export interface Undone<P> {
	readonly surface: Surface;
	readonly problem: P;
	/** By how many cells isolines may shift, where only the points that they need are to be computed. */
	readonly adaptive?: number;
}

/** Opens or begins the run of an empty surface, computes what it lacks, and says what came out. */
export async function carryOutRun<P>(
	{ surface: empty, problem, adaptive }: Undone<P>,
	executor: Executor<P>,
	options: RunOptions,
	facts: StartFacts,
): Promise<RunResult> {
	const { plan } = empty.provenance;
	const workers = executor.slots;
	const digest = planDigest(plan);
	const directory = directoryOf(options, plan.model, digest);
	const store =
		directory === null ? storeInMemory(empty) : await openDirectory(directory, empty, options.fresh ?? false);
	const { surface } = store;
	const { assumptions } = empty.provenance;
	const points = gridPoints(surface.grid);
	const lacking = points - surface.done.subarray(0, points).reduce((sum, mark) => sum + mark, 0);
	const { tornBytes } = store;
	let result: RunResult;
	try {
		await options.onStart?.({
			...facts,
			surface,
			assumptions,
			directory,
			adaptive: adaptive ?? null,
			missing: lacking,
			points,
			workers,
			tornBytes,
		});
		const job = { digest, grid: surface.grid, extras: surface.extras, problem };
		const computed = await computeMissing(job, store, executor, options, adaptive);
		result = {
			surface,
			digest: surfaceDigest(surface),
			plan,
			planDigest: digest,
			origin: valuesAtOrigin(surface),
			barrier: barrier(surface),
			assumptions,
			threads: facts.threads,
			...computed,
			files: directory === null ? [] : filesOf(directory, surface),
		};
	} catch (error) {
		// What went wrong first is what there is to say; closing after it can only fail for the same reason.
		await store.close().catch(() => undefined);
		throw error;
	}
	await store.close();
	return result;
}

function filesOf(directory: string, { trajectories }: Surface): string[] {
	const paths = trajectories === undefined ? [] : [trajectoryPath(directory)];
	return [runPath(directory), tablePath(directory), ...paths];
}

/** Carries out what a store lacks. */
async function computeMissing<P>(
	job: Job<P>,
	store: Store,
	executor: Executor<P>,
	{ signal, onBatch, onRound }: RunOptions,
	cells: number | undefined,
): Promise<Pick<RunResult, "computed" | "elapsedSeconds" | "adaptive">> {
	const started = performance.now();
	const results =
		cells === undefined
			? carryOut(job, store, executor, signal)
			: carryOutAdaptively(job, store, executor, { cells, ...(onRound && { onRound }) }, signal);
	let computed = 0;
	let isIdle = true;
	for (let step = await results.next(); ; step = await results.next()) {
		if (step.done === true) {
			const elapsedSeconds = isIdle ? 0 : (performance.now() - started) / 1000;
			return { computed, elapsedSeconds, adaptive: step.value ?? null };
		}
		isIdle = false;
		const { first, count, interpolated = false } = step.value;
		if (first >= gridPoints(job.grid)) continue;
		if (!interpolated) computed += count;
		onBatch?.(step.value, store.surface);
	}
}

function valuesAtOrigin(surface: Surface): Record<string, number> {
	const origin = originPoint(surface);
	return Object.fromEntries(surface.fields.map((field) => [field.name, valueAt(surface, field, origin)]));
}

function directoryOf({ out }: RunOptions, model: string, digest: string): string | null {
	if (out === undefined) return null;
	return typeof out === "string" ? out : out(model, digest);
}
