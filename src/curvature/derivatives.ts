import { WorkerPool } from "../compute/worker-pool.js";
import { InterruptedError } from "../errors.js";
import { parameterLayout } from "../network/parameters.js";
import { holdStill } from "../section/still.js";
import { type CurvatureMemory, type CurvatureProblem, makeMemory } from "./memory.js";
import { ShardDeriver, type ShardResult, type ShardTask } from "./shard.js";

const derivingWorker = new URL("../../workers/derive.js", import.meta.url);

/** What carries out the parts of a sum: this thread, others, other machines. */
export interface ShardRunner {
	/** One task for each part; their slots are filled when it resolves. */
	run(tasks: readonly ShardTask[]): Promise<readonly ShardResult[]>;
	close(): Promise<void>;
}

/** Who computes: so many threads, or what is made for a problem in memory. */
export type Carriers = number | ((memory: CurvatureMemory) => ShardRunner);

/**
 * Loss, gradient and Hessian-vector products of a network over all its samples. Each is a sum over parts of the samples, added in
 * order in float64, so that no bit depends on the number of threads.
 */
export class Derivatives {
	readonly #memory: CurvatureMemory;
	readonly #runner: ShardRunner;
	readonly #signal: AbortSignal | undefined;
	readonly #origin: Float32Array;
	/** How often the parameters have been others. */
	#version = 0;
	#atOrigin = true;
	#weight: number | undefined;

	private constructor(
		memory: CurvatureMemory,
		runner: ShardRunner,
		origin: Float32Array,
		signal: AbortSignal | undefined,
	) {
		this.#memory = memory;
		this.#runner = runner;
		this.#origin = origin;
		this.#signal = signal;
	}

	/**
	 * @param carriers more threads than there are parts are of no use
	 * @param signal   ends what is under way
	 */
	static async start(problem: CurvatureProblem, carriers: Carriers, signal?: AbortSignal): Promise<Derivatives> {
		const memory = await makeMemory(problem, carriers !== 1);
		return new Derivatives(memory, await runnerOf(memory, carriers), problem.state.parameters, signal);
	}

	/** The point itself, θ0. */
	get origin(): Float32Array {
		return this.#origin;
	}

	/** The mean loss at θ0, or elsewhere. */
	async value(at: Float32Array = this.#origin): Promise<number> {
		this.#move(at);
		const parts = await this.#run("value");
		const weight = total(parts.map(({ second }) => second));
		if (at === this.#origin) this.#weight = weight;
		return total(parts.map(({ sum }) => sum)) / weight;
	}

	/** The gradient of the mean loss at θ0, or elsewhere. */
	async gradient(at: Float32Array = this.#origin): Promise<Float32Array> {
		const weight = await this.#weightOf();
		this.#move(at);
		await this.#run("gradient");
		return this.#collected(weight);
	}

	/** The product of the Hessian of the mean loss at θ0 with a vector. */
	async product(vector: Float32Array): Promise<Float32Array> {
		const weight = await this.#weightOf();
		this.#move(this.#origin);
		this.#memory.vector.set(vector);
		await this.#run("product");
		return this.#collected(weight);
	}

	/** Of the derivatives of the samples' losses along a vector, at θ0: their mean, and the mean of their squares. */
	async slopes(vector: Float32Array): Promise<{ readonly mean: number; readonly meanSquare: number }> {
		const weight = await this.#weightOf();
		this.#move(this.#origin);
		this.#memory.vector.set(vector);
		const parts = await this.#run("slopes");
		return {
			mean: total(parts.map(({ sum }) => sum)) / weight,
			meanSquare: total(parts.map(({ second }) => second)) / weight,
		};
	}

	/** Sets those parts of a vector to 0 that belong to tensors which don't move. */
	hold<V extends Float32Array | Float64Array>(vector: V): V {
		const { graph, still } = this.#memory;
		return holdStill(vector, parameterLayout(graph), new Set(still));
	}

	/** How many parameters move. */
	get moving(): number {
		return movingParameters(this.#memory);
	}

	close(): Promise<void> {
		return this.#runner.close();
	}

	async #weightOf(): Promise<number> {
		if (this.#weight === undefined) await this.value();
		return this.#weight ?? 0;
	}

	#move(to: Float32Array): void {
		const isOrigin = to === this.#origin;
		if (isOrigin && this.#atOrigin) return;
		this.#memory.state.parameters.set(to);
		this.#atOrigin = isOrigin;
		this.#version += 1;
	}

	async #run(what: ShardTask["what"]): Promise<readonly ShardResult[]> {
		const { slots } = this.#memory;
		const version = this.#version;
		const interrupted = () => {
			if (this.#signal?.aborted === true) throw new InterruptedError(undefined, { cause: this.#signal.reason });
		};
		interrupted();
		const results = await this.#runner.run(slots.map((_, shard) => ({ what, shard, version })));
		interrupted();
		return results;
	}

	#collected(weight: number): Float32Array {
		const { slots, vector } = this.#memory;
		const sum = new Float32Array(vector.length);
		for (let i = 0; i < sum.length; i++) {
			let value = 0;
			for (const slot of slots) value += slot[i] ?? 0;
			sum[i] = value / weight;
		}
		return sum;
	}
}

/** What has derivatives: a network, or whatever else. */
export type Differentiable = Pick<
	Derivatives,
	"origin" | "moving" | "value" | "gradient" | "product" | "slopes" | "hold"
>;

/** How many parameters of a network move. */
export function movingParameters({ graph, still }: Pick<CurvatureProblem, "graph" | "still">): number {
	return parameterLayout(graph, new Set(still)).length;
}

function total(numbers: readonly number[]): number {
	return numbers.reduce((a, b) => a + b, 0);
}

function runnerOf(memory: CurvatureMemory, carriers: Carriers): ShardRunner | Promise<ShardRunner> {
	if (typeof carriers === "function") return carriers(memory);
	return carriers === 1 ? here(memory) : inWorkers(memory, Math.min(carriers, memory.slots.length));
}

async function here(memory: CurvatureMemory): Promise<ShardRunner> {
	const deriver = await ShardDeriver.create(memory);
	return { run: async (tasks) => tasks.map((task) => deriver.run(task)), close: async () => deriver.release() };
}

/** A part that is tried again gives the same values: it reads what no part writes, and writes its own slot alone. */
function inWorkers(memory: CurvatureMemory, threads: number): ShardRunner {
	const pool = new WorkerPool<ShardTask, ShardResult>({ threads, entry: derivingWorker, workerData: memory });
	const name = ({ what, shard }: ShardTask) => `part ${shard + 1} of a ${what}`;
	return {
		run: (tasks) => Promise.all(tasks.map((task) => pool.run(() => task, name(task)))),
		close: () => pool.close(),
	};
}
