import { Normals } from "../kernels/normals.js";
import { dot, norm } from "../section/vector.js";
import type { Notebook } from "./notebook.js";
import { eigenpairs, type Spectrum } from "./tridiagonal.js";
import { addTimes } from "./vector.js";

/** A symmetric operator on vectors, such as the product with a Hessian. */
export type Operator = (vector: Float32Array) => Promise<Float32Array>;

/** A Krylov basis, the tridiagonal matrix in it, and what is left over after the last step. */
export interface Krylov {
	readonly diagonal: number[];
	/** offDiagonal[j] joins steps j and j + 1; the last one is the norm of what is left. */
	readonly offDiagonal: number[];
	readonly basis: Float32Array[];
}

/** An eigenvalue and how far off it may be: one of the operator's lies within `residual` of `value`. */
export interface Eigenvalue {
	readonly value: number;
	readonly residual: number;
	readonly settled: boolean;
}

/** Below this part of the largest Ritz value a vector's rest is rounding: the space it spans is invariant. */
const INVARIANT = 1e-7;

/** After subtracting what others hold, a vector that kept less than this of its length is cleaned once more. @see Daniel et al. 1976 */
const KEPT = Math.SQRT1_2;

/** Starts a basis with a vector, which is scaled to length 1. */
export function krylov(start: Float64Array): Krylov {
	return { diagonal: [], offDiagonal: [], basis: [scaled(start, 1 / norm(start))] };
}

/**
 * One step of Lanczos with full reorthogonalisation: the basis grows by a vector. Where nothing is left over, a fresh one is taken,
 * orthogonal to all before.
 *
 * @param another gives the random vector to go on with, for a step
 * @see Lanczos 1950; Parlett, The Symmetric Eigenvalue Problem (1998), chapter 13
 */
export async function extend(
	space: Krylov,
	operator: Operator,
	another: (step: number) => Float64Array,
): Promise<void> {
	const { diagonal, offDiagonal, basis } = space;
	const step = diagonal.length;
	const current = basis[step];
	if (current === undefined) throw new RangeError(`there is no vector ${step}`);
	const rest = Float64Array.from(await operator(current));
	const alpha = dot(current, rest);
	const before = basis[step - 1];
	addTimes(rest, -alpha, current);
	if (before !== undefined) addTimes(rest, -(offDiagonal[step - 1] ?? 0), before);
	clean(rest, basis);
	diagonal.push(alpha);
	const left = norm(rest);
	const largest = Math.max(...diagonal.map((value, i) => Math.abs(value) + (offDiagonal[i - 1] ?? 0)));
	if (left > INVARIANT * largest) {
		offDiagonal.push(left);
		basis.push(scaled(rest, 1 / left));
		return;
	}
	offDiagonal.push(0);
	if (basis.length >= current.length) return;
	const fresh = another(step);
	clean(fresh, basis);
	clean(fresh, basis);
	const length = norm(fresh);
	if (length > 0) basis.push(scaled(fresh, 1 / length));
}

/** Takes from a vector what lies along others, and once more where little was left. */
function clean(vector: Float64Array, basis: readonly Float32Array[]): void {
	for (let pass = 0; pass < 2; pass++) {
		const before = norm(vector);
		for (const each of basis) addTimes(vector, -dot(each, vector), each);
		if (norm(vector) > KEPT * before) return;
	}
}

function scaled(vector: Float64Array, factor: number): Float32Array {
	return Float32Array.from(vector, (value) => value * factor);
}

/** The Ritz values with their residuals |βₘ sₘᵢ|, ascending. */
export function ritz(space: Krylov): { readonly spectrum: Spectrum; readonly residuals: Float64Array } {
	const { diagonal, offDiagonal } = space;
	const spectrum = eigenpairs(diagonal, offDiagonal.slice(0, -1));
	const last = Math.abs(offDiagonal.at(-1) ?? 0);
	const residuals = Float64Array.from(spectrum.vectors, (vector) => Math.abs(last * (vector.at(-1) ?? 0)));
	return { spectrum, residuals };
}

export interface ExtremesOptions {
	/** How many of the largest eigenvalues, and of the smallest (by value, not by size). */
	readonly top: number;
	readonly bottom: number;
	/** Of the residual, in units of the largest eigenvalue's size. */
	readonly tolerance: number;
	/** Products at most. */
	readonly steps: number;
	/** Products at least, where there are so many dimensions: a small space may look settled before it has met an outer eigenvector. */
	readonly least?: number;
	readonly seed: number;
	/** The number of parameters that move: a space has no more dimensions. */
	readonly dimensions: number;
	/** Sets to 0 what does not move. */
	readonly hold: (vector: Float64Array) => Float64Array;
	/** Told after each step. */
	readonly onStep?: (step: number, top: readonly Eigenvalue[], bottom: readonly Eigenvalue[]) => void;
}

