import {
	type Check,
	isA,
	isListOf,
	isNumber,
	isObject,
	isOneOf,
	isPerhaps,
	isSwitch,
	isText,
	isWhole,
	refuse,
} from "../check/values.js";
import { FileFormatError } from "../errors.js";
import { packFrame, readFrames } from "../files/frames.js";
import { toDoubles } from "../files/vectors.js";
import { canonicalBytes } from "../surface/digest.js";
import { type FieldSpec, specOf, units } from "../surface/field.js";
import type { Axis, Coordinates, Grid } from "../surface/grid.js";
import type { Provenance } from "../surface/provenance.js";
import {
	type Anchor,
	type BatchResult,
	emptySurface,
	record,
	type Surface,
	type SurfaceOutline,
} from "../surface/surface.js";
import { pathPlaces, type Trajectories } from "../surface/trajectory.js";
import { checkClaim } from "./claim.js";
import { checkRecord, isFacts } from "./record.js";
import { isVersion1, parseVersion1 } from "./run-version-1.js";

/**
 * The run file, version 2: frames (files/frames.ts), only ever appended to. The first is the header; every other holds the
 * values of a run of points.
 *
 *   { format: "isoloss run", version: 2, provenance, grid, extras, fields: [{ name, label, unit }, ...], anchors, trajectories, interpolates }
 *   { first, values: bin, interpolated }     float64 little-endian, [points × fields], point by point
 *
 * Points are numbered in the order of the grid, the extra ones after them. Reading needs nothing of Node.
 */
const FORMAT = "isoloss run";
const VERSION = 2;

interface Header {
	readonly format: typeof FORMAT;
	readonly version: typeof VERSION;
	readonly provenance: Provenance;
	readonly grid: Grid;
	readonly extras: readonly Coordinates[];
	readonly fields: readonly FieldSpec[];
	readonly anchors: readonly Anchor[];
	readonly trajectories?: Trajectories;
	/** Whether records may hold interpolated values. */
	readonly interpolates?: boolean;
}

/** What a run file holds. */
export interface StoredRun {
	readonly surface: Surface;
	/** How many bytes at the end belong to no whole record. */
	readonly tornBytes: number;
	/** The version of the file. */
	readonly version: 1 | 2;
	/** The check that the next frame goes on from. */
	readonly check: number;
}

/**
 * A run from its bytes; undefined where not even the header is whole.
 *
 * @param path     how errors call the file
 * @param expected how many points the caller has memory for anyway
 * @throws {FileFormatError} when the bytes are no run file, or one of a version that this isoloss does not read
 */
export function parseRun(bytes: Uint8Array, path: string, expected = 0): StoredRun | undefined {
	if (isVersion1(bytes)) return { ...parseVersion1(bytes, path, expected), version: 1, check: 0 };
	const { frames, rest } = readFrames(bytes);
	const [header, ...batches] = frames;
	const last = frames.at(-1);
	if (header === undefined || last === undefined) {
		if (rest !== "damaged") return undefined;
		throw new FileFormatError(path, "not an isoloss run file, or its header is damaged");
	}
	const outline = checkHeader(header.record, path);
	checkClaim(outline, bytes.length, path, expected);
	const surface = emptySurface(outline);
	for (const { record: found, end } of batches) {
		const batch = batchOfRecord(found, surface);
		if (batch === undefined) throw damaged(path, end, "it holds no values of this sweep");
		record(surface, batch);
	}
	if (rest === "damaged") throw damaged(path, last.end, "its checksum does not fit");
	return { surface, tornBytes: bytes.length - last.end, version: 2, check: last.check };
}

function damaged(path: string, at: number, how: string): FileFormatError {
	return new FileFormatError(
		path,
		`damaged from byte ${at} on: ${how}; take a copy from elsewhere, or --fresh to start over`,
	);
}

function checkHeader(found: unknown, path: string): Header {
	const { format, version } = (found ?? {}) as Partial<Record<keyof Header, unknown>>;
	if (format !== FORMAT) throw new FileFormatError(path, "not an isoloss run file");
	if (version !== VERSION)
		throw new FileFormatError(path, `run file of version ${version}; this isoloss reads versions 1 and ${VERSION}`);
	checkOutline(found, path);
	return found as Header;
}

