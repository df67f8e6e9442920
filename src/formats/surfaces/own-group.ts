import { FileFormatError } from "../../errors.js";
import type { FieldSpec } from "../../surface/field.js";
import type { Hdf5 } from "../hdf5.js";
import { aboutOf, axesAbout, fieldsAbout, modelAbout } from "./about.js";
import { baseName, type FoundSurface } from "./found.js";
import { keyOf, OWN_GROUP, PENDING, PER_CENT, referenceNames } from "./reference-names.js";

type Contents = Hdf5<Float32Array | Float64Array>;

/**
 * What one of our own HDF5 files has to the bit beside the reference code's names; undefined of another program's.
 *
 * @throws {FileFormatError} when the two don't agree: somebody has changed one of them
 */
export function readOwnGroup(file: Contents, path: string): FoundSurface | undefined {
	const text = file.texts.get(`${OWN_GROUP}/meta`);
	if (text === undefined) return undefined;
	const about = aboutOf(new TextEncoder().encode(text), path);
	const { x, y } = axesAbout(about, path);
	const points = x.steps * (y?.steps ?? 1);
	const array = (key: string) => {
		const values = file.arrays.get(`${OWN_GROUP}/${key}`)?.values;
		if (values?.length !== points) throw new FileFormatError(path, `${OWN_GROUP}/${key}: expected ${points} values`);
		return values;
	};
	const done = Uint8Array.from(array("done"));
	const interpolated = file.arrays.has(`${OWN_GROUP}/interpolated`)
		? Uint8Array.from(array("interpolated"))
		: undefined;
	const fields = fieldsAbout(about, path).map((field) => ({
		...field,
		values: Float64Array.from(array(`fields/${keyOf(field.name)}`)),
	}));
	for (const field of fields) checkAgreement(file, path, field, done);
	return {
		...{ x, y, fields, done, about },
		...(interpolated && { interpolated }),
		model: modelAbout(about, baseName(path)),
		facts: {},
		notes: {},
		told: [],
	};
}

/** Whether the reference code's arrays still say what ours do. */
function checkAgreement(
	{ arrays }: Contents,
	path: string,
	{ name, unit, values }: FieldSpec & { readonly values: Float64Array },
	done: Uint8Array,
): void {
	const keys = Object.entries(referenceNames).filter(([, known]) => known.name === name && known.unit === unit);
	for (const [key] of keys) {
		const array = arrays.get(key)?.values;
		if (array === undefined) continue;
		const factor = unit === "fraction" ? PER_CENT : 1;
		const odd = array.findIndex(
			(value: number, point: number) =>
				!Object.is(value, done[point] === 1 ? factor * (values[point] ?? Number.NaN) : PENDING),
		);
		if (odd >= 0)
			throw new FileFormatError(
				path,
				`${key} is not what the group ${OWN_GROUP} has at point ${odd}; delete the group to read ${key} alone`,
			);
	}
}
