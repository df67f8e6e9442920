import { fileURLToPath } from "node:url";
import { planeOptions } from "../options/plane/index.js";
import { type AnyTable, flagOf } from "../options/table.js";
import type { RequestRecord } from "../surface/provenance.js";

/**
 * The command of a sweep as it can be typed, from what was asked for and what is to be changed in it. Of a run that does not say what it was
 * asked for, what changes, after three dots.
 *
 * @param changes options by their names; undefined leaves one out
 */
export function sweepCommand(
	request: RequestRecord | undefined,
	changes: Readonly<Record<string, unknown>> = {},
): string {
	const asked = { ...request, ...changes };
	const flags = Object.entries(asked).flatMap(([property, value]) => flagsFor(property, value));
	return ["isoloss sweep", ...(request === undefined ? ["..."] : []), ...flags].join(" ");
}

function flagsFor(property: string, value: unknown): string[] {
	const flag = flagOf(property);
	if (value === undefined || value === false) return [];
	if (value === true) return [flag];
	if (Array.isArray(value) && (planeOptions as AnyTable)[property]?.repeats)
		return value.map((each) => `${flag} ${quoted(String(each))}`);
	const text = textOf(value);
	return [text.startsWith("-") ? `${flag}=${quoted(text)}` : `${flag} ${quoted(text)}`];
}

function textOf(value: unknown): string {
	if (value === null) return "none";
	if (Array.isArray(value)) return value.join(",");
	if (typeof value === "object") {
		const { min, max, steps } = value as Readonly<Record<string, unknown>>;
		return `${min}:${max}:${steps}`;
	}
	const text = String(value);
	return text.startsWith("file:") ? fileURLToPath(text) : text;
}

/** A word as a shell takes it for one. */
export function quoted(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
