import { symmetricEigenpairs } from "../exact/symmetric.js";
import { sharedVector } from "../network/shared-memory.js";
import { norm } from "./products.js";
import type { VectorRows } from "./rows.js";
import { DifferencePasses, type SummingOptions } from "./sums.js";
import type { Vector } from "./vector.js";

export interface PrincipalOptions extends SummingOptions {
	/** θ, from which the vectors are told: the origin of the plane. */
	readonly origin: Vector;
	/** Whether the mean is taken out first, as scikit-learn and the reference code do; else the plane goes through the origin. */
	readonly centred: boolean;
}

/** The plane along which vectors lie widest apart. */
export interface Principal {
	/** Two of length 1, at right angles, in float32 and shared memory; of each, the entry of largest magnitude is above 0. */
	readonly directions: readonly [Float32Array, Float32Array];
	/** All of them, falling. */
	readonly singularValues: readonly number[];
	/** Share of each in the sum of squares. */
	readonly explained: readonly number[];
}

/** Below this part of the largest eigenvalue of the Gram matrix the second is rounding: the vectors lie on a line. */
const LINE = 1e-12;

/**
 * The first two principal components of the differences between vectors and an origin, from the Gram matrix of the differences: no
 * matrix of parameters by parameters, two passes over the vectors, sums in float64. Undefined where the vectors lie on a line, or are
 * all one. Sums over vectors go in the order of the rows: who has them in another gets other roundings.
 *
 * @see Jolliffe, Principal Component Analysis (2002), section 3.5; Li et al. (arXiv 1712.09913), section 7
 */
export async function principal(rows: VectorRows, options: PrincipalOptions): Promise<Principal | undefined> {
	const passes = new DifferencePasses(rows, options.origin, options);
	try {
		return await fromPasses(passes, rows, options.centred);
	} finally {
		await passes.close();
	}
}

async function fromPasses(
	passes: DifferencePasses,
	rows: VectorRows,
	isCentred: boolean,
): Promise<Principal | undefined> {
	const gram = squared(await passes.total(() => ({ kind: "gram" })), rows.count);
	const matrix = isCentred ? centredMatrix(gram) : gram;
	const { values, vectors } = symmetricEigenpairs(matrix);
	const order = Array.from(values.keys()).reverse();
	const eigenvalues = order.map((i) => Math.max(0, values[i] ?? 0));
	const [first = 0, second = 0] = eigenvalues;
	if (!(second >= LINE * first) || second === 0) return undefined;
	const total = eigenvalues.reduce((sum, value) => sum + value, 0);
	const weights = order.slice(0, 2).flatMap((i, k) => {
		const length = Math.sqrt(eigenvalues[k] ?? 0);
		return Array.from(vectors[i] ?? [], (weight) => weight / length);
	});
	return {
		directions: await combined(passes, rows.length, Float64Array.from(weights)),
		singularValues: eigenvalues.map(Math.sqrt),
		explained: eigenvalues.map((value) => value / total),
	};
}

/** The rows of a symmetric matrix of which the lower half is known. */
function squared(lower: Float64Array, count: number): Float64Array[] {
	return Array.from({ length: count }, (_, i) =>
		Float64Array.from({ length: count }, (__, j) => lower[Math.max(i, j) * count + Math.min(i, j)] ?? 0),
	);
}

/** (I − 11ᵀ/T) G (I − 11ᵀ/T): what the Gram matrix is once the mean of the vectors is taken out. */
function centredMatrix(gram: readonly Float64Array[]): Float64Array[] {
	const count = gram.length;
	const means = gram.map((row) => row.reduce((sum, value) => sum + value, 0) / count);
	const mean = means.reduce((sum, value) => sum + value, 0) / count;
	return gram.map((row, i) => row.map((value, j) => value - (means[i] ?? 0) - (means[j] ?? 0) + mean));
}

/**
 * Unit vectors along Σᵢ wᵢ dᵢ for some weights w. An eigenvector of the centred matrix sums to 0, so that the mean drops out of it by
 * itself. What is added up has nearly length 1 already, so that it can be rounded before its length is known.
 */
async function combined(
	passes: DifferencePasses,
	length: number,
	weights: Float64Array,
): Promise<[Float32Array, Float32Array]> {
	const [x, y] = [sharedVector(length), sharedVector(length)];
	await passes.total((first, size) => {
		const into = [x, y].map((vector) => vector.subarray(first, first + size));
		return { kind: "combine", weights, into };
	});
	toUnit(x);
	toUnit(y);
	return [x, y];
}

/** To length 1, with the entry of largest magnitude above 0: eigenvectors have no sign of their own, and pictures would turn over. */
function toUnit(vector: Float32Array): void {
	let largest = 0;
	for (let i = 1; i < vector.length; i++) if (Math.abs(vector[i] ?? 0) > Math.abs(vector[largest] ?? 0)) largest = i;
	const length = norm(vector) * ((vector[largest] ?? 0) < 0 ? -1 : 1);
	for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) / length;
}
