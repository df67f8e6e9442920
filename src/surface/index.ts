/** What is known of a loss surface, as plain data, and what can be asked of it. Runs in browsers too. */
export { surfaceDigest } from "./digest.js";
export { type Field, type FieldSpec, type Unit, units } from "./field.js";
export {
	type Axis,
	axesOf,
	axisValues,
	type Cell,
	type Coordinates,
	cellsOf,
	coordinatesOf,
	type Grid,
	gridPoints,
	isLine,
	pointNumber,
	regularGrid,
} from "./grid.js";
export type { Notes, PlanRecord, Provenance } from "./provenance.js";
export {
	type Anchor,
	type BatchResult,
	type Extremum,
	emptySurface,
	errorFieldOf,
	extrema,
	fieldNamed,
	isInterpolated,
	mainField,
	originPoint,
	placeOf,
	record,
	type Surface,
	type SurfaceOutline,
	valueAt,
} from "./surface.js";
