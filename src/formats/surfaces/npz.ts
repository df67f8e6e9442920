import type { NumericArray } from "../../data/raw.js";
import { FileFormatError } from "../../errors.js";
import type { FieldSpec } from "../../surface/field.js";
import { parseNpz } from "../npz.js";
import { aboutOf, fieldsAbout, modelAbout } from "./about.js";
import { axisThrough, baseName, type FoundSurface, keysText } from "./found.js";
import { usualField } from "./usual-field.js";

/**
 * A surface that NumPy has, as our exports are: `x` [nx], `y` [ny] but for a line, and any number of fields [ny, nx]; `done`,
 * `interpolated` and `meta` where they are there. Without `done` all values count.
 *
 * @throws {FileFormatError} naming the arrays there are when these are none of a surface
 */
export function readSurfaceNpz(bytes: Uint8Array, path: string): FoundSurface {
	const arrays = parseNpz(bytes, path);
	const x = arrays.get("x");
	if (x === undefined) {
		const hint = [...arrays.keys()].some((name) => name.startsWith("x/"))
			? `; isoloss sweep takes directions as --directions file:${path}`
			: "";
		throw new FileFormatError(path, `expected arrays x, y and fields, got ${keysText(arrays.keys())}${hint}`);
	}
	const y = arrays.get("y");
	const axes = {
		x: axisThrough(x.values, path, "x"),
		y: y === undefined ? null : axisThrough(y.values, path, "y"),
	};
	const shape = axes.y === null ? [axes.x.steps] : [axes.y.steps, axes.x.steps];
	const meta = arrays.get("meta");
	const about = meta === undefined ? undefined : aboutOf(Uint8Array.from(meta.values), path);
	const marks = (name: string) => {
		const array = arrays.get(name);
		return array === undefined ? undefined : Uint8Array.from(fitting(name, array, shape, path).values, Number);
	};
	const points = shape.reduce((product, length) => product * length, 1);
	const interpolated = marks("interpolated");
	const fields = specsOf(arrays, shape, about, path).map((field) => ({
		...field,
		values: Float64Array.from(fitting(field.name, arrays.get(field.name), shape, path).values),
	}));
	return {
		...axes,
		fields,
		done: marks("done") ?? new Uint8Array(points).fill(1),
		...(interpolated && { interpolated }),
		...(about && { about }),
		model: about === undefined ? baseName(path) : modelAbout(about, baseName(path)),
		facts: {},
		notes: {},
		told: leftOut(arrays, fields),
	};
}

const others = ["x", "y", "done", "interpolated", "meta"];

/** The fields, the loss first where one is called so. */
function specsOf(
	arrays: ReadonlyMap<string, NumericArray>,
	shape: readonly number[],
	about: Readonly<Record<string, unknown>> | undefined,
	path: string,
): readonly FieldSpec[] {
	if (about !== undefined) return fieldsAbout(about, path);
	const names = [...arrays]
		.filter(
			([name, array]) => !others.includes(name) && String(array.shape) === String(shape) && array.names === undefined,
		)
		.map(([name]) => name);
	if (names.length === 0)
		throw new FileFormatError(path, `expected fields of [${shape}] beside x and y, got ${keysText(arrays.keys())}`);
	return [...names.filter((name) => name === "loss"), ...names.filter((name) => name !== "loss")].map(usualField);
}

function fitting(name: string, array: NumericArray | undefined, shape: readonly number[], path: string): NumericArray {
	if (array === undefined || String(array.shape) !== String(shape))
		throw new FileFormatError(path, `expected ${name} of [${shape}], got ${array ? `[${array.shape}]` : "none"}`);
	return array;
}

function leftOut(arrays: ReadonlyMap<string, NumericArray>, fields: readonly FieldSpec[]): string[] {
	const left = [...arrays.keys()].filter(
		(name) => !others.includes(name) && !fields.some((field) => field.name === name),
	);
	return left.length === 0 ? [] : [`left out: ${keysText(left)}`];
}
