import { type Barrier, highestRise } from "../measure/barrier.js";
import { standardErrorOf } from "../probe/standard-error.js";
import type { Surface } from "../surface/surface.js";
import type { Executor } from "../sweep/executor.js";
import { partsOfSamples } from "../sweep/of-samples.js";
import { planDigest } from "../sweep/plan.js";
import type { Problem } from "../sweep/problem.js";

/** A barrier, and how sure it is. */
export interface BarrierEstimate extends Barrier {
	/**
	 * The standard error of its height at the place found, over the samples at the place and at both ends, taken in pairs; null
	 * where samples are not judged one by one, and where there is no finite height.
	 */
	readonly standardError: number | null;
}

/** How two networks are connected along a line or curve. */
export interface Connection {
	readonly loss: BarrierEstimate;
	/** Of the error, 1 − accuracy; null where that is not measured. */
	readonly error: BarrierEstimate | null;
	/** Whether the error's barrier is below 2 %: unsettled where that lies within two standard errors; null without one. */
	readonly verdict: "connected" | "not connected" | "unsettled" | null;
}

/**
 * The error's barrier below which two networks count as linearly connected.
 *
 * @see Frankle, Dziugaite, Roy and Carbin, ICML 2020 (arXiv 1912.05671), section 2
 */
export const ERROR_BOUND = 0.02;

/** Metrics whose complement is an error. */
const accuracies = ["accuracy", "binary-accuracy", "binary-accuracy-from-logits"];

/**
 * The barriers of loss and error of a finished line between two networks with their standard errors; null where `barrier` is.
 *
 * @throws {WorkerError | InterruptedError} as the executor does
 */
export async function connectionOf(
	executor: Executor<Problem>,
	problem: Problem,
	surface: Surface,
	signal?: AbortSignal,
): Promise<Connection | null> {
	const accuracy = surface.fields.find(({ name }) => accuracies.includes(name))?.name;
	const rises = ["loss", accuracy].map((name) => {
		const isMeasured = surface.fields.some((field) => field.name === name);
		return name === undefined || !isMeasured ? null : { field: name, rise: highestRise(surface, name) };
	});
	const [loss = null, error = null] = await estimates(executor, problem, surface, rises, signal);
	return loss === null ? null : { loss, error, verdict: error === null ? null : verdictOf(error) };
}

/** A field, and where it rises the most, where it does. */
type FieldRise = { readonly field: string; readonly rise: Barrier | null } | null;

/** Barriers with their standard errors: of all fields by one evaluation at each place that any of them needs. */
async function estimates(
	executor: Executor<Problem>,
	problem: Problem,
	surface: Surface,
	rises: readonly FieldRise[],
	signal: AbortSignal | undefined,
): Promise<(BarrierEstimate | null)[]> {
	// With statistics of the batch no sample is judged by itself.
	const sampled = problem.batchNorm === "batch" ? [] : rises.flatMap((each) => (hasHeight(each) ? [each] : []));
	const alphas = [...new Set([0, 1, ...sampled.map(({ rise }) => rise.alpha)])];
	const fields = sampled.map(({ field }) => field);
	const wanted = { digest: planDigest(surface.provenance.plan), fields, places: alphas.map((alpha) => [alpha]) };
	const parts = sampled.length === 0 ? [] : await partsOfSamples(executor, problem, wanted, signal);
	const errorOf = ({ field, rise: { alpha } }: FiniteRise) => {
		const means = [alpha, 0, 1].flatMap((at) => parts[alphas.indexOf(at)]?.[fields.indexOf(field)] ?? []);
		return standardErrorOf(means, [1, alpha - 1, -alpha]);
	};
	return rises.map((each) => {
		if (!each?.rise) return null;
		const standardError = hasHeight(each) && fields.includes(each.field) ? errorOf(each) : null;
		return { ...(each.rise.height <= 0 ? { height: 0, alpha: 0 } : each.rise), standardError };
	});
}

type FiniteRise = NonNullable<FieldRise> & { readonly rise: Barrier };

function hasHeight(each: FieldRise): each is FiniteRise {
	return Number.isFinite(each?.rise?.height);
}

function verdictOf({ height, standardError }: BarrierEstimate): Connection["verdict"] {
	if (Number.isNaN(height)) return null;
	const band = 2 * (standardError ?? 0);
	if (Math.abs(height - ERROR_BOUND) < band) return "unsettled";
	return height < ERROR_BOUND ? "connected" : "not connected";
}
