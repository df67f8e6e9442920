import type { NumericArray, RawData } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { readInput } from "../files/read.js";
import type { ReadData } from "./format.js";
import { parseNpy } from "./npy.js";
import { parseNpz } from "./npz.js";

export const readNpzData: ReadData = (path) => parseNpzData(readInput(path), path);

/** The targets of x.npy are in y.npy beside it. */
export const readNpyData: ReadData = (path) => parseNpyData(readInput(path), readInput(targetsBeside(path)), path);

function targetsBeside(path: string): string {
	const beside = path.replace(/x(?=\.npy$)/i, (x) => (x === "x" ? "y" : "Y"));
	if (beside === path) throw new FileFormatError(path, "expected a name that ends in x.npy, with y.npy beside it");
	return beside;
}

/** What people call the samples and their targets, the usual first. */
const inputNames = ["x", "X", "inputs", "images", "data", "x_test", "x_train"];
const targetNames = ["y", "Y", "targets", "labels", "target", "y_test", "y_train"];

/**
 * Reads samples `x` and targets `y` from a .npz file.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the file is damaged or one of them is missing
 */
export function parseNpzData(bytes: Uint8Array, path: string): RawData {
	const arrays = parseNpz(bytes, path);
	const find = (names: readonly string[]): NumericArray => {
		const name = names.find((name) => arrays.has(name));
		const found = name === undefined ? undefined : arrays.get(name);
		if (found === undefined)
			throw new FileFormatError(
				path,
				`expected an array ${names[0]}, got ${[...arrays.keys()].slice(0, 20).join(", ")}`,
			);
		return found;
	};
	return fromArrays(find(inputNames), find(targetNames), path);
}

/** Reads samples and targets from two .npy files. */
export function parseNpyData(inputs: Uint8Array, targets: Uint8Array, path: string): RawData {
	return fromArrays(parseNpy(inputs, path), parseNpy(targets, `${path} (targets)`), path);
}

function fromArrays(inputs: NumericArray, targets: NumericArray, path: string): RawData {
	const [samples] = inputs.shape;
	if (samples === undefined || samples === 0) throw new FileFormatError(path, "holds no samples");
	if (targets.shape[0] !== samples)
		throw new FileFormatError(path, `holds ${samples} samples, but ${targets.shape[0] ?? "no"} targets`);
	return { name: path, inputs, targets };
}