/**
 * Checks what a surface is made of, from a file of whomever.
 *
 * @throws {FileFormatError} with what would be right
 */
export function checkOutline(found: unknown, path: string): asserts found is SurfaceOutline {
	checkRecord(path, "header", found, headerChecks);
	checkPlaces(found as Header, path);
}

const isAxis: Check = (name, value) => {
	isObject("an axis", { min: isNumber, max: isNumber, steps: isWhole(1) })(name, value);
	const { min, max, steps } = value as Axis;
	if (steps === 1 ? min !== max : !(min < max)) refuse(`${name}.max`, `more than ${min}`, max);
};

const isPlace = isListOf(isNumber, 1);

/** A number, whatever became of it. */
const isFloat = isA("a number", (value) => typeof value === "number");

const areNetworks = isListOf(
	isObject("a network", {
		...{ file: isText, at: isPlace },
		...{ offPlane: isFloat, offPlaneShare: isFloat, loss: isFloat, lossOwnStatistics: isFloat },
	}),
);

const isPath = isObject("a training", {
	label: isText,
	points: areNetworks,
});

/** What a file of another hand may have in place of what ours have. */
const headerChecks: Readonly<Record<string, Check>> = {
	grid: isObject("a grid", { kind: isOneOf(["regular"]), axes: isListOf(isAxis, 1) }),
	extras: isListOf(isPlace),
	fields: isListOf(
		isObject("a field", { name: isText, label: isText, unit: isOneOf(units), errorOf: isPerhaps(isText) }),
		1,
	),
	interpolates: isPerhaps(isSwitch),
	anchors: isListOf(isObject("an anchor", { label: isText, at: isPlace })),
	trajectories: isPerhaps(
		isObject("trainings", { origin: isText, paths: isListOf(isPath), marks: isPerhaps(areNetworks) }),
	),
	provenance: isObject("an object", {
		plan: isFacts,
		version: isText,
		caption: isListOf(isText),
		assumptions: isListOf(isText),
		axisLabels: isPerhaps(isListOf(isText)),
		request: isPerhaps(isObject("options by their names", {})),
		notes: isFacts,
	}),
};

/** A grid has one or two axes, and all places as many numbers; no two fields have one name. */
function checkPlaces({ grid, extras, anchors, fields, trajectories }: Header, path: string): void {
	const { length } = grid.axes;
	const paths = trajectories === undefined ? [] : pathPlaces(trajectories);
	const places = [...extras, ...anchors.map(({ at }) => at), ...paths];
	if (length > 2 || places.some((place) => place.length !== length))
		throw new FileFormatError(path, `its grid has ${length} axes, which its places don't fit`);
	if (new Set(fields.map(({ name }) => name)).size < fields.length)
		throw new FileFormatError(path, "two of its fields have one name");
	if (paths.length > extras.length)
		throw new FileFormatError(path, `it has ${paths.length} networks of trainings, but places for ${extras.length}`);
}

function batchOfRecord(found: unknown, { fields, done, interpolated: marks }: Surface): BatchResult | undefined {
	const { first, values, interpolated = false } = (found ?? {}) as Partial<Record<keyof BatchResult, unknown>>;
	if (typeof first !== "number" || !(values instanceof Uint8Array)) return undefined;
	if (interpolated !== false && (interpolated !== true || marks === undefined)) return undefined;
	const count = values.length / (8 * fields.length);
	if (!Number.isInteger(count) || count < 1 || !Number.isInteger(first) || first < 0 || first + count > done.length)
		return undefined;
	return { first, count, values: toDoubles(values), ...(interpolated && { interpolated }) };
}

/** The header's frame, the first of a file. */
export function packHeader({ provenance, grid, extras, fields, anchors, trajectories, interpolated }: Surface) {
	const header: Header = {
		...{ format: FORMAT, version: VERSION, provenance, grid, extras, fields: fields.map(specOf), anchors },
		...(trajectories && { trajectories }),
		...(interpolated && { interpolates: true }),
	};
	return packFrame(header, 0);
}

export function packBatch({ first, values, interpolated = false }: BatchResult, checkBefore: number) {
	return packFrame({ first, values: canonicalBytes(values), ...(interpolated && { interpolated }) }, checkBefore);
}
