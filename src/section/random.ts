import { Normals } from "../kernels/normals.js";
import { type Layout, type Slot, slice } from "../network/parameters.js";
import { sharedVector } from "../network/shared-memory.js";
import { type BiasRule, type Normalization, normalize } from "./normalize.js";
import { keptStill } from "./still.js";

export interface RandomDirectionOptions {
	/** Whole number from 0 to 2^53 - 1. */
	readonly seed: number;
	readonly norm: Normalization;
	readonly bias: BiasRule;
	/** Names of tensors that don't move; none where nothing is said. What is drawn for the others does not depend on it. */
	readonly still?: ReadonlySet<string> | undefined;
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
	const direction = sharedVector(layout.length);
	drawDirection(axis, parameters, layout, { seed, norm, bias, still }, (numbers, at) => direction.set(numbers, at));
	return direction;
}

/**
 * Draws a random direction in parts.
 *
 * @param put takes numbers from the number `at` on, to be rounded to float32; what is not put is 0
 */
export function drawDirection(
	axis: "x" | "y",
	parameters: Float32Array,
	layout: Layout,
	{ seed, norm, bias, still }: RandomDirectionOptions,
	put: (numbers: Float64Array, at: number) => void,
): void {
	if (norm === "whole") {
		put(wholeDirection(axis, parameters, layout, { seed, norm, bias, still }), 0);
		return;
	}
	// Tensor by tensor: the float64 numbers of all of them would take twice as much as the direction itself.
	eachDrawn(axis, layout, seed, (drawn, slot) => {
		if (still?.has(slot.name) === true) return;
		const alone = { slots: [{ ...slot, offset: 0 }], length: slot.size };
		normalize(drawn, slice(parameters, slot), alone, norm, bias);
		put(drawn, slot.offset);
	});
}

/** Scaled all at once: by the length of what moves. */
function wholeDirection(
	axis: "x" | "y",
	parameters: Float32Array,
	layout: Layout,
	{ seed, norm, bias, still }: RandomDirectionOptions,
): Float64Array {
	const all = new Float64Array(layout.length);
	eachDrawn(axis, layout, seed, (drawn, slot) => slice(all, slot).set(drawn));
	const direction = keptStill(all, layout, still);
	const moving = { ...layout, slots: layout.slots.filter(({ name }) => still?.has(name) !== true) };
	normalize(direction, keptStill(parameters, layout, still), moving, norm, bias);
	return direction;
}

/** Gaussians for one tensor after another, in the order of the layout; the array is used again for the next. */
function eachDrawn(
	axis: "x" | "y",
	layout: Layout,
	seed: number,
	use: (drawn: Float64Array, slot: Slot) => void,
): void {
	const normals = new Normals(seed, axis === "x" ? "directionX" : "directionY");
	const room = new Float64Array(layout.slots.reduce((most, { size }) => Math.max(most, size), 0));
	for (const slot of layout.slots) {
		const drawn = room.subarray(0, slot.size);
		normals.fill(drawn);
		use(drawn, slot);
	}
}
