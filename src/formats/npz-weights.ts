import type { NamedTensor } from "../network/parameters.js";
import { parseNpz } from "./npz.js";

/**
 * Reads weights that NumPy saved by name, in native layout.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are no whole .npz file
 */
export function parseNpzWeights(bytes: Uint8Array, path: string): Map<string, NamedTensor> {
	return new Map(
		[...parseNpz(bytes, path)].map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }]),
	);
}
