import { leastRoom } from "./lanczos.js";

/** What decides on how many vectors there are. */
export interface Wanted {
	/** Numbers of a vector. */
	readonly length: number;
	/** How many of them move. */
	readonly dimensions: number;
	/** Parts of the samples, each of which leaves a vector. */
	readonly shards: number;
	readonly steps: number;
	/** How many eigenvalues are wanted. */
	readonly eigenvalues: number;
	/** Whether they are found in a basis, or one by one. */
	readonly basis: boolean;
	readonly trace: boolean;
	readonly density: boolean;
	readonly sharpness: boolean;
	/** Whether steps are noted, which takes copies of their vectors. */
	readonly kept: boolean;
}

/** How many vectors of the network's length a computation holds, known before any is made. */
export interface Budget {
	/** Of Lanczos's basis, where not all its steps fit: it is restarted then. */
	readonly room: number | undefined;
	/** Steps of each probe of the density. Its basis is not restarted, for the weights of its nodes are of a whole one. */
	readonly densitySteps: number;
	/** All vectors at most, of 4 bytes a parameter. */
	readonly vectors: number;
}

/** θ0, the same where threads see it, the direction of a product, its result, and the gradient. */
const ALWAYS = 5;
/** A vector in float64 on its way into a basis, and a fresh one where nothing is left of it. */
const STEP = 4;
/** A vector as bytes, packed and framed. */
const NOTE = 5;
/** A probe, what lies outside of the known vectors, and images of both; some in float64. */
const PROBE = 8;
/** Fifteen draws of the same Gaussians, and what a search moves. */
const SHARPNESS = 24;

/** @param bytes that the vectors of a basis may take */
export function budgetOf(wanted: Wanted, bytes: number): Budget {
	const { length, dimensions, steps, shards, eigenvalues, basis, kept } = wanted;
	const fits = Math.floor(bytes / (4 * length));
	const longest = Math.min(steps, dimensions) + 1;
	const restarts = basis && eigenvalues > 0 && fits < longest;
	const room = restarts ? Math.max(fits, leastRoom(eigenvalues)) : undefined;
	const densitySteps = Math.min(steps, Math.max(2, fits - 1));
	const found = eigenvalues === 0 ? 0 : (basis ? (room ?? longest) : 2) + eigenvalues + STEP;
	const trace = wanted.trace ? 3 * eigenvalues + PROBE : 0;
	const density = wanted.density ? Math.min(densitySteps, dimensions) + 1 + STEP : 0;
	const most = Math.max(found, trace, density, wanted.sharpness ? SHARPNESS : 0);
	return { room, densitySteps, vectors: ALWAYS + shards + most + (kept ? NOTE : 0) };
}

/** Bytes below which the basis for so many eigenvalues can't be restarted. */
export function leastBytes(length: number, eigenvalues: number): number {
	return 4 * length * leastRoom(eigenvalues);
}
