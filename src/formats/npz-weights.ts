import { FileFormatError } from "../errors.js";
import { claimBound } from "../files/limits.js";
import type { NamedTensor } from "../network/parameters.js";
import { parseNpz } from "./npz.js";

/**
 * Reads weights that NumPy saved by name, in native layout.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are no whole .npz file, or its numbers take too much as float32
 */
export function parseNpzWeights(bytes: Uint8Array, path: string): Map<string, NamedTensor> {
	const arrays = new Map([...parseNpz(bytes, path)].filter(([, { names }]) => names === undefined));
	const needed = [...arrays.values()].reduce((sum, { values }) => sum + 4 * values.length, 0);
	if (needed > claimBound(bytes.length)) throw new FileFormatError(path, `its weights would take ${needed} bytes`);
	return new Map(
		[...arrays].map(([name, { shape, values }]) => [
			name,
			{ shape, values: values instanceof Float32Array ? values : Float32Array.from(values) },
		]),
	);
}
