import { DerivativeEvaluator } from "../compute/derivatives.js";
import { DirectionalEvaluator } from "../compute/directional.js";
import type { NumberSource } from "../compute/program/point-writer.js";
import { type Eigenvalue, extremes } from "../curvature/lanczos.js";
import { noNotebook } from "../curvature/notebook.js";
import type { CompiledModule } from "../kernels/engine.js";
import { parameterLayout } from "../network/parameters.js";
import type { Along, PointDerivatives, Subject } from "../probe/probe.js";
import { norm } from "../section/products.js";
import { holdStill } from "../section/still.js";
import { inMemory } from "../section/vector.js";
import type { Problem } from "./problem.js";

/** Of both ends of the spectrum at a point of a map, in units of the largest eigenvalue: the reference code's. */
const TOLERANCE = 1e-2;

/**
 * Products a point. At 25 points around each of five networks both ends seemed settled after 9 to 13 of them, the lowest up to 3 % of
 * the largest too high; after 20 it was off by 1 % at most. What is not settled by the last one has no value.
 */
const [LEAST_PRODUCTS, MOST_PRODUCTS] = [20, 100];

/** Bytes of vectors that a thread may hold for eigenvalues. */
const BASIS_BYTES = 512 << 20;

/** The network at a point. */
interface Point {
	readonly parameters: NumberSource;
	/** In place of those that stay the same. */
	readonly statistics: Float32Array | undefined;
	/** What the sum of all samples' losses is divided by, known when the outputs are. */
	readonly weight: () => number;
}

/**
 * Derivatives at the points of a section, in this thread. What makes them is started when it is first asked for. Each point is taken
 * by itself, from the same random vector, so that no value depends on which points a thread has had before.
 */
export class SectionDerivatives {
	readonly #problem: Problem;
	readonly #wanted: readonly Along[];
	readonly #directional: () => Promise<DirectionalEvaluator>;
	readonly #whole: () => Promise<DerivativeEvaluator>;
	readonly #started: (() => void)[] = [];

	/** @param wanted the derivatives along the section's directions that probes will ask for */
	constructor(problem: Problem, { loss }: Subject, wanted: readonly Along[], kernels?: CompiledModule) {
		const { graph, data, precision, section, still = [] } = problem;
		const [, ...vectors] = section.vectors;
		const [first = new Float32Array(), ...moved] = section.statistics;
		const given = { graph, data, precision, loss, kernels, statistics: Float32Array.from(first) };
		const started = <E extends { release(): void }>(evaluator: E): E => {
			this.#started.push(() => evaluator.release());
			return evaluator;
		};
		this.#problem = problem;
		this.#wanted = wanted;
		this.#directional = once(async () => {
			const directions = vectors.map((vector, i) => ({ parameters: inMemory(vector), statistics: moved[i] }));
			return started(await DirectionalEvaluator.create({ ...given, directions, derivatives: wanted }));
		});
		this.#whole = once(async () => started(await DerivativeEvaluator.create({ ...given, still: new Set(still) })));
	}

	at(point: Point): PointDerivatives {
		const sums = once(async () => (await this.#directional()).sums(point.parameters, point.statistics));
		const whole = once(async () => new HessianAt(await this.#whole(), this.#problem, point));
		const eigenvalues = once(async () => (await whole()).eigenvalues());
		return {
			along: async (along) => {
				const found = this.#wanted.findIndex((each) => String(each) === String(along));
				if (found < 0) throw new RangeError(`the derivative along ${along} has not been announced`);
				return ((await sums())[found] ?? Number.NaN) / point.weight();
			},
			gradientNorm: async () => (await whole()).gradientNorm(),
			eigenvalues,
		};
	}

	/** Frees what it holds of TensorFlow.js's memory. */
	release(): void {
		for (const release of this.#started) release();
	}
}

/** What a function gives, which is computed at the first call. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
	let result: Promise<T> | undefined;
	return () => {
		result ??= compute();
		return result;
	};
}

/** Gradient and Hessian of the mean loss at one point. */
class HessianAt {
	readonly #evaluator: DerivativeEvaluator;
	readonly #problem: Problem;
	readonly #weight: number;
	readonly #length: number;

	constructor(evaluator: DerivativeEvaluator, problem: Problem, { parameters, statistics, weight }: Point) {
		this.#evaluator = evaluator;
		this.#problem = problem;
		this.#weight = weight();
		this.#length = parameterLayout(problem.graph).length;
		const point = new Float32Array(this.#length);
		parameters.write(point, 0);
		evaluator.bind(point, statistics);
	}

	gradientNorm(): number {
		const gradient = new Float32Array(this.#length);
		this.#evaluator.gradient(0, this.#problem.data.samples, gradient);
		return norm(gradient) / this.#weight;
	}

	async eigenvalues(): Promise<{ readonly lowest: number; readonly highest: number }> {
		const { graph, data } = this.#problem;
		const still = new Set(this.#problem.still);
		const layout = parameterLayout(graph);
		const product = async (vector: Float32Array) => {
			const image = new Float32Array(this.#length);
			this.#evaluator.product(vector, 0, data.samples, image);
			return image;
		};
		const settings = {
			top: 1,
			bottom: 1,
			tolerance: TOLERANCE,
			seed: 0,
			steps: MOST_PRODUCTS,
			least: LEAST_PRODUCTS,
			room: Math.floor(BASIS_BYTES / (4 * this.#length)),
			dimensions: parameterLayout(graph, still).length,
			hold: (vector: Float64Array) => holdStill(vector, layout, still),
		};
		const { top, bottom } = await extremes(product, this.#length, settings, noNotebook);
		const mean = (ends: readonly Eigenvalue[]) =>
			ends[0]?.settled === true ? ends[0].value / this.#weight : Number.NaN;
		return { lowest: mean(bottom), highest: mean(top) };
	}
}
