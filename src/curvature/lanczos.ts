import { Normals } from "../kernels/normals.js";
import { addTimes, dot, norm } from "../section/products.js";
import { clean, combination, scaled } from "./basis.js";
import type { Notebook } from "./notebook.js";
import { type Krylov, restart, ritz } from "./projection.js";

export { type Krylov, ritz } from "./projection.js";

/** A symmetric operator on vectors, such as the product with a Hessian. */
export type Operator = (vector: Float32Array) => Promise<Float32Array>;

/** An eigenvalue and how far off it may be: one of the operator's lies within `residual` of `value`. */
export interface Eigenvalue {
	readonly value: number;
	readonly residual: number;
	readonly settled: boolean;
}

/** Below this part of the largest Ritz value a vector's rest is rounding: the space it spans is invariant. */
const INVARIANT = 1e-7;

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
	if (step === space.coupling?.length)
		for (const [i, joint] of space.coupling.entries()) addTimes(rest, -joint, basis[i] as Float32Array);
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
	/** How many vectors of the operator's length the basis may hold; beyond that it is restarted. As many as it takes where nothing is said. */
	readonly room?: number;
	/** Told after each step. */
	readonly onStep?: (step: number, top: readonly Eigenvalue[], bottom: readonly Eigenvalue[]) => void;
}

export interface Extremes {
	/** From the largest down. */
	readonly top: readonly Eigenvalue[];
	/** From the lowest up. */
	readonly bottom: readonly Eigenvalue[];
	readonly products: number;
	/** Of the Ritz values' sizes: what noise is to be measured by. */
	readonly largest: number;
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
	const room = roomFor(options);
	const most = Math.min(steps, room === Number.POSITIVE_INFINITY ? dimensions : steps);
	let found = select(space, top, bottom, tolerance);
	let products = 0;
	while (products < most && space.basis.length > space.diagonal.length) {
		if (space.basis.length >= room) restart(space, keptPlaces(space.diagonal.length, top, bottom));
		await stepOf(space, products, operator, draw, notebook);
		products += 1;
		found = select(space, top, bottom, tolerance);
		options.onStep?.(products, found.top, found.bottom);
		if (products >= Math.min(most, Math.max(least, top + bottom)) && isSettled(found, top + bottom)) break;
	}
	return { ...found, products, vectors: () => ritzVectors(space, found.places) };
}

/** The fewest vectors that a basis for so many eigenvalues is restarted in: theirs, one more, and three steps. */
export function leastRoom(wanted: number): number {
	return wanted + 4;
}

/** Without bound where all steps fit, or the whole space does. */
function roomFor({ room, steps, dimensions, top, bottom }: ExtremesOptions): number {
	if (room === undefined || room > Math.min(steps, dimensions)) return Number.POSITIVE_INFINITY;
	return Math.max(room, leastRoom(top + bottom));
}

/**
 * The Ritz values that a restart keeps, of so many: the wanted ones, and at the same ends half of as many more as there are. Those carry
 * on what the basis knew of the values next to the wanted; the other half leaves room for new steps.
 */
function keptPlaces(count: number, top: number, bottom: number): number[] {
	const more = Math.floor((count - 1 - top - bottom) / 2);
	const below = bottom + (top === 0 ? more : bottom === 0 ? 0 : Math.floor(more / 2));
	const above = top + bottom + more - below;
	return Array.from({ length: below + above }, (_, i) => (i < below ? i : count - above - below + i));
}

/** A step as it was noted, or taken now and noted: its two numbers and the next vector. */
async function stepOf(
	space: Krylov,
	product: number,
	operator: Operator,
	draw: () => Float64Array,
	notebook: Notebook,
): Promise<void> {
	const step = space.diagonal.length;
	const key = `lanczos ${product}`;
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
	readonly largest: number;
	/** The numbers of their Ritz values. */
	readonly places: readonly number[];
}

function select(space: Krylov, top: number, bottom: number, tolerance: number): Selected {
	const count = space.diagonal.length;
	if (count === 0) return { top: [], bottom: [], largest: 0, places: [] };
	const { spectrum, residuals } = ritz(space);
	const largest = Math.max(...spectrum.values.map(Math.abs));
	const pair = (place: number): Eigenvalue => {
		const residual = residuals[place] ?? 0;
		return { value: spectrum.values[place] ?? 0, residual, settled: residual <= tolerance * largest };
	};
	const above = Array.from({ length: Math.min(top, count) }, (_, i) => count - 1 - i);
	const below = Array.from({ length: Math.min(bottom, count) }, (_, i) => i);
	return { top: above.map(pair), bottom: below.map(pair), largest, places: [...above, ...below] };
}

function isSettled({ top, bottom }: Selected, wanted: number): boolean {
	const all = [...top, ...bottom];
	return all.length === wanted && all.every(({ settled }) => settled);
}

/** The unit vectors of some Ritz values. */
function ritzVectors(space: Krylov, places: readonly number[]): Float32Array[] {
	const { vectors } = ritz(space).spectrum;
	return places.map((place) => combination(space.basis, vectors[place] ?? new Float64Array()));
}
