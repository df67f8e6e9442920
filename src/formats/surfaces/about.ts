import { type Check, isListOf, isObject, isOneOf, isPerhaps, isText, isWhole } from "../../check/values.js";
import { FileFormatError, OptionError } from "../../errors.js";
import { parseJson } from "../../files/json.js";
import { type FieldSpec, units } from "../../surface/field.js";
import type { Axis } from "../../surface/grid.js";
import { WRITTEN_FORMAT, WRITTEN_VERSION } from "../../surface/written.js";

/**
 * What one of our exports says of itself, from its JSON.
 *
 * @throws {FileFormatError} when it is no JSON, or none of a surface
 */
export function aboutOf(json: Uint8Array, path: string): Readonly<Record<string, unknown>> {
	let about: unknown;
	try {
		about = parseJson(json);
	} catch (error) {
		throw new FileFormatError(path, `its JSON can't be read (${error instanceof Error ? error.message : error})`);
	}
	const { format, version } = (about ?? {}) as Record<string, unknown>;
	if (format !== WRITTEN_FORMAT) throw new FileFormatError(path, `expected JSON with "format": "${WRITTEN_FORMAT}"`);
	if (version !== WRITTEN_VERSION)
		throw new FileFormatError(path, `is of version ${version}; this isoloss reads version ${WRITTEN_VERSION}`);
	return about as Readonly<Record<string, unknown>>;
}

/** @throws {FileFormatError} when it has none */
export function axesAbout({ grid }: Readonly<Record<string, unknown>>, path: string): { x: Axis; y: Axis | null } {
	checked(path, "grid", grid, isObject("a grid", { axes: isListOf(isObject("an axis", { steps: isWhole(1) }), 1) }));
	const [x, y] = (grid as { readonly axes: readonly [Axis, Axis?] }).axes;
	return { x, y: y ?? null };
}

/** @throws {FileFormatError} when they are none */
export function fieldsAbout({ fields }: Readonly<Record<string, unknown>>, path: string): readonly FieldSpec[] {
	const isField = isObject("a field", {
		name: isText,
		label: isText,
		unit: isOneOf(units),
		errorOf: isPerhaps(isText),
	});
	checked(path, "fields", fields, isListOf(isField, 1));
	return fields as readonly FieldSpec[];
}

function checked(path: string, name: string, value: unknown, check: Check): void {
	try {
		check(name, value);
	} catch (error) {
		if (error instanceof OptionError) throw new FileFormatError(path, error.message);
		throw error;
	}
}

/** The network that it says it is of; a name of the file's own where it says none. */
export function modelAbout({ provenance }: Readonly<Record<string, unknown>>, otherwise: string): string {
	const { plan } = (provenance ?? {}) as { readonly plan?: { readonly model?: unknown } };
	return typeof plan?.model === "string" && plan.model !== "" ? plan.model : otherwise;
}
