import { FileFormatError } from "../../errors.js";
import { numberOf } from "../../surface/named-numbers.js";
import { aboutOf, axesAbout, fieldsAbout, modelAbout } from "./about.js";
import { baseName, type FoundSurface } from "./found.js";

/**
 * A surface as our JSON has it: points not computed are null, values that JSON has no way to write are texts.
 *
 * @throws {FileFormatError} when it is none
 */
export function readSurfaceJson(bytes: Uint8Array, path: string): FoundSurface {
	const about = aboutOf(bytes, path);
	const { x, y } = axesAbout(about, path);
	const points = x.steps * (y?.steps ?? 1);
	// A value takes a byte and a comma at least.
	if (!(2 * points <= bytes.length))
		throw new FileFormatError(path, `claims ${points} points, more than it has room for`);
	const lists = (about.values ?? {}) as Readonly<Record<string, unknown>>;
	const done = new Uint8Array(points);
	const fields = fieldsAbout(about, path).map((field, column) => {
		const list = flat(Object.hasOwn(lists, field.name) ? lists[field.name] : undefined);
		if (list?.length !== points) throw new FileFormatError(path, `values.${field.name}: expected ${points} values`);
		const values = Float64Array.from(list, (value, point) => {
			const number = numberOf(value);
			if (number === undefined && value !== null)
				throw new FileFormatError(path, `values.${field.name}: expected a number or null for point ${point}`);
			if (column === 0) done[point] = value === null ? 0 : 1;
			return number ?? Number.NaN;
		});
		return { ...field, values };
	});
	const marks = flat(about.interpolated);
	return {
		...{ x, y, fields, done, about },
		...(marks?.length === points && { interpolated: Uint8Array.from(marks, (mark) => (mark === 1 ? 1 : 0)) }),
		model: modelAbout(about, baseName(path)),
		facts: {},
		notes: {},
		told: [],
	};
}

/** Rows, or one of them, as one list. */
function flat(value: unknown): unknown[] | undefined {
	return Array.isArray(value) ? value.flat() : undefined;
}
