import { symmetricEigenpairs } from "../exact/symmetric.js";
import { stretches, type VectorRows } from "./rows.js";
import { addTimes, type Vector } from "./vector.js";

export interface PrincipalOptions {
	/** θ, from which the vectors are told: the origin of the plane. */
	readonly origin: Vector;
	/** Whether the mean is taken out first, as scikit-learn and the reference code do; else the plane goes through the origin. */
	readonly centred: boolean;
	/** Sets to 0 what does not count, in a stretch of a difference that begins at a number. */
	readonly hold?: ((difference: Float64Array, first: number) => void) | undefined;
}

/** The plane along which vectors lie widest apart. */
export interface Principal {
	/** Two of length 1, at right angles, in float32; of each, the entry of largest magnitude is above 0. */
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
 * all one.
 *
 * @see Jolliffe, Principal Component Analysis (2002), section 3.5; Li et al. (arXiv 1712.09913), section 7
 */
export async function principal(rows: VectorRows, options: PrincipalOptions): Promise<Principal | undefined> {
	const gram = await gramMatrix(rows, options);
	const matrix = options.centred ? centredMatrix(gram) : gram;
	const { values, vectors } = symmetricEigenpairs(matrix);
	const order = Array.from(values.keys()).reverse();
	const eigenvalues = order.map((i) => Math.max(0, values[i] ?? 0));
	const [first = 0, second = 0] = eigenvalues;
	if (!(second >= LINE * first) || second === 0) return undefined;
	const total = eigenvalues.reduce((sum, value) => sum + value, 0);
	const weights = order.slice(0, 2).map((i) => vectors[i] ?? new Float64Array());
	const [x, y] = await combined(rows, options, weights);
	if (x === undefined || y === undefined) return undefined;
	return {
		directions: [signed(x), signed(y)],
		singularValues: eigenvalues.map(Math.sqrt),
		explained: eigenvalues.map((value) => value / total),
	};
}

/** A stretch of the differences, in float64. */
function differences(parts: readonly Float32Array[], first: number, { origin, hold }: PrincipalOptions) {
	return parts.map((part) => {
		const difference = Float64Array.from(part, (value, i) => value - (origin[first + i] ?? 0));
		hold?.(difference, first);
		return difference;
	});
}

/** G = D Dᵀ for the differences as rows of D. */
async function gramMatrix(rows: VectorRows, options: PrincipalOptions): Promise<Float64Array[]> {
	const gram = Array.from({ length: rows.count }, () => new Float64Array(rows.count));
	for await (const { first, parts } of stretches(rows)) {
		const all = differences(parts, first, options);
		for (const [i, one] of all.entries())
			for (let j = 0; j <= i; j++) {
				const row = gram[i];
				if (row !== undefined) row[j] = (row[j] ?? 0) + product(one, all[j] ?? one);
			}
	}
	for (const [i, row] of gram.entries()) for (let j = i + 1; j < gram.length; j++) row[j] = gram[j]?.[i] ?? 0;
	return gram;
}

/** As `dot`, four sums side by side, which do not wait for each other: this is what many vectors take their time for. */
function product(a: Float64Array, b: Float64Array): number {
	let [s0, s1, s2, s3] = [0, 0, 0, 0];
	const whole = a.length - (a.length % 4);
	for (let i = 0; i < whole; i += 4) {
		s0 += (a[i] ?? 0) * (b[i] ?? 0);
		s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
		s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
		s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
	}
	for (let i = whole; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
	return s0 + s1 + (s2 + s3);
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
 * itself.
 */
async function combined(
	rows: VectorRows,
	options: PrincipalOptions,
	weights: readonly Float64Array[],
): Promise<Float32Array[]> {
	const sums = weights.map(() => new Float64Array(rows.length));
	for await (const { first, parts } of stretches(rows)) {
		const all = differences(parts, first, options);
		for (const [k, sum] of sums.entries())
			for (const [i, difference] of all.entries())
				addTimes(sum.subarray(first, first + difference.length), weights[k]?.[i] ?? 0, difference);
	}
	return sums.map((sum) => {
		const length = Math.sqrt(product(sum, sum));
		return Float32Array.from(sum, (value) => value / length);
	});
}

/** Eigenvectors have no sign of their own; this one keeps pictures from turning over. */
function signed(vector: Float32Array): Float32Array {
	let largest = 0;
	for (let i = 1; i < vector.length; i++) if (Math.abs(vector[i] ?? 0) > Math.abs(vector[largest] ?? 0)) largest = i;
	return (vector[largest] ?? 0) < 0 ? vector.map((value) => -value) : vector;
}
