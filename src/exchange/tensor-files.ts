import { extname } from "node:path";
import { OptionError } from "../errors.js";
import { formatHdf5, type Hdf5Array } from "../formats/format-hdf5.js";
import { formatNpz } from "../formats/npz.js";
import { formatSafetensors } from "../formats/safetensors.js";
import { type Layout, slice, toNative } from "../network/parameters.js";
import type { Vector } from "../section/vector.js";

/** A tensor in native (PyTorch) shape and order, in the type of the vector that it is of. */
export interface Tensor {
	readonly shape: readonly number[];
	readonly values: Float32Array | Float64Array;
}

/** The tensors of a flat vector, by names that begin with something. */
export function tensorsOf(vector: Vector, layout: Layout, prefix = ""): [string, Tensor][] {
	return layout.slots.map((slot) => [
		prefix + slot.name,
		{ shape: slot.native.shape, values: toNative(slice(vector, slot), slot.native) },
	]);
}

/** What tensors are written with. */
export interface TensorFile {
	readonly tensors: ReadonlyMap<string, Tensor>;
	/** Texts to go along where the format has room for them. */
	readonly metadata: Readonly<Record<string, string>>;
	/** Of HDF5, whose keys are others. */
	readonly datasets?: ReadonlyMap<string, Hdf5Array | string>;
}

/**
 * Tensors as the contents of a file, by the ending of its name.
 *
 * @throws {OptionError} naming the endings there are
 */
export async function formatTensors(path: string, { tensors, metadata, datasets }: TensorFile): Promise<Uint8Array> {
	const ending = extname(path).toLowerCase();
	if (ending === ".npz") return formatNpz(tensors);
	if (ending === ".safetensors") return formatSafetensors({ tensors, metadata });
	if (ending === ".h5" && datasets !== undefined) return formatHdf5({ datasets, attributes: metadata });
	const known = [".npz", ".safetensors", ...(datasets === undefined ? [] : [".h5"])];
	throw new OptionError("path", `expected a name that ends in ${known.join(", ")}, got "${path}"`);
}