export interface Extremes {
	/** From the largest down. */
	readonly top: readonly Eigenvalue[];
	/** From the lowest up. */
	readonly bottom: readonly Eigenvalue[];
	readonly products: number;
	/** A unit vector for each of `top`, then for each of `bottom`. */
	readonly vectors: () => Float32Array[];
}

/** The eigenvalues at both ends of a symmetric operator's spectrum. */
export async function extremes(
	operator: Operator,
	length: number,
	options: ExtremesOptions,
	notebook: Notebook,
): Promise<Extremes> {
	const { seed, steps, least = 0, top, bottom, tolerance, dimensions, hold } = options;
	const normals = new Normals(seed, "lanczos");
	const draw = () => {
		const vector = new Float64Array(length);
		normals.fill(vector);
		return hold(vector);
	};
	const space = krylov(draw());
	const most = Math.min(steps, dimensions);
	let found = select(space, top, bottom, tolerance);
	while (space.diagonal.length < most && space.basis.length > space.diagonal.length) {
		await stepOf(space, operator, draw, notebook);
		found = select(space, top, bottom, tolerance);
		options.onStep?.(space.diagonal.length, found.top, found.bottom);
		if (space.diagonal.length >= Math.min(most, Math.max(least, top + bottom)) && isSettled(found, top + bottom)) break;
	}
	return {
		...found,
		products: space.diagonal.length,
		vectors: () => ritzVectors(space, found.places),
	};
}

/** A step as it was noted, or taken now and noted: its two numbers and the next vector. */
async function stepOf(space: Krylov, operator: Operator, draw: () => Float64Array, notebook: Notebook): Promise<void> {
	const step = space.diagonal.length;
	const key = `lanczos ${step}`;
	const noted = notebook.find(key);
	if (noted !== undefined) {
		const [alpha = 0, beta = 0, drawn = 0] = noted.numbers;
		space.diagonal.push(alpha);
		space.offDiagonal.push(beta);
		if (noted.vector !== undefined) space.basis.push(noted.vector);
		if (drawn === 1) draw();
		return;
	}
	let drawn = 0;
	await extend(space, operator, () => {
		drawn = 1;
		return draw();
	});
	const vector = space.basis[step + 1];
	await notebook.note(key, {
		numbers: [space.diagonal[step] ?? 0, space.offDiagonal[step] ?? 0, drawn],
		...(vector !== undefined && { vector }),
	});
}

interface Selected {
	readonly top: readonly Eigenvalue[];
	readonly bottom: readonly Eigenvalue[];
	/** The numbers of their Ritz values. */
	readonly places: readonly number[];
}

function select(space: Krylov, top: number, bottom: number, tolerance: number): Selected {
	const count = space.diagonal.length;
	if (count === 0) return { top: [], bottom: [], places: [] };
	const { spectrum, residuals } = ritz(space);
	const largest = Math.max(...spectrum.values.map(Math.abs));
	const pair = (place: number): Eigenvalue => {
		const residual = residuals[place] ?? 0;
		return { value: spectrum.values[place] ?? 0, residual, settled: residual <= tolerance * largest };
	};
	const above = Array.from({ length: Math.min(top, count) }, (_, i) => count - 1 - i);
	const below = Array.from({ length: Math.min(bottom, count) }, (_, i) => i);
	return { top: above.map(pair), bottom: below.map(pair), places: [...above, ...below] };
}

function isSettled({ top, bottom }: Selected, wanted: number): boolean {
	const all = [...top, ...bottom];
	return all.length === wanted && all.every(({ settled }) => settled);
}

/** The unit vectors of some Ritz values: the basis vectors by their components. */
function ritzVectors(space: Krylov, places: readonly number[]): Float32Array[] {
	const { vectors } = ritz(space).spectrum;
	return places.map((place) => {
		const sum = new Float64Array(space.basis[0]?.length ?? 0);
		for (const [step, component] of (vectors[place] ?? new Float64Array()).entries()) {
			const vector = space.basis[step];
			if (vector !== undefined) addTimes(sum, component, vector);
		}
		return scaled(sum, 1 / norm(sum));
	});
}
