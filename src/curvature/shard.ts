import { DerivativeEvaluator } from "../compute/derivatives.js";
import { loadLoss } from "../objective/module.js";
import type { CurvatureMemory } from "./memory.js";

/**
 * The summed loss; its gradient, or the product of its Hessian with the vector, into the part's slot; or what the samples' slopes along
 * the vector come to.
 */
export const shardKinds = ["value", "gradient", "product", "slopes"] as const;

/** What is wanted of a part of the samples. */
export interface ShardTask {
	readonly what: (typeof shardKinds)[number];
	readonly shard: number;
	/** How often the parameters have changed: a thread that has others takes them anew. */
	readonly version: number;
}

/** Sums over the samples of a part. */
export interface ShardResult {
	/** The losses, or the slopes. */
	readonly sum: number;
	/** What the losses count, or the squares of the slopes. */
	readonly second: number;
}

/** Derivatives of parts of the samples, in this thread. */
export class ShardDeriver {
	readonly #memory: CurvatureMemory;
	readonly #evaluator: DerivativeEvaluator;
	#version = -1;

	private constructor(memory: CurvatureMemory, evaluator: DerivativeEvaluator) {
		this.#memory = memory;
		this.#evaluator = evaluator;
	}

	/** @throws {GraphError} listing the nodes that have no derivative, and where the loss has none */
	static async create(memory: CurvatureMemory): Promise<ShardDeriver> {
		const { graph, state, data, loss, lossSettings, still, precision, kernels } = memory;
		const evaluator = await DerivativeEvaluator.create({
			graph,
			statistics: state.statistics,
			data,
			loss: await loadLoss(loss, lossSettings),
			still: new Set(still),
			precision,
			kernels,
		});
		return new ShardDeriver(memory, evaluator);
	}

	run({ what, shard, version }: ShardTask): ShardResult {
		const { state, vector, cuts, slots } = this.#memory;
		const [from = 0, to = 0] = cuts.slice(shard, shard + 2);
		const slot = slots[shard];
		if (slot === undefined) throw new RangeError(`there is no part ${shard}`);
		if (version !== this.#version) this.#evaluator.bind(state.parameters);
		this.#version = version;
		if (what === "value") {
			const { loss, weight } = this.#evaluator.value(from, to);
			return { sum: loss, second: weight };
		}
		if (what === "slopes") {
			const slopes = this.#evaluator.slopes(vector, from, to);
			return { sum: slopes.reduce((a, b) => a + b, 0), second: slopes.reduce((a, b) => a + b * b, 0) };
		}
		if (what === "gradient") this.#evaluator.gradient(from, to, slot);
		else this.#evaluator.product(vector, from, to, slot);
		return { sum: 0, second: 0 };
	}

	release(): void {
		this.#evaluator.release();
	}
}
