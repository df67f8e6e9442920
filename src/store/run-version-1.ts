import { Unpackr } from "msgpackr";
import { isText } from "../check/values.js";
import { FileFormatError } from "../errors.js";
import { crc32 } from "../files/frames.js";
import type { FieldSpec } from "../surface/field.js";
import { type Axis, columnsOf, gridPoints, pointNumber, regularGrid, rowsOf } from "../surface/grid.js";
import type { Notes, PlanRecord, Provenance } from "../surface/provenance.js";
import { type Anchor, emptySurface, record, type Surface } from "../surface/surface.js";
import { checkClaim } from "./claim.js";
import { checkRecord, isFacts } from "./record.js";

/**
 * The run file of isoloss 0.1: MessagePack values one after another. It knew two fields, rows, and what lies on the section
 * only by notes; this is the one place that reads meaning out of notes.
 *
 *   { format: "isoloss run", version: 1, provenance: { plan, version, notes }, x: Axis, y: Axis | null }
 *   { row, from, loss: bin, metric: bin, check }     float64 little-endian; check: CRC-32 of the two bins
 *   { origin: { loss, metric } }
 */
interface Header {
	readonly provenance: { readonly plan: PlanRecord; readonly version: string; readonly notes: Notes };
	readonly x: Axis;
	readonly y: Axis | null;
}

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** Whether bytes begin as those files do: with a map, whose first key is `format`. */
export function isVersion1(bytes: Uint8Array): boolean {
	return bytes[0] === 0xde || ((bytes[0] ?? 0) & 0xf0) === 0x80;
}

/** @throws {FileFormatError} when it is no run file, its header is cut off, or a whole record is none of a run */
export function parseVersion1(
	bytes: Uint8Array,
	path: string,
	expected: number,
): { surface: Surface; tornBytes: number } {
	let surface: Surface | undefined;
	let end = 0;
	const take = (found: unknown, recordEnd: number): boolean => {
		if (surface === undefined) surface = emptyFrom(checkHeader(found, path), bytes.length, path, expected);
		else if (!takeRow(found, surface) && !takeOrigin(found, surface)) {
			// Zeros are what a file system may leave after a crash, and read as the number 0.
			if (found === 0) return false;
			throw new FileFormatError(
				path,
				`damaged from byte ${end} on; take a copy from elsewhere, or --fresh to start over`,
			);
		}
		end = recordEnd;
		return true;
	};
	try {
		unpackr.unpackMultiple(bytes, (found: unknown, _start?: number, recordEnd?: number) => take(found, recordEnd ?? 0));
	} catch (error) {
		if (error instanceof FileFormatError || !(error instanceof Error)) throw error;
	}
	if (surface === undefined)
		throw new FileFormatError(path, "the header is cut off; the sweep stopped before it began");
	return { surface, tornBytes: bytes.length - end };
}

function checkHeader(found: unknown, path: string): Header {
	const { format, version } = (found ?? {}) as Record<string, unknown>;
	if (format !== "isoloss run") throw new FileFormatError(path, "not an isoloss run file");
	if (version !== 1)
		throw new FileFormatError(path, `run file of version ${version}; this isoloss reads versions 1 and 2`);
	const header = found as Header;
	const { x, y, provenance } = header;
	const isAxis = (axis: Axis | undefined) =>
		Number.isFinite(axis?.min) &&
		Number.isFinite(axis?.max) &&
		Number.isSafeInteger(axis?.steps) &&
		(axis?.steps ?? 0) >= 2;
	if (!isAxis(x) || !(y === null || isAxis(y)) || provenance === undefined)
		throw new FileFormatError(path, "its header is none of a run");
	checkRecord(path, "provenance", provenance, { plan: isFacts, version: isText, notes: isFacts });
	// The header of these files has no checksum; what stands in it twice must be the same.
	const text = (axis: Axis | null) => (axis === null ? "none" : `${axis.min}:${axis.max}:${axis.steps}`);
	for (const [name, axis] of [
		["x", x],
		["y", y],
	] as const)
		if (provenance.plan[name] !== text(axis))
			throw new FileFormatError(
				path,
				`damaged: its axis ${name} is ${text(axis)}, its plan says ${provenance.plan[name]}`,
			);
	return header;
}

