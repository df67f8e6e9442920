import { type Evaluation, Evaluator } from "../compute/evaluator.js";
import type { CompiledModule } from "../kernels/engine.js";
import type { Vector } from "../section/vector.js";
import type { Plane } from "./memory.js";

/** Evaluates points of one plane in this thread. */
export class PointEvaluator {
	readonly #plane: Plane;
	readonly #evaluator: Evaluator;
	/** θ at the current point: the one copy of the parameters that a thread holds outside TensorFlow.js. */
	readonly #point: Float32Array;

	private constructor(plane: Plane, evaluator: Evaluator) {
		this.#plane = plane;
		this.#evaluator = evaluator;
		this.#point = new Float32Array(plane.state.parameters.length);
	}

	/** Starts the backend of this thread first, where that has not been done. */
	static async create(plane: Plane, kernels?: CompiledModule): Promise<PointEvaluator> {
		const { statistics } = plane.state;
		return new PointEvaluator(plane, await Evaluator.create({ ...plane, running: statistics, kernels }));
	}

	/** Loss and metric at θ0 + α·δ + β·η. */
	evaluate(alpha: number, beta: number): Evaluation {
		const { state, directions } = this.#plane;
		formPoint(this.#point, state.parameters, directions.x, alpha, directions.y, beta);
		return this.#evaluator.evaluate(this.#point);
	}

	/** Frees what it holds of TensorFlow.js's memory. */
	release(): void {
		this.#evaluator.release();
	}
}

/**
 * θ = fround(θ0 + α·δ + β·η): computed in double, in this order, and rounded once.
 *
 * @param out receives θ; as long as the others
 */
export function formPoint(
	out: Float32Array,
	origin: Float32Array,
	x: Vector,
	alpha: number,
	y: Vector | null,
	beta: number,
): void {
	if (y === null) {
		for (let i = 0; i < out.length; i++) out[i] = (origin[i] ?? 0) + alpha * (x[i] ?? 0);
		return;
	}
	// Two at a time: the engine does not unroll, and this is the largest part of a point outside the kernels.
	const even = out.length - (out.length % 2);
	for (let i = 0; i < even; i += 2) {
		const j = i + 1;
		out[i] = (origin[i] ?? 0) + alpha * (x[i] ?? 0) + beta * (y[i] ?? 0);
		out[j] = (origin[j] ?? 0) + alpha * (x[j] ?? 0) + beta * (y[j] ?? 0);
	}
	if (even < out.length) out[even] = (origin[even] ?? 0) + alpha * (x[even] ?? 0) + beta * (y[even] ?? 0);
}
