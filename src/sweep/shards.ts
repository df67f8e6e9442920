import type { ShardRunner } from "../curvature/derivatives.js";
import type { CurvatureMemory, CurvatureProblem } from "../curvature/memory.js";
import { ShardDeriver, type ShardTask } from "../curvature/shard.js";
import { type Dataset, datasetDigest, withArrays } from "../data/dataset.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import type { CompiledModule } from "../kernels/engine.js";
import { compileKernels } from "../kernels/module.js";
import { share, sharedVector } from "../network/shared-memory.js";
import { regularGrid } from "../surface/grid.js";
import type { Executor } from "./executor.js";

/**
 * Sums over parts of the samples, whose places on the grid are their numbers: plain data, which any thread or machine can be sent. The
 * values of a part are the two of `ShardResult`, and after a gradient or a product those of its vector.
 */
export interface ShardProblem extends CurvatureProblem {
	readonly what: ShardTask["what"];
	/** The direction of a product or of slopes; empty for what has none. */
	readonly vector: Float32Array;
	/** Where samples are cut: part i is from its number to the next one's. */
	readonly cuts: readonly number[];
	/** SHA-256 over all of it but parameters and vector: what has been made ready for one problem serves others with the same. */
	readonly base: string;
}

/** As the threads of one machine share it. */
export interface SharedShardProblem extends ShardProblem {
	readonly kernels: CompiledModule | undefined;
}

/** Whether a part leaves a vector of the parameters' length. */
function leavesVector(what: ShardTask["what"]): boolean {
	return what === "gradient" || what === "product";
}

/** How many values a part has. */
export function shardWidth({ what, state }: Pick<ShardProblem, "what" | "state">): number {
	return 2 + (leavesVector(what) ? state.parameters.length : 0);
}

export async function shareShards(problem: ShardProblem): Promise<SharedShardProblem> {
	const { state, data, vector, precision } = problem;
	return {
		...problem,
		state: { parameters: share(state.parameters), statistics: share(state.statistics) },
		data: withArrays(data, share),
		vector: share(vector),
		kernels: precision === "exact" ? undefined : await compileKernels(precision),
	};
}

/** Has the parts of a computation's sums carried out by what carries out sweeps: the threads of a pool, or other machines. */
export function shardsBy(
	executor: Executor<ShardProblem>,
	signal?: AbortSignal,
): (memory: CurvatureMemory) => ShardRunner {
	return (memory) => {
		const { graph, state, data, loss, lossSettings, still, precision, cuts, slots, vector } = memory;
		const settings = { loss, ...(lossSettings && { lossSettings }), still, precision, cuts };
		const base = sha256(canonicalJson({ graph: sha256(canonicalJson(graph)), ...settings }), digestOf(data, state));
		const grid = regularGrid({ min: 0, max: slots.length - 1, steps: slots.length }, null);
		const none = new Float32Array();
		return {
			async run(tasks) {
				const what = tasks[0]?.what ?? "value";
				const along = what === "product" || what === "slopes" ? vector : none;
				const problem: ShardProblem = { graph, state, data, ...settings, what, vector: along, base };
				const digest = sha256(base, what, state.parameters, along);
				const results = tasks.map(() => ({ sum: Number.NaN, second: Number.NaN }));
				const batches = tasks.map(({ shard }) => ({ first: shard, count: 1 }));
				const width = shardWidth(problem);
				for await (const { first, count, values } of executor.run(
					{ digest, grid, extras: [], problem },
					batches,
					signal,
				))
					for (let shard = first; shard < first + count; shard++) {
						const own = values.subarray((shard - first) * width, (shard - first + 1) * width);
						results[shard] = { sum: own[0] ?? Number.NaN, second: own[1] ?? Number.NaN };
						if (leavesVector(what)) slots[shard]?.set(own.subarray(2));
					}
				return results;
			},
			// Whoever has opened the executor closes it.
			close: async () => undefined,
		};
	};
}

function digestOf(data: Dataset, { statistics }: CurvatureProblem["state"]): string {
	return sha256(datasetDigest(data), statistics);
}

/** Carries out parts in this thread, for one problem after another: what has been made ready for one is kept for the next. */
export class ShardEvaluator {
	readonly base: string;
	readonly #memory: CurvatureMemory;
	readonly #deriver: ShardDeriver;
	#what: ShardTask["what"];
	#version = 0;

	private constructor(base: string, memory: CurvatureMemory, deriver: ShardDeriver, what: ShardTask["what"]) {
		this.base = base;
		this.#memory = memory;
		this.#deriver = deriver;
		this.#what = what;
	}

	static async create(problem: SharedShardProblem): Promise<ShardEvaluator> {
		const { state, cuts, base, what } = problem;
		const { length } = state.parameters;
		// One part at a time: all leave what they have in one place.
		const slot = new Float32Array(length);
		const memory = {
			...problem,
			state: { ...state, parameters: sharedVector(length) },
			vector: new Float32Array(length),
			slots: cuts.slice(1).map(() => slot),
		};
		return new ShardEvaluator(base, memory, await ShardDeriver.create(memory), what);
	}

	/** Goes on to a problem with the same base. */
	take({ state, vector, what }: ShardProblem): void {
		this.#memory.state.parameters.set(state.parameters);
		this.#memory.vector.set(vector);
		this.#what = what;
		this.#version++;
	}

	evaluate(shard: number): ArrayLike<number> {
		const what = this.#what;
		const { sum, second } = this.#deriver.run({ what, shard, version: this.#version });
		const values = new Float64Array(2 + (leavesVector(what) ? this.#memory.vector.length : 0));
		values.set([sum, second]);
		if (leavesVector(what)) values.set(this.#memory.slots[shard] ?? [], 2);
		return values;
	}

	release(): void {
		this.#deriver.release();
	}
}
