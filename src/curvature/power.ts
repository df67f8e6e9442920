import { Normals } from "../kernels/normals.js";
import { dot, norm } from "../section/products.js";
import { clean, scaled } from "./basis.js";
import type { Eigenvalue, Extremes, ExtremesOptions, Operator } from "./lanczos.js";
import { type Notebook, noted } from "./notebook.js";

/** Of the tolerance: a residual whose own part is less is all but that of the vectors found before. */
const OTHERS = 0.1;

/**
 * The eigenvalues of the largest size, of either sign, by power iteration: each from a random vector, of which what lies along those
 * found before is taken out at every step. It ends on the residual ‖Hv − λv‖ ≤ tolerance |λ|, not where the value stands still: a value
 * that creeps looks settled long before it is. What of the residual lies along vectors found before is their error, which no step makes
 * smaller: where hardly anything else is left it ends too, not settled. For comparison with programs that do it so; Lanczos needs fewer
 * products.
 *
 * @param options `steps` is for each eigenvalue; `tolerance` in units of its own size; of `bottom` there are none
 * @see Yao et al., PyHessian (arXiv 1912.07145), section 3.1, which ends on the value
 */
export async function powerIteration(
	operator: Operator,
	length: number,
	{ top, steps, seed, tolerance, dimensions, hold, onStep }: ExtremesOptions,
	notebook: Notebook,
): Promise<Extremes> {
	const normals = new Normals(seed, "lanczos");
	const vectors: Float32Array[] = [];
	const values: Eigenvalue[] = [];
	let products = 0;
	while (values.length < Math.min(top, dimensions)) {
		const start = new Float64Array(length);
		normals.fill(start);
		hold(start);
		clean(start, vectors);
		clean(start, vectors);
		let vector = scaled(start, 1 / norm(start));
		let pair: Eigenvalue = { value: 0, residual: Number.POSITIVE_INFINITY, settled: false };
		for (let step = 0; step < steps; step++) {
			const key = `power ${values.length} ${step}`;
			const entry = await noted(notebook, key, () => iterate(operator, vector, vectors));
			const [value = 0, residual = 0, outside = 0] = entry.numbers;
			pair = { value, residual, settled: residual <= tolerance * Math.abs(value) };
			products += 1;
			onStep?.(products, [...values, pair], []);
			// The vector that is kept is the one whose residual is known.
			if (pair.settled || outside <= OTHERS * tolerance * Math.abs(value)) break;
			if (step + 1 < steps) vector = entry.vector ?? vector;
		}
		vectors.push(vector);
		values.push(pair);
	}
	return {
		top: values,
		bottom: [],
		products,
		largest: Math.max(0, ...values.map(({ value }) => Math.abs(value))),
		vectors: () => vectors,
	};
}

/** Of a unit vector v: v · Hv, ‖Hv − (v · Hv) v‖, that without what lies along the vectors found, and the unit vector that follows. */
async function iterate(operator: Operator, vector: Float32Array, found: readonly Float32Array[]) {
	const image = Float64Array.from(await operator(vector));
	const value = dot(vector, image);
	const residual = distance(image, value, vector);
	clean(image, found);
	const outside = distance(image, value, vector);
	const size = norm(image);
	// An image of nothing is that of an eigenvalue 0, whose vector stays.
	return { numbers: [value, residual, outside], vector: size > 0 ? scaled(image, 1 / size) : vector };
}

/** ‖a − factor · b‖ */
function distance(a: Float64Array, factor: number, b: Float32Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - factor * (b[i] ?? 0)) ** 2;
	return Math.sqrt(sum);
}
