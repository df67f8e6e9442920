import { type FieldSpec, specOf } from "../surface/field.js";
import type { Grid } from "../surface/grid.js";
import type { Provenance } from "../surface/provenance.js";
import type { Anchor, Surface } from "../surface/surface.js";
import type { Trajectories } from "../surface/trajectory.js";

/** What a page is made of, as JSON: all that it shows lies in it, and nothing is fetched. */
export interface PageData {
	readonly title: string;
	readonly runs: readonly RunData[];
	/** `viewer` shows runs side by side, `gallery` an index of them, `live` what is still computed, `embedded` some at places of a page. */
	readonly kind: "viewer" | "gallery" | "live" | "embedded";
}

/** A run as a page holds it. */
export interface RunData {
	/** What it is called beside others: its directory, or its network. */
	readonly name: string;
	/** When its file was written, as ISO 8601 writes a day: 2026-11-27. */
	readonly date?: string;
	readonly surface: SurfaceData;
}

/** A surface with its numbers as text that keeps every bit. */
export interface SurfaceData {
	readonly grid: Grid;
	readonly extras: readonly (readonly number[])[];
	/** Values in base64, float64, little-endian. */
	readonly fields: readonly (FieldSpec & { readonly values: string })[];
	/** In base64. */
	readonly done: string;
	/** Likewise. */
	readonly interpolated?: string;
	readonly anchors: readonly Anchor[];
	/** JSON whose numbers that are none are strings. */
	readonly trajectories?: string;
	readonly provenance: Provenance;
}

/** A surface as JSON has it. */
export function surfaceData(surface: Surface): SurfaceData {
	const { grid, extras, fields, done, interpolated, anchors, trajectories, provenance } = surface;
	return {
		...{ grid, extras, anchors, provenance },
		fields: fields.map((field) => ({ ...specOf(field), values: doublesText(field.values) })),
		done: base64(done),
		...(interpolated && { interpolated: base64(interpolated) }),
		...(trajectories && { trajectories: JSON.stringify(trajectories, nameNumber) }),
	};
}

/** The surface that `surfaceData` was given, to the bit. */
export function surfaceOf(data: SurfaceData): Surface {
	const { grid, extras, fields, done, interpolated, anchors, trajectories, provenance } = data;
	return {
		...{ grid, extras, anchors, provenance },
		fields: fields.map(({ values, ...spec }) => ({ ...spec, values: doublesOf(values) })),
		done: bytesOf(done),
		...(interpolated !== undefined && { interpolated: bytesOf(interpolated) }),
		...(trajectories !== undefined && { trajectories: JSON.parse(trajectories, numberNamed) as Trajectories }),
	};
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Float64 values as text that keeps every bit. */
export function doublesText(values: Float64Array): string {
	if (isLittleEndian) return base64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
	const view = new DataView(new ArrayBuffer(values.length * 8));
	for (const [i, value] of values.entries()) view.setFloat64(i * 8, value, true);
	return base64(new Uint8Array(view.buffer));
}

/** The values of `doublesText`. */
export function doublesOf(text: string): Float64Array {
	const view = new DataView(bytesOf(text).buffer);
	return Float64Array.from({ length: view.byteLength / 8 }, (_, i) => view.getFloat64(i * 8, true));
}

/** Characters are made of so many bytes at once: a call has room for no more arguments. */
const PART = 0x8000;

function base64(bytes: Uint8Array): string {
	let text = "";
	for (let from = 0; from < bytes.length; from += PART)
		text += String.fromCharCode(...bytes.subarray(from, from + PART));
	return btoa(text);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

const notNumbers = ["NaN", "Infinity", "-Infinity"];

function nameNumber(_: string, value: unknown): unknown {
	return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** Names of files and of trainings are text whatever they say. */
const names = ["file", "label", "origin"];

function numberNamed(key: string, value: unknown): unknown {
	return typeof value === "string" && notNumbers.includes(value) && !names.includes(key) ? Number(value) : value;
}
