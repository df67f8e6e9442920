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

/** Numbers that JSON has no way to write, by what stands for them. */
const named: ReadonlyMap<string, number> = new Map([
	["NaN", Number.NaN],
	["Infinity", Number.POSITIVE_INFINITY],
	["-Infinity", Number.NEGATIVE_INFINITY],
	["-0", -0],
]);

/** A number as JSON has it: with all its digits, as a text where JSON has none for it. */
export function numberText(value: number): string {
	if (Object.is(value, -0)) return '"-0"';
	return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** For `JSON.stringify`: numbers that JSON has no way to write as texts. */
export function nameNumber(_: string, value: unknown): unknown {
	if (typeof value !== "number") return value;
	return Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value);
}

/** A number that `numberText` or `nameNumber` has written; undefined of anything else. */
export function numberOf(value: unknown): number | undefined {
	if (typeof value === "number") return value;
	return typeof value === "string" ? named.get(value) : undefined;
}
