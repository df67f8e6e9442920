/** What a sweep's values depend on: a table for each group of options. */
import { OptionError } from "../../errors.js";
import { type Precision, precisions } from "../../kernels/precision.js";
import { choice } from "../kinds.js";
import { checkValues, type OptionTable } from "../table.js";
import { defaults } from "./defaults.js";
import { type MeasuredOptions, measuredOptions } from "./measured.js";
import { type PlaceOptions, placeOptions } from "./place.js";
import { type SourceOptions, sourceOptions } from "./source.js";

export { defaults } from "./defaults.js";
export { lossReference, type MeasuredOptions } from "./measured.js";
export {
	biasRules,
	type DirectionFile,
	type DirectionKind,
	defaultAxes,
	isCurved,
	isDirectionFile,
	type NamedDirections,
	type PlaceOptions,
	pathOfDirections,
	TRAJECTORY_MARGIN,
	USUAL_CELLS,
	usualSteps,
} from "./place.js";
export { dimsOf, type SourceOptions } from "./source.js";

/** What to sweep. Every option has the default that `isoloss sweep --help` shows. */
export interface PlaneOptions extends SourceOptions, MeasuredOptions, PlaceOptions {
	/** Which kernels compute: ours (`fast`), ours with fused multiply-add (`relaxed`), or the stock ones (`exact`). */
	readonly precision?: Precision;
}

export const planeOptions: OptionTable<PlaneOptions> = {
	...sourceOptions,
	...measuredOptions,
	...placeOptions,
	precision: {
		...choice(precisions, "mode"),
		help: "kernels: fast, exact (the stock ones), relaxed (fused multiply-add)",
		group: "Running",
		fallback: defaults.precision,
	},
};

const MAX_POINTS = 1e8;

/**
 * The options, read where they are written as on a command line, and checked one by one and together.
 *
 * @throws {OptionError} for the first that is not allowed, and for a name that is no option's
 */
export function checkOptions(given: PlaneOptions): PlaneOptions {
	const checked = checkValues<PlaneOptions>(planeOptions, { ...given });
	// One step is the network itself, and no axis for another beside it.
	const options = checked.x?.steps === 1 && checked.y === undefined ? { ...checked, y: null } : checked;
	const { x, y } = options;
	if ((x?.steps ?? 1) * (y?.steps ?? 1) > MAX_POINTS)
		throw new OptionError("x", `expected at most ${MAX_POINTS} points`);
	if (y?.steps === 1) throw new OptionError("y", "expected at least 2 steps, or none");
	if (x?.steps === 1 && y) throw new OptionError("x", "expected one step only for a line, with y none");
	const kind = options.directions ?? defaults.directions;
	if (kind === "interpolate" && y) throw new OptionError("y", "expected none for directions interpolate");
	if (kind === "plane" && y === null)
		throw new OptionError("y", "expected min:max:steps for directions plane, got none");
	return options;
}
