import { RandomStream } from "../exact/random.js";
import type { Layout } from "../network/parameters.js";
import { type BiasRule, type Normalization, normalize } from "./normalize.js";

export interface RandomDirectionOptions {
	/** Whole number from 0 to 2^53 - 1. */
	readonly seed: number;
	readonly norm: Normalization;
	readonly bias: BiasRule;
}

/**
 * A random direction: standard Gaussians, drawn in the order of the layout, then normalised. The directions of the two
 * axes are drawn independently and not made orthogonal; in many dimensions they nearly are (see `cosine`).
 *
 * @param parameters flat vector θ*
 * @returns float32, one value a parameter
 */
export function randomDirection(
	axis: "x" | "y",
	parameters: Float32Array,
	layout: Layout,
	{ seed, norm, bias }: RandomDirectionOptions,
): Float32Array {
	const random = new RandomStream(seed, axis === "x" ? "directionX" : "directionY");
	const direction = new Float64Array(layout.length);
	for (let i = 0; i < direction.length; i++) direction[i] = random.normal();
	normalize(direction, parameters, layout, norm, bias);
	return Float32Array.from(direction);
}
