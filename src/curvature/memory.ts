import { type Dataset, withArrays } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import { compileKernels } from "../kernels/module.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import type { State } from "../network/parameters.js";
import { share, sharedVector } from "../network/shared-memory.js";
import type { LossSettings } from "../objective/loss.js";
import type { LossReference } from "../objective/module.js";

/** Into how many parts the samples are cut at most. Sums are of parts, in order: no bit depends on how many threads there are. */
const MOST_SHARDS = 8;

/** Bytes that what the parts leave may come to, where there can be more than one of them. */
const SLOT_BYTES = 1 << 30;

/** The network at a point, on data, and the loss whose derivatives are wanted. */
export interface CurvatureProblem {
	readonly graph: Graph;
	readonly state: State;
	readonly data: Dataset;
	readonly loss: LossReference;
	readonly lossSettings?: LossSettings;
	/** Names of tensors that don't move. */
	readonly still: readonly string[];
	readonly precision: Precision;
}

/** What every thread sees; typed arrays over SharedArrayBuffers stay shared when they are sent to a worker. */
export interface CurvatureMemory extends CurvatureProblem {
	/** The direction of a product, changed between tasks only; as `state.parameters` is. */
	readonly vector: Float32Array;
	/** Where samples are cut: part i is from its number to the next one's. */
	readonly cuts: readonly number[];
	/** What each part leaves. */
	readonly slots: readonly Float32Array[];
	/** Compiled once for all workers; undefined in `exact` mode. */
	readonly kernels: CompiledModule | undefined;
}

/** Into how many parts the samples are cut. */
export function shardsOf(parameters: number, samples: number): number {
	const room = Math.max(1, Math.floor(SLOT_BYTES / (4 * parameters)));
	return Math.min(MOST_SHARDS, room, samples);
}

/** @param shared whether other threads will see it */
export async function makeMemory(problem: CurvatureProblem, shared: boolean): Promise<CurvatureMemory> {
	const { state, data, precision } = problem;
	const length = state.parameters.length;
	const parameters = sharedVector(length);
	parameters.set(state.parameters);
	const shards = shardsOf(length, data.samples);
	return {
		...problem,
		state: { parameters, statistics: share(state.statistics) },
		data: shared ? withArrays(data, share) : data,
		vector: sharedVector(length),
		cuts: Array.from({ length: shards + 1 }, (_, i) => Math.floor((data.samples * i) / shards)),
		slots: Array.from({ length: shards }, () => sharedVector(length)),
		kernels: shared && precision !== "exact" ? await compileKernels(precision) : undefined,
	};
}