function emptyFrom(
	{ provenance: { plan, version, notes }, x, y }: Header,
	fileBytes: number,
	path: string,
	expected: number,
): Surface {
	const { metric = "accuracy", ...facts } = plan;
	const grid = regularGrid(x, y);
	const zeros = grid.axes.map(() => 0);
	const fields: FieldSpec[] = [{ name: "loss", label: "loss", unit: "loss" }, fieldOfMetric(String(metric))];
	const provenance: Provenance = {
		plan: { ...facts, fields: `loss,${metric}` },
		version,
		caption: captionOf(plan, notes),
		assumptions: [],
		notes,
	};
	const extras = pointNumber(grid, zeros) < 0 ? [zeros] : [];
	checkClaim({ grid, extras, fields }, fileBytes, path, expected);
	return emptySurface({ grid, extras, fields, anchors: anchorsOf(notes, y), provenance });
}

/** What kind of number a metric was went by its name then. */
function fieldOfMetric(name: string): FieldSpec {
	const isFraction = name.includes("accuracy") || name.startsWith("top-");
	return { name, label: name === "r2" ? "R²" : name, unit: isFraction ? "fraction" : "none" };
}

/** The networks at the ends of a line and the corners of a plane, by the names of their files. */
function anchorsOf({ weights, to, secondTo }: Notes, y: Axis | null): Anchor[] {
	const at = (alpha: number, beta: number) => (y === null ? [alpha] : [alpha, beta]);
	if (to === undefined || to === null) return [];
	const start = weights === undefined || weights === "shipped" ? "start" : nameOf(weights);
	return [
		{ label: start, at: at(0, 0), role: "origin" },
		{ label: nameOf(to), at: at(1, 0), role: "end" },
		...(y !== null && secondTo !== undefined ? [{ label: nameOf(secondTo), at: at(0, 1), role: "end" } as const] : []),
	];
}

function nameOf(note: unknown): string {
	return (String(note).split(/[\\/]/).at(-1) ?? "").replace(/\.safetensors$/, "");
}

function captionOf(plan: PlanRecord, { data, norm, seed, to, secondTo }: Notes): string[] {
	const isGiven = (note: Notes[string] | undefined) => note !== undefined && note !== null;
	return [
		plan.model,
		isGiven(data) ? String(data) : `data ${String(plan.data).slice(0, 8)}`,
		`${plan.samples} samples`,
		...(isGiven(norm) ? [`norm ${norm}`] : []),
		...(isGiven(seed) ? [`seed ${seed}`] : []),
		...(isGiven(to) ? [`to ${to}${isGiven(secondTo) ? ` and ${secondTo}` : ""}`] : []),
		String(plan.precision),
	];
}

function takeRow(found: unknown, surface: Surface): boolean {
	const { row, from, loss, metric, check } = (found ?? {}) as Record<string, unknown>;
	if (!(loss instanceof Uint8Array && metric instanceof Uint8Array)) return false;
	if (typeof row !== "number" || typeof from !== "number") return false;
	const count = loss.length / 8;
	if (![row, from, count].every((number) => Number.isSafeInteger(number) && number >= 0)) return false;
	const fits = row < rowsOf(surface.grid) && from + count <= columnsOf(surface.grid) && loss.length === metric.length;
	if (!fits || check !== crc32(metric, crc32(loss))) return false;
	const [losses, metrics] = [loss, metric].map(
		(bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
	);
	const values = new Float64Array(2 * count);
	for (let i = 0; i < count; i++) {
		values[2 * i] = losses?.getFloat64(8 * i, true) ?? Number.NaN;
		values[2 * i + 1] = metrics?.getFloat64(8 * i, true) ?? Number.NaN;
	}
	record(surface, { first: row * columnsOf(surface.grid) + from, count, values });
	return true;
}

function takeOrigin(found: unknown, surface: Surface): boolean {
	const { origin } = (found ?? {}) as { origin?: { loss: number; metric: number } };
	if (origin === undefined || surface.extras.length === 0) return false;
	record(surface, { first: gridPoints(surface.grid), count: 1, values: Float64Array.of(origin.loss, origin.metric) });
	return true;
}
