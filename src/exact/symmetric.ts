import { ascending, root, rotate, type Spectrum } from "./tridiagonal.js";

/** Each round squares what is left beside the diagonal, once that is small; so many are never needed. */
const MOST_ROUNDS = 40;

/**
 * All eigenpairs of a dense symmetric matrix by cyclic Jacobi rotations, for matrices as small as those that Lanczos projects on.
 *
 * @param matrix its rows; they stay as they are
 * @see Golub and Van Loan, Matrix Computations (2013), section 8.5
 */
export function symmetricEigenpairs(matrix: readonly Float64Array[]): Spectrum {
	const size = matrix.length;
	const rows = matrix.map((row) => Float64Array.from(row));
	const vectors = rows.map((_, i) => Float64Array.from({ length: size }, (_, k) => Number(i === k)));
	const largest = Math.max(0, ...rows.map((row) => row.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
	// What is so small beside the largest element moves no eigenvalue by more than rounding does.
	const negligible = (Number.EPSILON / 4) * largest;
	for (let round = 0; turn(rows, vectors, negligible); round++)
		if (round === MOST_ROUNDS) throw new RangeError("the eigenvalues of a symmetric matrix did not converge");
	return ascending(
		Float64Array.from(rows, (row, i) => row[i] ?? 0),
		vectors,
	);
}

/** Turns every element beside the diagonal to 0 once, row by row; whether there was any. */
function turn(rows: readonly Float64Array[], vectors: readonly Float64Array[], negligible: number): boolean {
	let turned = false;
	for (const [p, upper] of rows.entries())
		for (let q = p + 1; q < rows.length; q++) {
			const [lower, one, other] = [rows[q], vectors[p], vectors[q]];
			const beside = upper[q] ?? 0;
			if (lower === undefined || one === undefined || other === undefined || Math.abs(beside) <= negligible) continue;
			turned = true;
			const { sine, cosine } = rotation(upper[p] ?? 0, lower[q] ?? 0, beside);
			rotate(upper, lower, sine, cosine);
			for (const row of rows) {
				const [a, b] = [row[p] ?? 0, row[q] ?? 0];
				row[p] = cosine * a - sine * b;
				row[q] = sine * a + cosine * b;
			}
			upper[q] = 0;
			lower[p] = 0;
			rotate(one, other, sine, cosine);
		}
	return turned;
}

/** Of the two rotations that make the element beside two diagonal ones 0, that by at most 45°. */
function rotation(p: number, q: number, beside: number): { readonly sine: number; readonly cosine: number } {
	const ratio = (q - p) / (2 * beside);
	const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + root(ratio, 1));
	const cosine = 1 / root(tangent, 1);
	return { sine: tangent * cosine, cosine };
}
