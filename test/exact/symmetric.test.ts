import test from "ava";
import fc from "fast-check";
import { symmetricEigenpairs } from "../../src/exact/symmetric.js";
import { eigenpairs } from "../../src/exact/tridiagonal.js";

const rowsOf = (rows: readonly (readonly number[])[]) => rows.map((row) => Float64Array.from(row));

test("matrices of two and three rows have the eigenvalues worked out by hand", (t) => {
	// (2 − λ)² = 1
	t.deepEqual(
		[
			...symmetricEigenpairs(
				rowsOf([
					[2, 1],
					[1, 2],
				]),
			).values,
		].map((value) => Math.round(value * 1e12) / 1e12),
		[1, 3],
	);
	// An arrow: λ = 0 along (1, −1, 0), and λ² = 1 + 1 for the rest.
	const arrow = symmetricEigenpairs(
		rowsOf([
			[0, 0, 1],
			[0, 0, 1],
			[1, 1, 0],
		]),
	);
	for (const [i, wanted] of [-Math.SQRT2, 0, Math.SQRT2].entries())
		t.true(Math.abs((arrow.values[i] ?? 9) - wanted) < 1e-14);
	const [a = 0, b = 0, c = 0] = arrow.vectors[1] ?? [];
	t.true(Math.abs(a + b) < 1e-14 && Math.abs(c) < 1e-14 && Math.abs(Math.abs(a) - Math.SQRT1_2) < 1e-14);
	// A diagonal one is left as it is, put in order.
	t.deepEqual(
		[
			...symmetricEigenpairs(
				rowsOf([
					[3, 0],
					[0, -1],
				]),
			).values,
		],
		[-1, 3],
	);
	t.deepEqual(symmetricEigenpairs([]).vectors, []);
});

const matrices = fc.integer({ min: 1, max: 16 }).chain((size) =>
	fc.array(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: size, maxLength: size }), {
		minLength: size,
		maxLength: size,
	}),
);

test("eigenpairs of a dense matrix satisfy their equation, are orthonormal and ascend", (t) => {
	fc.assert(
		fc.property(matrices, (square) => {
			const matrix = square.map((row, i) =>
				Float64Array.from(row, (_, j) => square[Math.min(i, j)]?.[Math.max(i, j)] ?? 0),
			);
			const { values, vectors } = symmetricEigenpairs(matrix);
			for (const [i, value] of values.entries()) {
				const v = vectors[i] ?? new Float64Array();
				if (i > 0 && value < (values[i - 1] ?? 0)) return false;
				for (const [k, row] of matrix.entries()) {
					const image = row.reduce((sum, x, j) => sum + x * (v[j] ?? 0), 0);
					if (Math.abs(image - value * (v[k] ?? 0)) > 1e-12 * 160) return false;
				}
				for (const [j, other] of vectors.entries())
					if (Math.abs(other.reduce((sum, x, k) => sum + x * (v[k] ?? 0), 0) - Number(i === j)) > 1e-13) return false;
			}
			return true;
		}),
	);
	t.pass();
});

test("a tridiagonal matrix has the eigenvalues that the QL algorithm finds", (t) => {
	const [diagonal, off] = [
		[4, -1, 0.5, 3, 2],
		[1, 2, 0.25, -1],
	];
	const dense = diagonal.map((value, i) =>
		Float64Array.from(diagonal, (_, j) => (i === j ? value : Math.abs(i - j) === 1 ? (off[Math.min(i, j)] ?? 0) : 0)),
	);
	const [one, two] = [symmetricEigenpairs(dense).values, eigenpairs(diagonal, off).values];
	t.true(one.every((value, i) => Math.abs(value - (two[i] ?? 0)) < 1e-13));
});
