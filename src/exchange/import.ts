import { type Check, checkCall, isA, isPerhaps, isText } from "../check/values.js";
import { FileFormatError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { readInput } from "../files/read.js";
import type { FoundSurface } from "../formats/surfaces/found.js";
import { parseSurfaceFile } from "../formats/surfaces/index.js";
import { readProjectedPlaces } from "../formats/surfaces/trajectory.js";
import { checkOutline } from "../store/run-format.js";
import { surfaceDigest } from "../surface/digest.js";
import { specOf } from "../surface/field.js";
import { type Axis, gridPoints, regularGrid } from "../surface/grid.js";
import { numberNamed, numberOf } from "../surface/named-numbers.js";
import type { PlanRecord, Provenance } from "../surface/provenance.js";
import { emptySurface, record, type Surface } from "../surface/surface.js";
import { pathPlaces, type Trajectories } from "../surface/trajectory.js";
import { version } from "../version.js";

export interface ImportOptions {
	/** What stands for a value that is not computed in the reference code's files: −1 where nothing is said; null where all are computed. */
	readonly missing?: number | null;
	/** A projection file of the reference code, whose places are drawn as a training. */
	readonly trajectory?: string;
}

const checks = {
	missing: isPerhaps(isA("a number, or null", (value) => value === null || typeof value === "number")),
	trajectory: isPerhaps(isText),
} satisfies Record<keyof ImportOptions, Check>;

/**
 * A surface from a file of another program: the reference code's HDF5, arrays of NumPy, JSON, or a table. One of our own exports comes back
 * whole, with the same digest and all that is known of it; where its values have been changed since, it is a surface of that file.
 *
 * @throws {FileFormatError} when it is missing, damaged or none
 */
export async function importSurface(path: string, options: ImportOptions = {}): Promise<Surface> {
	isText("path", path);
	checkCall(options, checks);
	return surfaceOfFile(readInput(path), path, options);
}

/** The same from the bytes of the file. */
export function surfaceOfFile(bytes: Uint8Array, path: string, options: ImportOptions = {}): Surface {
	const found = parseSurfaceFile(bytes, path, options.missing);
	const whole = options.trajectory === undefined ? wholeSurface(found, path) : undefined;
	return whole ?? surfaceOf(found, path, bytes, options);
}

/** One of our exports as it was written; undefined where it is none, or its values have been changed since. */
function wholeSurface(found: FoundSurface, path: string): Surface | undefined {
	const { about } = found;
	if (about === undefined) return undefined;
	const outline: unknown = { ...about, trajectories: trajectoriesOf(about) };
	checkOutline(outline, path);
	const surface = emptySurface(outline);
	fill(surface, found);
	const values: unknown = about.extraValues;
	const extras = Array.isArray(values) ? (values as unknown[]) : [];
	const first = gridPoints(surface.grid);
	for (const [i, given] of extras.slice(0, surface.extras.length).entries()) {
		if (!Array.isArray(given) || given.length !== surface.fields.length) continue;
		const own = Float64Array.from(given, (value) => numberOf(value) ?? Number.NaN);
		record(surface, { first: first + i, count: 1, values: own });
	}
	if (surfaceDigest(surface) !== about.digest) return undefined;
	const { provenance } = surface;
	return { ...surface, provenance: { ...provenance, notes: { ...provenance.notes, imported: path } } };
}

function trajectoriesOf({ trajectories }: Readonly<Record<string, unknown>>): unknown {
	return trajectories === undefined ? undefined : JSON.parse(JSON.stringify(trajectories), numberNamed);
}

/** A surface of which only the file is known. */
function surfaceOf(
	found: FoundSurface,
	path: string,
	bytes: Uint8Array,
	{ missing, trajectory }: ImportOptions,
): Surface {
	const { x, y, fields, interpolated, model, facts, notes, told } = found;
	const grid = regularGrid(x, y);
	const placed = trajectory === undefined ? undefined : readTrajectory(trajectory);
	if (placed !== undefined && y === null)
		throw new FileFormatError(trajectory ?? path, `expected a plane for a trajectory, ${path} holds a line`);
	const changed =
		found.about === undefined || trajectory !== undefined
			? []
			: ["its values are not those that isoloss wrote: they have been changed since"];
	const text = ({ min, max, steps }: Axis) => `${min}:${max}:${steps}`;
	const plan: PlanRecord = {
		model,
		imported: sha256(bytes),
		...facts,
		...(missing !== undefined && { missing: String(missing) }),
		...(placed && { trajectory: placed.digest }),
		fields: fields.map(({ name }) => name).join(","),
		x: text(x),
		y: y === null ? "none" : text(y),
	};
	const provenance: Provenance = {
		plan,
		version,
		caption: [plan.model, `imported from ${path.split(/[\\/]/).at(-1)}`],
		assumptions: [...told, ...changed, ...(placed?.told ?? [])],
		notes: { ...notes, imported: path },
	};
	const surface = emptySurface({
		grid,
		extras: placed === undefined ? [] : pathPlaces(placed.trajectories),
		fields: fields.map(specOf),
		interpolates: interpolated !== undefined,
		anchors: [{ label: "origin", at: grid.axes.map(() => 0), role: "origin" }],
		...(placed && { trajectories: placed.trajectories }),
		provenance,
	});
	checkOutline(surface, path);
	fill(surface, found);
	return surface;
}

function fill(surface: Surface, { fields, done, interpolated }: FoundSurface): void {
	const values = new Float64Array(fields.length);
	for (const [first, mark] of done.entries()) {
		if (mark !== 1) continue;
		for (const [column, field] of fields.entries()) values[column] = field.values[first] ?? Number.NaN;
		record(surface, { first, count: 1, values, interpolated: interpolated?.[first] === 1 });
	}
}

/** Places of which nothing else is known. */
function readTrajectory(path: string): {
	readonly trajectories: Trajectories;
	readonly digest: string;
	readonly told: readonly string[];
} {
	const { places, bytes } = readProjectedPlaces(path);
	const unknown = {
		offPlane: Number.NaN,
		offPlaneShare: Number.NaN,
		loss: Number.NaN,
		lossOwnStatistics: Number.NaN,
	};
	const points = places.map((at, i) => ({ file: `network ${i}`, at, ...unknown }));
	return {
		trajectories: { origin: "origin", principal: null, paths: [{ label: "training", points }] },
		digest: sha256(bytes),
		told: [`networks of ${path} lie where it says; their losses, and how far off the plane they are, it does not tell`],
	};
}
