import test from "ava";
import fc from "fast-check";
import { density } from "../src/curvature/density.js";
import { extremes } from "../src/curvature/lanczos.js";
import { noNotebook } from "../src/curvature/notebook.js";
import { trace } from "../src/curvature/trace.js";
import { eigenpairs } from "../src/exact/tridiagonal.js";
import type { Layout } from "../src/network/parameters.js";

const numbers = (length: number) =>
	fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });

test("eigenpairs of a tridiagonal matrix satisfy their equation, are orthonormal and ascend", (t) => {
	const matrices = fc.integer({ min: 1, max: 24 }).chain((size) => fc.tuple(numbers(size), numbers(size - 1)));
	fc.assert(
		fc.property(matrices, ([diagonal, off]) => {
			const { values, vectors } = eigenpairs(diagonal, off);
			for (const [i, value] of values.entries()) {
				const v = vectors[i] ?? new Float64Array();
				if (i > 0 && value < (values[i - 1] ?? 0)) return false;
				for (const [k, alpha] of diagonal.entries()) {
					const image = alpha * (v[k] ?? 0) + (off[k - 1] ?? 0) * (v[k - 1] ?? 0) + (off[k] ?? 0) * (v[k + 1] ?? 0);
					if (Math.abs(image - value * (v[k] ?? 0)) > 1e-11) return false;
				}
				for (const [j, other] of vectors.entries()) {
					const product = other.reduce((sum, x, k) => sum + x * (v[k] ?? 0), 0);
					if (Math.abs(product - Number(i === j)) > 1e-11) return false;
				}
			}
			return true;
		}),
	);
	t.pass();
});

/** A symmetric operator with eigenvalues of one's choice: reflections around a diagonal. */
function operatorOf(values: readonly number[]): (vector: Float32Array) => Promise<Float32Array> {
	const length = values.length;
	const mirror = Float64Array.from({ length }, (_, i) => Math.sin(i + 1));
	const square = mirror.reduce((sum, x) => sum + x * x, 0);
	const reflected = (v: Float64Array) => {
		const along = (2 * v.reduce((sum, x, i) => sum + x * (mirror[i] ?? 0), 0)) / square;
		return v.map((x, i) => x - along * (mirror[i] ?? 0));
	};
	return async (vector) => {
		const inner = reflected(Float64Array.from(vector)).map((x, i) => x * (values[i] ?? 0));
		return Float32Array.from(reflected(inner));
	};
}

const hold = <V extends Float32Array | Float64Array>(vector: V): V => vector;
const spectrum = Array.from({ length: 300 }, (_, i) =>
	i < 3 ? 10 - 2 * i : i > 296 ? -3 + (299 - i) : Math.cos(i) / 10,
);

test("Lanczos finds both ends of a known spectrum, with residuals that hold, and unit eigenvectors", async (t) => {
	const operator = operatorOf(spectrum);
	const options = { top: 3, bottom: 2, tolerance: 1e-4, steps: 60, seed: 1, dimensions: 300, hold };
	const { top, bottom, vectors, products } = await extremes(operator, 300, options, noNotebook);
	t.true(products <= 60);
	for (const [i, wanted] of [10, 8, 6].entries()) t.true(Math.abs((top[i]?.value ?? 0) - wanted) < 1e-5);
	for (const [i, wanted] of [-3, -2].entries()) t.true(Math.abs((bottom[i]?.value ?? 0) - wanted) < 1e-5);
	t.true([...top, ...bottom].every(({ settled }) => settled));
	for (const [i, vector] of vectors().entries()) {
		const image = await operator(vector);
		const value = [...top, ...bottom][i]?.value ?? 0;
		const off = Math.sqrt(image.reduce((sum, x, k) => sum + (x - value * (vector[k] ?? 0)) ** 2, 0));
		t.true(off < 2e-3, `${off}`);
	}
});

test("an operator of low rank ends early, with fresh vectors where nothing is left over", async (t) => {
	const operator = operatorOf(Array.from({ length: 40 }, (_, i) => (i === 7 ? 5 : 0)));
	const options = { top: 2, bottom: 1, tolerance: 1e-6, steps: 30, seed: 1, dimensions: 40, hold };
	const { top, bottom } = await extremes(operator, 40, options, noNotebook);
	t.true(Math.abs((top[0]?.value ?? 0) - 5) < 1e-5);
	t.true(Math.abs(top[1]?.value ?? 1) < 1e-5);
	t.true(Math.abs(bottom[0]?.value ?? 1) < 1e-5);
});

test("a trace lies within its error, and its tensors' parts add up to it", async (t) => {
	const native = { shape: [150], view: [150], permutation: [0] };
	const slot = (name: string, offset: number) => ({
		...{ name, shape: [150], kind: "kernel" as const, filterAxes: [], fanIn: 1, native, offset, size: 150 },
	});
	const layout: Layout = { slots: [slot("a", 0), slot("b", 150)], length: 300 };
	const wanted = spectrum.reduce((a, b) => a + b, 0);
	const options = { layout, seed: 3, most: 100, least: 60, tolerance: 0, known: [], hold };
	const found = await trace(operatorOf(spectrum), options, noNotebook);
	t.true(Math.abs(found.value - wanted) < 3 * found.standardError);
	const parts = Object.values(found.byTensor).reduce((a, b) => a + b, 0);
	t.true(Math.abs(parts - found.value) < 1e-3);
});

test("the cumulated density is that of the eigenvalues within 0.02", async (t) => {
	// Ten probes of 300 numbers are off by 0.022 on average, whatever else is done; forty by half as much.
	const options = { length: 300, dimensions: 300, seed: 1, probes: 40, steps: 80, hold };
	const { probes } = await density(operatorOf(spectrum), options, noNotebook);
	const share = (at: number) =>
		probes.reduce(
			(sum, { nodes, weights }) => sum + nodes.reduce((s, node, i) => s + (node <= at ? (weights[i] ?? 0) : 0), 0),
			0,
		) / probes.length;
	const sorted = [...spectrum].sort((a, b) => a - b);
	const worst = sorted.reduce(
		(most, value, i) =>
			Math.max(most, Math.min(Math.abs(share(value + 1e-4) - (i + 1) / 300), Math.abs(share(value - 1e-4) - i / 300))),
		0,
	);
	t.true(worst < 0.02, `${worst}`);
});
