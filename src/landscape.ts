import { join } from "node:path";
import type { AlignmentProgress } from "./align/match.js";
import { checkNames, isFunction, isPerhaps, isSwitch } from "./check/values.js";
import { type ConfidenceProgress, ConfidentExecutor } from "./confidence/executor.js";
import { type Confidence, confidenceOf } from "./confidence/summary.js";
import type { CurvatureProgress } from "./curvature/progress.js";
import { nearestDirectory } from "./files/directory.js";
import type { Network } from "./network/network.js";
import { defaults, planeOptions } from "./options/plane/index.js";
import { machineThreads, threads as threadsOption } from "./options/shared.js";
import { isMean } from "./probe/index.js";
import { requestRecord } from "./resolve/again.js";
import { type Resolved, resolve } from "./resolve/index.js";
import { requestProperties, type SweepRequest } from "./resolve/request.js";
import { type Connection, connectionOf } from "./run/connection.js";
import { errorsAtExtremes, type FieldErrors } from "./run/errors.js";
import {
	carryOutRun,
	keptTrajectories,
	originExtras,
	type RunOptions,
	type RunResult,
	runChecks,
	type StartFacts,
} from "./run/run.js";
import { VectorStore } from "./section/vector-store.js";
import type { FieldSpec } from "./surface/field.js";
import { emptySurface, type Surface } from "./surface/surface.js";
import { type PathPoint, pathPlaces, type Trajectories } from "./surface/trajectory.js";
import { checkpointLosses } from "./sweep/checkpoints.js";
import { type Executor, isExecutor } from "./sweep/executor.js";
import { planDigest } from "./sweep/plan.js";
import { PointEvaluator } from "./sweep/point.js";
import { PoolExecutor } from "./sweep/pool.js";
import type { Problem } from "./sweep/problem.js";
import { version } from "./version.js";

export interface SweepOptions extends SweepRequest, RunOptions {
	/**
	 * How many threads; the machine's parallelism by default. No more of them work than the machine runs at once: each further
	 * one would hold the network in a memory of its own and gain nothing.
	 */
	readonly threads?: number;
	/** What carries out the work, in place of `threads` new workers, and is left running: for several sweeps one after another. */
	readonly executor?: Executor<Problem>;
	/** Whether `standardErrors` are computed where no field holds them: a few points more. */
	readonly summaryErrors?: boolean;
	/**
	 * Told how far directions have got, where derivatives are computed or networks aligned for them before the first point; and how far
	 * a look has, with `confidence`, where no point is finished before all are.
	 */
	readonly onProgress?: (progress: CurvatureProgress | AlignmentProgress | ConfidenceProgress) => void;
}

export interface SweepResult extends RunResult {
	/** Of the angle between the two directions; null for a line. */
	readonly cosine: number | null;
	/** How many parameters the network has. */
	readonly parameters: number;
	/** How many samples each value is taken over. */
	readonly samples: number;
	/** Which statistics of batch normalisation held, "batch norm interpolated"; null where they are the network's own, or there are none. */
	readonly batchNorm: string | null;
	/** Of a line between two networks: its barriers with their standard errors; else null. */
	readonly connection: Connection | null;
	/** Of means over samples, by their fields: how sure they are at the origin, and where they are lowest and highest. */
	readonly standardErrors: Readonly<Record<string, FieldErrors>>;
	/** Of a plane swept with `confidence`: what it took, and how sure its lines are; else null. */
	readonly confidence: Confidence | null;
}

const checks = {
	...runChecks,
	threads: isPerhaps(threadsOption.check),
	onProgress: isPerhaps(isFunction),
	summaryErrors: isPerhaps(isSwitch),
	executor: isPerhaps(isExecutor),
};

/**
 * Evaluates the loss and other fields at θ0 + α·δ + β·η over a grid of (α, β).
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data; WorkerError when a batch fails
 *   on every try; InterruptedError when the signal stops it. What is finished before that is in the run file.
 */
export async function sweep(options: SweepOptions = {}): Promise<SweepResult> {
	checkNames(options, [...Object.keys(planeOptions), ...requestProperties, ...Object.keys(checks)]);
	const { executor } = options;
	for (const [property, check] of Object.entries(checks)) check(property, options[property as keyof typeof checks]);
	if (executor !== undefined) return sweepOn(executor, executor.slots, options, new VectorStore());
	const { threads = defaults.threads } = options;
	const own = new PoolExecutor({ threads: Math.min(threads, machineThreads) });
	// They load what they need while the network and data are read.
	own.start();
	try {
		return await sweepOn(own, threads, options, await storeBeside(options));
	} finally {
		await own.close();
	}
}

/** Where this process's own threads find large directions: on the disk that takes the results, where there are any. */
async function storeBeside({ out }: SweepOptions): Promise<VectorStore> {
	if (out === undefined) return new VectorStore();
	return new VectorStore(await nearestDirectory(typeof out === "string" ? out : "."));
}

