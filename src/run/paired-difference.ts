import { checkCall, isA, isPerhaps, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import { isMean } from "../probe/index.js";
import { finiteFactor, meanOfParts, standardErrorOf } from "../probe/standard-error.js";
import { resolveAgain } from "../resolve/again.js";
import type { Coordinates } from "../surface/grid.js";
import { checkSurface, fieldNamed, mainField, type Surface } from "../surface/surface.js";
import { type Executor, isExecutor } from "../sweep/executor.js";
import { partsOfSamples } from "../sweep/of-samples.js";
import { planDigest } from "../sweep/plan.js";
import { PoolExecutor } from "../sweep/pool.js";
import type { Problem } from "../sweep/problem.js";

/** Of which field a difference is, and what evaluates its two places. */
export interface PairedDifferenceOptions {
	/** A mean over samples; the loss where nothing is said. */
	readonly field?: string;
	/** In place of a thread of its own. */
	readonly executor?: Executor<Problem>;
	/** How errors call the run. */
	readonly name?: string;
	readonly signal?: AbortSignal;
}

/** By how much a mean differs between two places, and how sure that is. */
export interface PairedDifference {
	/** The mean at the second place less that at the first. */
	readonly difference: number;
	/** Of the difference, over the samples taken in pairs; null of a single sample. */
	readonly standardError: number | null;
	/** What the errors of both means would give, were they independent. */
	readonly separateError: number | null;
}

const checks = {
	field: isPerhaps(isText),
	executor: isPerhaps(isExecutor),
	name: isPerhaps(isText),
	signal: isPerhaps(isA("an AbortSignal", (value) => value instanceof AbortSignal)),
};

/**
 * The difference of a run's values between two places of its line or plane, of the grid or not. All places share their samples, and what
 * is hard at one is hard at the other: the error is that of the samples' own differences. It takes the network and data of the run
 * again, from where they lay, and evaluates both places.
 *
 * A run file holds no sums of pairs: rows are computed coarse to fine, by threads and machines that do not have the row before, so that
 * each would be computed twice; and whoever asks whether a saddle lies above a minimum asks of points that are no neighbours.
 *
 * @throws {OptionError} for a field that is no mean over samples, statistics of the batch, and a run of what was in memory
 * @throws {RunMismatchError} where files have changed since
 */
export async function pairedDifference(
	surface: Surface,
	from: Coordinates,
	to: Coordinates,
	options: PairedDifferenceOptions = {},
): Promise<PairedDifference> {
	checkSurface("surface", surface);
	checkCall(options, checks);
	const { field = mainField(surface).name, executor, name, signal } = options;
	if (!isMean(fieldNamed(surface, field).name))
		throw new OptionError("field", `expected a mean over samples, got ${field}`);
	const { problem, plan } = await resolveAgain(surface, name);
	if (problem.batchNorm === "batch")
		throw new OptionError("batchNorm", "expected running, fixed or reestimate, by the batch no sample is judged alone");
	const own = executor ?? new PoolExecutor({ threads: 1 });
	try {
		const wanted = { digest: planDigest(plan), fields: [field], places: [from, to] };
		const [[first] = [], [second] = []] = await partsOfSamples(own, problem, wanted, signal);
		if (first === undefined || second === undefined) throw new RangeError("two places without values");
		const factor = finiteFactor(problem.data.samples, problem.population);
		const scaled = (error: number | null) => (error === null ? null : factor * error);
		const [one, other] = [standardErrorOf([first], [1]), standardErrorOf([second], [1])];
		return {
			difference: meanOfParts(second) - meanOfParts(first),
			standardError: scaled(standardErrorOf([second, first], [1, -1])),
			separateError: one === null || other === null ? null : scaled(Math.sqrt(one * one + other * other)),
		};
	} finally {
		if (executor === undefined) await own.close();
	}
}
