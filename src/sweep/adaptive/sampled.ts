import { gridPoints } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import { type HeightScale, heightScale } from "./height.js";
import { type Lattice, latticeOf } from "./lattice.js";
import { filled } from "./predict.js";

/** A surface that is known at some points of its grid, and what those say of the others. */
export interface Sampled {
	readonly lattice: Lattice;
	/** 1 where the values are computed. */
	readonly isKnown: Uint8Array;
	/** The fields in their order. */
	readonly fields: readonly SampledField[];
}

export interface SampledField {
	readonly scale: HeightScale;
	/** On that scale, of all points of the grid: known, or predicted; NaN where nothing can be said. */
	readonly heights: Float64Array;
}

/** What the values at some points say of all: of no other point is the value looked at, whether it is there or not. */
export function sampled(surface: Pick<Surface, "grid" | "fields">, isKnown: Uint8Array): Sampled {
	const lattice = latticeOf(surface.grid);
	const fields = surface.fields.map(({ unit, values: all }) => {
		const values = all.subarray(0, gridPoints(surface.grid));
		const scale = heightScale(
			{ unit },
			values.filter((_, point) => isKnown[point] === 1),
		);
		return { scale, heights: filled(values.map(scale.heightOf), isKnown, lattice) };
	});
	return { lattice, isKnown, fields };
}

/** The points of the grid that are not known. */
export function unknownPoints(isKnown: Uint8Array): number[] {
	return Array.from(isKnown.keys()).filter((point) => isKnown[point] !== 1);
}

/** Of the field by which points are chosen: the first. */
export function mainHeights({ fields: [main] }: Pick<Sampled, "fields">): Float64Array {
	if (main === undefined) throw new RangeError("a surface has at least one field");
	return main.heights;
}
