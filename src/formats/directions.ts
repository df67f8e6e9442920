import { FileFormatError } from "../errors.js";
import { readInput } from "../files/read.js";
import { isZip } from "../files/zip.js";
import { isHdf5, readHdf5Exactly } from "./hdf5.js";
import { parseNpz } from "./npz.js";
import { recognise } from "./recognise.js";
import { parseSafetensorsExactly } from "./safetensors.js";
import { keysText } from "./surfaces/found.js";

/** A tensor of a direction, in native (PyTorch) shape and order; float32 where the file has it so. */
export interface DirectionTensor {
	/** Absent in files of the reference code, which has them by their number. */
	readonly name?: string;
	readonly shape: readonly number[];
	readonly values: Float32Array | Float64Array;
}

/** The directions of a file, each as its tensors in their order; one for a line, two for a plane. */
export type FoundDirections = readonly [readonly DirectionTensor[], (readonly DirectionTensor[])?];

/** What names of tensors begin with, by the axis that they are of. */
export const prefixes = ["x/", "y/"] as const;

/** The groups that the reference code has them in. */
export const directionGroups = ["xdirection", "ydirection"] as const;

/**
 * Reads directions from a file: the reference code's HDF5 (groups `xdirection` and `ydirection` with tensors "0", "1", ... in the order of
 * the parameters), or .npz or .safetensors with tensors `x/NAME` and `y/NAME`; names without either are all of one direction.
 *
 * @throws {FileFormatError} when it is missing, damaged, or holds none
 */
export function readDirections(path: string): FoundDirections {
	const bytes = readInput(path);
	if (isHdf5(bytes)) return fromReference(bytes, path);
	if (isZip(bytes)) return byPrefix(tensorsOfNpz(bytes, path), path);
	if (recognise(bytes).format !== "safetensors")
		throw new FileFormatError(path, "expected directions as .h5, .npz or .safetensors");
	return byPrefix(parseSafetensorsExactly(bytes, path).tensors, path);
}

type Tensors = ReadonlyMap<string, Omit<DirectionTensor, "name">>;

function tensorsOfNpz(bytes: Uint8Array, path: string): Tensors {
	return new Map(
		[...parseNpz(bytes, path)].map(([name, { shape, values }]) => [
			name,
			{ shape, values: values instanceof Float32Array ? values : Float64Array.from(values) },
		]),
	);
}

function byPrefix(tensors: Tensors, path: string): FoundDirections {
	const [x, y] = prefixes.map((prefix) =>
		[...tensors]
			.filter(([name]) => name.startsWith(prefix))
			.map(([name, tensor]) => ({ ...tensor, name: name.slice(prefix.length) })),
	);
	if (x === undefined || y === undefined || x.length + y.length === 0)
		return [[...tensors].map(([name, tensor]) => ({ ...tensor, name }))];
	const odd = [...tensors.keys()].find((name) => !prefixes.some((prefix) => name.startsWith(prefix)));
	if (odd !== undefined) throw new FileFormatError(path, `expected all names to begin with x/ or y/, got ${odd}`);
	if (x.length === 0) throw new FileFormatError(path, "holds a direction y/ without one x/");
	return y.length === 0 ? [x] : [x, y];
}

function fromReference(bytes: Uint8Array, path: string): FoundDirections {
	const { arrays, attributes } = readHdf5Exactly(bytes, path);
	const [x, y] = directionGroups.map((group) => {
		const tensors: DirectionTensor[] = [];
		for (let key = `${group}/0`; arrays.has(key); key = `${group}/${tensors.length}`) {
			const array = arrays.get(key);
			const name = attributes.get(key)?.name;
			if (array !== undefined) tensors.push({ ...array, ...(typeof name === "string" && { name }) });
		}
		const all = [...arrays.keys()].filter((key) => key.startsWith(`${group}/`));
		if (all.length !== tensors.length)
			throw new FileFormatError(path, `expected ${group} to hold tensors 0 to N, got ${keysText(all)}`);
		return tensors;
	});
	if (x === undefined || x.length === 0)
		throw new FileFormatError(path, `expected a group ${directionGroups[0]}, got keys ${keysText(arrays.keys())}`);
	return y === undefined || y.length === 0 ? [x] : [x, y];
}