async function sweepOn(
	executor: Executor<Problem>,
	threads: number,
	options: SweepOptions,
	store: VectorStore,
): Promise<SweepResult> {
	const { signal, onProgress } = options;
	const resolved = await resolve(options, { threads: Math.min(threads, machineThreads), signal, onProgress, store });
	const { problem } = resolved;
	const trajectories = await judgedTrajectories(executor, resolved, options);
	const facts = {
		cosine: resolved.cosine,
		parameters: problem.section.vectors[0]?.length ?? 0,
		samples: problem.data.samples,
	};
	const { adaptive } = resolved;
	const run = {
		surface: outline(resolved, options, trajectories),
		problem,
		...(adaptive !== undefined && { adaptive }),
	};
	const start = { ...facts, threads, data: problem.data.name };
	const result = options.confidence
		? await carryOutConfidently(run, executor, options, start)
		: await carryOutRun(run, executor, options, start);
	const connection = await connectionOf(executor, problem, result.surface, signal);
	const { summaryErrors = false } = options;
	const wantsErrors = summaryErrors || result.surface.fields.some(({ errorOf }) => errorOf !== undefined);
	const standardErrors = wantsErrors ? await errorsAtExtremes(executor, problem, result.surface, signal) : {};
	const confidence = confidenceOf(result.surface);
	return { ...result, ...facts, batchNorm: resolved.batchNorm, connection, standardErrors, confidence };
}

/** A run on as many samples as its lines need, noted beside the run file until that is complete. */
async function carryOutConfidently(
	run: { readonly surface: Surface; readonly problem: Problem },
	executor: Executor<Problem>,
	options: SweepOptions,
	facts: StartFacts,
): Promise<RunResult> {
	const means = run.surface.fields.filter(({ name }) => isMean(name));
	const confident = new ConfidentExecutor(executor, means, options.onProgress);
	let isComplete = false;
	try {
		const result = await carryOutRun(
			run,
			confident,
			{
				...options,
				async onStart(start) {
					const { directory } = start;
					if (directory !== null)
						confident.keep({ path: join(directory, "confidence.msgpack"), fresh: options.fresh ?? false });
					await options.onStart?.(start);
				},
			},
			facts,
		);
		isComplete = true;
		return result;
	} finally {
		await confident.finish(isComplete);
	}
}

/** Trainings with the losses of their networks, which are forgotten then; as a run of the same plan has them, where there is one. */
async function judgedTrajectories(
	executor: Executor<Problem>,
	{ problem, trajectory, plan }: Resolved,
	options: SweepOptions,
): Promise<Trajectories | undefined> {
	if (trajectory === undefined) return undefined;
	const { checkpoints, origin, principal, paths, marks = [] } = trajectory;
	try {
		const kept = await keptTrajectories(options, plan);
		if (kept !== undefined) return kept;
		const { statistics, read } = checkpoints;
		const count = pathPlaces(trajectory).length;
		const networks = { count, digest: planDigest(plan), statistics, read };
		const losses = (await checkpointLosses(executor, problem, networks, options.signal)).values();
		const judged = (point: PathPoint): PathPoint => {
			const { loss, own } = losses.next().value ?? { loss: Number.NaN, own: Number.NaN };
			return { ...point, loss, lossOwnStatistics: own };
		};
		const ways = paths.map(({ label, points }) => ({ label, points: points.map(judged) }));
		return { origin, principal, paths: ways, ...(marks.length > 0 && { marks: marks.map(judged) }) };
	} finally {
		await checkpoints.close();
	}
}

/** What a network gives on data. */
export interface Evaluation {
	/** The network, up to the output that is judged. */
	readonly network: Network;
	/** How many samples the values are taken over. */
	readonly samples: number;
	/** Each field with its value at the network itself, the loss first. */
	readonly fields: readonly (FieldSpec & { readonly value: number })[];
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
}

/**
 * Evaluates a network once on data, in this thread: loss and other fields as a sweep has them at its origin.
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data
 */
export async function evaluate(request: SweepRequest = {}): Promise<Evaluation> {
	checkNames(request, [...Object.keys(planeOptions), ...requestProperties]);
	const { network, problem, fields, assumptions, trajectory } = await resolve({
		...request,
		x: { min: 0, max: 0, steps: 1 },
		y: null,
		adaptive: false,
	});
	await trajectory?.checkpoints.close();
	const evaluator = await PointEvaluator.create(problem);
	const values = await evaluator.evaluate(Array.from({ length: problem.section.dimensions }, () => 0));
	evaluator.release();
	return {
		network,
		samples: problem.data.samples,
		fields: fields.map((field, i) => ({ ...field, value: values[i] ?? Number.NaN })),
		assumptions,
	};
}

/** The surface of a request, with nothing done; the origin is a point of its own where the grid does not hold it. */
function outline(resolved: Resolved, options: SweepOptions, trajectories: Trajectories | undefined): Surface {
	const { grid, fields, plan, caption, assumptions, axisLabels, problem } = resolved;
	const request = requestRecord(options);
	const provenance = {
		...{ plan, version, caption, assumptions },
		...(axisLabels && { axisLabels }),
		...(request && { request }),
		notes: { ...resolved.notes, ...options.notes },
	};
	const places = trajectories === undefined ? [] : pathPlaces(trajectories);
	return emptySurface({
		grid,
		extras: [...originExtras(grid), ...places],
		fields,
		anchors: problem.section.anchors,
		...(trajectories && { trajectories }),
		interpolates: resolved.adaptive !== undefined,
		provenance,
	});
}
