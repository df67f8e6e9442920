import { surfaceDigest } from "./digest.js";
import { type FieldSpec, specOf } from "./field.js";
import { type Coordinates, type Grid, gridPoints } from "./grid.js";
import type { Provenance } from "./provenance.js";
import type { Anchor, Surface } from "./surface.js";
import type { Trajectories } from "./trajectory.js";

/** What files of other formats are told of a surface beside the values of its grid, so that it can be had again whole. */
export interface WrittenSurface {
	readonly format: typeof WRITTEN_FORMAT;
	readonly version: typeof WRITTEN_VERSION;
	/** SHA-256 over the values, as `surfaceDigest` has it: whether a file still holds what was written. */
	readonly digest: string;
	readonly grid: Grid;
	readonly fields: readonly FieldSpec[];
	readonly interpolates?: boolean;
	readonly extras: readonly Coordinates[];
	/** The values of each extra point in the order of the fields; null where it is not computed. */
	readonly extraValues: readonly (readonly number[] | null)[];
	readonly anchors: readonly Anchor[];
	readonly trajectories?: Trajectories;
	readonly provenance: Provenance;
}

export const WRITTEN_FORMAT = "isoloss surface";
export const WRITTEN_VERSION = 1;

/** All of a surface but the values of its grid. */
export function written(surface: Surface): WrittenSurface {
	const { grid, fields, done, interpolated, extras, anchors, trajectories, provenance } = surface;
	const first = gridPoints(grid);
	return {
		format: WRITTEN_FORMAT,
		version: WRITTEN_VERSION,
		digest: surfaceDigest(surface),
		grid,
		fields: fields.map(specOf),
		...(interpolated && { interpolates: true }),
		extras,
		extraValues: extras.map((_, i) =>
			done[first + i] === 1 ? fields.map(({ values }) => values[first + i] ?? Number.NaN) : null,
		),
		anchors,
		...(trajectories && { trajectories }),
		provenance,
	};
}
