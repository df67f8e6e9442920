import { extname } from "node:path";
import { type Check, checkCall, isOneOf, isPerhaps, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import { formatTrajectory } from "../export/trajectory.js";
import { formatHdf5 } from "../formats/format-hdf5.js";
import { formatNpz } from "../formats/npz.js";
import { PROJECTED } from "../formats/surfaces/reference-names.js";
import { resolveAgain } from "../resolve/again.js";
import { dot, norm } from "../section/products.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import type { Path } from "../surface/trajectory.js";

export interface ExportTrajectoryOptions {
	/**
	 * How networks are put onto the plane: `lstsq`, the nearest place, as everywhere here; `cos`, the reference code's default ⟨w, δ⟩/‖δ‖,
	 * which is the same for axes of length 1 at right angles only.
	 */
	readonly projection?: "lstsq" | "cos";
	/** Which training, by its name, of a run with several. */
	readonly label?: string;
}

const projections = ["lstsq", "cos"] as const;

const checks = {
	projection: isPerhaps(isOneOf(projections)),
	label: isPerhaps(isText),
} satisfies Record<keyof ExportTrajectoryOptions, Check>;

/**
 * Where the networks of a training lie, as the contents of a file: `proj_xcoord` and `proj_ycoord` as the reference code has them (.h5, .npz),
 * or the table of all that is known of them (.csv).
 *
 * @throws {OptionError} when the run has no training, or has several and none is named; for `cos` also when it does not say what it was made of
 */
export async function exportTrajectory(
	surface: Surface,
	path: string,
	options: ExportTrajectoryOptions = {},
): Promise<string | Uint8Array> {
	checkSurface("surface", surface);
	isText("path", path);
	checkCall(options, checks);
	const ending = extname(path).toLowerCase();
	if (ending === ".csv") {
		pathNamed(surface, undefined, false);
		return formatTrajectory(surface) ?? "";
	}
	if (ending !== ".h5" && ending !== ".npz")
		throw new OptionError("path", `expected a name that ends in .h5, .npz, .csv, got "${path}"`);
	const { points } = pathNamed(surface, options.label, true);
	if (surface.grid.axes.length === 1) throw new OptionError("run", "expected a plane, got a line");
	const places = points.map(({ at: [x = 0, y = 0] }): [number, number] => [x, y]);
	const projected = options.projection === "cos" ? await byCosine(surface, places) : places;
	const [x, y] = ([0, 1] as const).map((axis) => ({
		shape: [projected.length],
		values: Float64Array.from(projected, (place) => place[axis]),
	}));
	const [xName, yName] = PROJECTED;
	const arrays = new Map(x === undefined || y === undefined ? [] : [[xName, x] as const, [yName, y] as const]);
	return ending === ".npz" ? formatNpz(arrays) : formatHdf5({ datasets: arrays });
}

function pathNamed({ trajectories }: Surface, label: string | undefined, one: boolean): Path {
	const paths = trajectories?.paths ?? [];
	const names = paths.map((path) => path.label).join(", ");
	const [first] = paths;
	if (first === undefined) throw new OptionError("run", "expected a sweep with --trajectory, this one has no training");
	if (label === undefined) {
		if (!one || paths.length === 1) return first;
		throw new OptionError("label", `expected one of the trainings ${names}`);
	}
	const found = paths.find((path) => path.label === label);
	if (found === undefined) throw new OptionError("label", `expected one of the trainings ${names}, got "${label}"`);
	return found;
}

/**
 * ⟨w, d⟩/‖d‖ for both axes, from the nearest places: what a network lies off the plane is at right angles to it, so that
 * ⟨w, δ⟩ = x⟨δ, δ⟩ + y⟨δ, η⟩.
 */
async function byCosine(surface: Surface, places: readonly [number, number][]): Promise<[number, number][]> {
	const { problem } = await resolveAgain(surface);
	const [, dx, dy] = problem.section.vectors;
	if (dx === undefined || dy === undefined) throw new OptionError("run", "expected a plane along two directions");
	const [xx, xy, yy] = [dot(dx, dx), dot(dx, dy), dot(dy, dy)];
	const [lengthX, lengthY] = [norm(dx), norm(dy)];
	return places.map(([x, y]) => [(x * xx + y * xy) / lengthX, (x * xy + y * yy) / lengthY]);
}
