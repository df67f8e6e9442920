import { type AlignResult, type BarrierEstimate, type Connection, PoolExecutor, sweep } from "../index.js";
import type { AlignCommandOptions } from "../options/align.js";
import { machineThreads } from "../options/shared.js";

/** A barrier on the straight line between two networks, before and after the second was aligned; null where there is none to tell. */
export interface Rise {
	readonly before: BarrierEstimate | null;
	readonly after: BarrierEstimate | null;
}

/** The barriers of a line on which statistics of batch normalisation are found in one way. */
export interface Barriers {
	/** How; null where a network has none. */
	readonly statistics: "interpolated" | "measured anew" | null;
	readonly loss: Rise;
	/** Of the share that is wrong; null where the metric is no share of what is right. */
	readonly error: Rise | null;
}

type Way = Barriers["statistics"];

/** What is asked of each line. */
type LineOptions = Omit<AlignCommandOptions, "steps" | "threads"> & {
	readonly steps: number;
	readonly threads: number;
};

/** Barriers on the lines from one network to another as it was and as it is aligned. */
export async function barriersOf(
	result: AlignResult,
	options: LineOptions,
	signal: AbortSignal,
	onLine: (done: number, total: number) => void,
): Promise<Barriers[]> {
	const ways: readonly Way[] =
		result.network.state.statistics.length === 0 ? [null] : ["interpolated", "measured anew"];
	const executor = new PoolExecutor({ threads: Math.min(options.threads, machineThreads) });
	executor.start();
	let done = 0;
	try {
		const found: Barriers[] = [];
		for (const way of ways) {
			const lines: (Connection | null)[] = [];
			for (const to of [result.original, result.state]) {
				lines.push(await lineTo(to, way, { result, options, executor, signal }));
				onLine(++done, 2 * ways.length);
			}
			const error = rise(lines, "error");
			found.push({
				statistics: way,
				loss: rise(lines, "loss"),
				error: error.before === null && error.after === null ? null : error,
			});
		}
		return found;
	} finally {
		await executor.close();
	}
}

interface Line {
	readonly result: AlignResult;
	readonly options: LineOptions;
	readonly executor: PoolExecutor;
	readonly signal: AbortSignal;
}

async function lineTo(
	to: AlignResult["state"],
	way: Way,
	{ result, options, executor, signal }: Line,
): Promise<Connection | null> {
	// The network is there, with the output that is judged and the tensors that move.
	const { model: _model, output: _output, dim: _dim, move: _move, checkpointKey: _key, ...given } = options;
	const { restarts: _restarts, seed: _seed, threads: _threads, steps, calibration, ...judged } = given;
	const { graph, state } = result.network;
	const anew = way === "measured anew";
	const { connection } = await sweep({
		...judged,
		...(anew && { batchNorm: "reestimate", ...(calibration !== undefined && { calibration }) }),
		network: { graph, state },
		directions: "interpolate",
		to,
		x: { min: 0, max: 1, steps },
		executor,
		signal,
	});
	return connection;
}

function rise([before, after]: readonly (Connection | null)[], of: "loss" | "error"): Rise {
	return { before: before?.[of] ?? null, after: after?.[of] ?? null };
}
