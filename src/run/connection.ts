import { type Barrier, highestRise } from "../measure/barrier.js";
import { standardErrorOf } from "../measure/paired.js";
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
	const estimate = (field: string) => estimateOf(executor, problem, surface, field, signal);
	const loss = surface.fields.some(({ name }) => name === "loss") ? await estimate("loss") : null;
	if (loss === null) return null;
	const accuracy = surface.fields.find(({ name }) => accuracies.includes(name));
	const error = accuracy === undefined ? null : await estimate(accuracy.name);
	return { loss, error, verdict: error === null ? null : verdictOf(error) };
}

async function estimateOf(
	executor: Executor<Problem>,
	problem: Problem,
	surface: Surface,
	field: string,
	signal: AbortSignal | undefined,
): Promise<BarrierEstimate | null> {
	const found = highestRise(surface, field);
	if (found === null) return null;
	const { height, alpha } = found;
	const none = height === Number.NEGATIVE_INFINITY;
	// With statistics of the batch no sample is judged by itself.
	if (!Number.isFinite(height) || problem.batchNorm === "batch")
		return { height: none ? 0 : height, alpha: none ? 0 : alpha, standardError: null };
	const places = [[alpha], [0], [1]];
	const digest = planDigest(surface.provenance.plan);
	const means = await partsOfSamples(executor, problem, { digest, field, places }, signal);
	const standardError = standardErrorOf(means, [1, alpha - 1, -alpha]);
	return height > 0 ? { height, alpha, standardError } : { height: 0, alpha: 0, standardError };
}

function verdictOf({ height, standardError }: BarrierEstimate): Connection["verdict"] {
	if (Number.isNaN(height)) return null;
	const band = 2 * (standardError ?? 0);
	if (Math.abs(height - ERROR_BOUND) < band) return "unsettled";
	return height < ERROR_BOUND ? "connected" : "not connected";
}
