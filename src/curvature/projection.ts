import { symmetricEigenpairs } from "../exact/symmetric.js";
import { eigenpairs, type Spectrum } from "../exact/tridiagonal.js";
import { recombine } from "./basis.js";

/** A Krylov basis, the tridiagonal matrix in it, and what is left over after the last step. */
export interface Krylov {
	readonly diagonal: number[];
	/** offDiagonal[j] joins steps j and j + 1; the last one is the norm of what is left. */
	readonly offDiagonal: number[];
	readonly basis: Float32Array[];
	/**
	 * After a restart: what joins each of the Ritz vectors that were kept, the basis's first ones, to the step that follows them. These
	 * have no other place beside the diagonal, and `offDiagonal` is 0 there.
	 */
	coupling?: Float64Array;
}

/** The Ritz values with their residuals |βₘ sₘᵢ|, ascending. */
export function ritz(space: Krylov): { readonly spectrum: Spectrum; readonly residuals: Float64Array } {
	const { diagonal, offDiagonal, coupling } = space;
	const spectrum =
		coupling === undefined
			? eigenpairs(diagonal, offDiagonal.slice(0, -1))
			: symmetricEigenpairs(arrow(diagonal, offDiagonal, coupling));
	const last = Math.abs(offDiagonal.at(-1) ?? 0);
	const residuals = Float64Array.from(spectrum.vectors, (vector) => Math.abs(last * (vector.at(-1) ?? 0)));
	return { spectrum, residuals };
}

/** The matrix in a basis that was restarted: kept Ritz values, a row and a column that join them to what follows, and a tridiagonal rest. */
function arrow(diagonal: readonly number[], offDiagonal: readonly number[], coupling: Float64Array): Float64Array[] {
	const rows = diagonal.map(() => new Float64Array(diagonal.length));
	// What lies beyond the last row or column is left over, and no part of the matrix.
	const join = (i: number, j: number, value: number) => {
		for (const [row, column] of [[rows[i], j] as const, [rows[j], i] as const])
			if (row !== undefined && column < row.length) row[column] = value;
	};
	for (const [i, value] of diagonal.entries()) join(i, i, value);
	for (const [i, joint] of coupling.entries()) join(i, coupling.length, joint);
	for (let i = coupling.length; i + 1 < rows.length; i++) join(i, i + 1, offDiagonal[i] ?? 0);
	return rows;
}

/**
 * A thick restart: of the basis's vectors only some Ritz vectors stay, and the one that was to come next. What it was to them before,
 * βₘ sₘᵢ, it still is.
 *
 * @param places the Ritz values that are kept, by their numbers in ascending order
 * @see Wu and Simon, Thick-restart Lanczos method for large symmetric eigenvalue problems, SIMAX 22 (2000)
 */
export function restart(space: Krylov, places: readonly number[]): void {
	const { spectrum } = ritz(space);
	const { diagonal, offDiagonal, basis } = space;
	const left = offDiagonal.at(-1) ?? 0;
	const components = places.map((place) => spectrum.vectors[place] ?? new Float64Array());
	recombine(basis, components);
	basis.splice(places.length, basis.length - 1 - places.length);
	diagonal.splice(0, diagonal.length, ...places.map((place) => spectrum.values[place] ?? 0));
	offDiagonal.splice(0, offDiagonal.length, ...places.map(() => 0));
	space.coupling = Float64Array.from(components, (parts) => left * (parts.at(-1) ?? 0));
}
