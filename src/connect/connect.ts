import { join } from "node:path";
import { type Check, isFunction, isPerhaps } from "../check/values.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { prepareDirectory } from "../files/directory.js";
import { lock } from "../files/lock.js";
import { machineThreads, threads as threadsOption } from "../options/shared.js";
import { checkFigures } from "../render/options.js";
import { runChecks } from "../run/run.js";
import { type Curve, shapeOf } from "../section/curve.js";
import { surfaceDigest } from "../surface/digest.js";
import { type Executor, isExecutor } from "../sweep/executor.js";
import { PoolExecutor } from "../sweep/pool.js";
import type { Problem } from "../sweep/problem.js";
import type { CurveOptions } from "../train/curve.js";
import { curvePlan, trainCurve } from "../train/curve-training.js";
import { writeConnection } from "./files.js";
import { measureLines, measurePlane } from "./lines.js";
import { type ResolvedConnection, resolveConnection } from "./request.js";
import type { ConnectCall, ConnectResult } from "./result.js";
import { summarize } from "./table.js";

const callChecks: Readonly<Record<string, Check>> = {
	threads: isPerhaps(threadsOption.check),
	executor: isPerhaps(isExecutor),
	out: runChecks.out,
	fresh: runChecks.fresh,
	pictures: isPerhaps(checkFigures),
	signal: runChecks.signal,
	onStart: isPerhaps(isFunction),
	onStep: isPerhaps(isFunction),
	onEpoch: isPerhaps(isFunction),
	onPoints: isPerhaps(isFunction),
};

/**
 * Trains a curve of low loss between two networks, and measures loss and metric along it and along the straight line.
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data; InterruptedError when the signal stops
 *   it. With `out`, the same call goes on where it stopped.
 * @see Garipov et al., NeurIPS 2018 (arXiv 1802.10026); Draxler et al., ICML 2018 (arXiv 1803.00885)
 */
export async function connect(call: ConnectCall): Promise<ConnectResult> {
	const { threads = machineThreads, executor, out, fresh = false, pictures, signal, ...rest } = call;
	const { onStart, onStep, onEpoch, onPoints, ...request } = rest;
	for (const [property, check] of Object.entries(callChecks)) check(property, call[property as keyof ConnectCall]);
	const resolved = await resolveConnection(request);
	const { labels, assumptions } = resolved;
	const workers = Math.min(threads, machineThreads);
	const options: CurveOptions = { ...resolved.options, threads: workers };
	const { graph, data } = options;
	const planned = sha256(canonicalJson(curvePlan(options)));
	const directory = out === undefined ? null : typeof out === "string" ? out : out(graph.name, planned);
	if (directory !== null) await prepareDirectory(directory);
	const path = directory === null ? undefined : join(directory, "curve.msgpack");
	const unlock = path === undefined ? undefined : await lock(path);
	try {
		const { curve, history } = await trainCurve(options, {
			...{ path, fresh, signal, onStep, onEpoch },
			onStart: (start) =>
				onStart?.({
					...start,
					...{ model: graph.name, parameters: options.start.parameters.length, samples: data.samples },
					...{ data: data.name, labels, assumptions, directory },
				}),
		});
		const measuring = executor ?? new PoolExecutor({ threads: workers });
		const found = await measured(resolved, curve, { executor: measuring, directory, fresh, signal, onPoints }).finally(
			() => (executor === undefined ? measuring.close() : undefined),
		);
		const result = {
			...{ curve, labels, history, assumptions },
			...found,
			digest: digestOf(curve, found),
		};
		const files = directory === null ? [] : await writeConnection(directory, options, result, pictures);
		return { ...result, files };
	} finally {
		await unlock?.();
	}
}

interface MeasureCall {
	readonly executor: Executor<Problem>;
	readonly directory: string | null;
	readonly fresh: boolean;
	readonly signal: AbortSignal | undefined;
	readonly onPoints: ConnectCall["onPoints"];
}

async function measured(
	{ options, measured: wanted, labels }: ResolvedConnection,
	curve: Curve,
	{ executor, directory, fresh, signal, onPoints }: MeasureCall,
): Promise<Pick<ConnectResult, "lines" | "summaries" | "chord" | "length" | "plane">> {
	const shape = shapeOf(curve, labels);
	const measuring = {
		...{ executor, options, directory, fresh, signal, labels },
		...{ calibration: wanted.calibration, calibrationData: options.data },
	};
	const lines = await measureLines(measuring, curve, wanted, onPoints);
	const plane = await measurePlane(measuring, shape, wanted, lines, onPoints);
	const distances = { curve: shape.distance, line: (s: number, t: number) => Math.abs(t - s) * shape.chord };
	const pieces = Array.from({ length: wanted.points - 1 }, (_, i) =>
		shape.distance(i / (wanted.points - 1), (i + 1) / (wanted.points - 1)),
	);
	return {
		lines,
		summaries: lines.flatMap((line) => summarize(line, distances[line.way])),
		chord: shape.chord,
		length: pieces.reduce((sum, piece) => sum + piece, 0),
		plane,
	};
}

function digestOf({ networks }: Curve, { lines, plane }: Pick<ConnectResult, "lines" | "plane">): string {
	const surfaces = [...lines.map(({ surface }) => surface), ...(plane === null ? [] : [plane])];
	return sha256(...networks.map(({ parameters }) => parameters), ...surfaces.map(surfaceDigest));
}
