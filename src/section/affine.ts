import type { State } from "../network/parameters.js";
import type { Anchor } from "../surface/surface.js";
import type { Section } from "./section.js";
import type { PlacedVector, Vector } from "./vector.js";

/** A direction of the parameters and, where they move along, of the running statistics. */
export interface Direction<V extends PlacedVector = Vector> {
	readonly parameters: V;
	readonly statistics?: Vector;
}

/**
 * The line or plane through a network along one or two directions. Statistics move along where every direction says how;
 * else they stay those of the origin.
 *
 * @param anchors the networks that lie on it
 */
export function affineSection<V extends PlacedVector>(
	origin: State,
	directions: readonly [Direction<V>] | readonly [Direction<V>, Direction<V>],
	anchors: readonly Anchor[],
): Section<V | Float32Array> {
	const statistics = directions.map((direction) => direction.statistics).filter((moved) => moved !== undefined);
	return {
		vectors: [origin.parameters, ...directions.map(({ parameters }) => parameters)],
		statistics: [origin.statistics, ...(statistics.length === directions.length ? statistics : [])],
		weighting: "affine",
		dimensions: directions.length,
		anchors,
	};
}
