import { RandomStream } from "../exact/random.js";
import type { Layout } from "../network/parameters.js";
import { type BiasRule, type Normalization, normalize } from "./normalize.js";
import { keptStill } from "./still.js";

export interface RandomDirectionOptions {
	/** Whole number from 0 to 2^53 - 1. */
	readonly seed: number;
	readonly norm: Normalization;
	readonly bias: BiasRule;
	/** Names of tensors that don't move; none where nothing is said. What is drawn for the others does not depend on it. */
	readonly still?: ReadonlySet<string>;
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
	{ seed, norm, bias, still }: RandomDirectionOptions,
): Float32Array {
	const random = new RandomStream(seed, axis === "x" ? "directionX" : "directionY");
	const drawn = new Float64Array(layout.length);
	for (let i = 0; i < drawn.length; i++) drawn[i] = random.normal();
	const direction = keptStill(drawn, layout, still);
	const moving = { ...layout, slots: layout.slots.filter(({ name }) => still?.has(name) !== true) };
	normalize(direction, keptStill(parameters, layout, still), moving, norm, bias);
	return Float32Array.from(direction);
}
