import { FileFormatError } from "../../errors.js";
import { type NumberReader, numberReaders } from "../../files/numbers.js";
import type { NamedTensor } from "../../network/parameters.js";
import { sizeOf } from "../../network/shape.js";

const readers: Readonly<Record<string, NumberReader>> = {
	float32: numberReaders.float32,
	float16: numberReaders.float16,
	int32: numberReaders.int32,
	uint8: numberReaders.uint8,
	bool: numberReaders.bool,
};

/**
 * The weights of a TensorFlow.js model by name: groups of files laid end to end, each tensor at the end of the one before.
 * Weights quantised to 8 or 16 bits are value · scale + min.
 *
 * @throws {FileFormatError} when manifest or shards are not whole
 */
export function readShards(
	manifest: unknown,
	path: string,
	beside: (location: string) => Uint8Array,
): Map<string, NamedTensor> {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	const tensors = new Map<string, NamedTensor>();
	if (!Array.isArray(manifest)) return fail("its weightsManifest is missing");
	for (const group of manifest) {
		const { paths, weights } = (group ?? {}) as Record<string, unknown>;
		if (!Array.isArray(paths) || !Array.isArray(weights)) return fail("its weightsManifest is damaged");
		const bytes = Buffer.concat(paths.map((shard) => beside(checkedName(String(shard), fail))));
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		let offset = 0;
		for (const weight of weights) {
			const { name, shape, dtype, quantization } = (weight ?? {}) as Record<string, unknown>;
			const { dtype: packed, scale = 1, min = 0 } = (quantization ?? {}) as Record<string, unknown>;
			const type = String(packed ?? dtype);
			const reader =
				type === "uint16" ? numberReaders.uint16 : Object.hasOwn(readers, type) ? readers[type] : undefined;
			if (reader === undefined) return fail(`weight ${name} has the unsupported type ${type}`);
			if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0))
				return fail(`weight ${name} has no valid shape`);
			const size = sizeOf(shape);
			const end = offset + size * reader.bytes;
			if (!(end <= bytes.length))
				return fail(`weight ${name} ends at byte ${end} of its shards, which have ${bytes.length}`);
			const values = new Float32Array(size);
			for (let i = 0; i < size; i++) {
				const value = reader.read(view, offset + i * reader.bytes);
				values[i] = packed === undefined || packed === "float16" ? value : value * Number(scale) + Number(min);
			}
			tensors.set(String(name), { shape, values });
			offset = end;
		}
	}
	return tensors;
}

function checkedName(name: string, fail: (message: string) => never): string {
	return name === "" || /(^|[\\/])\.\.([\\/]|$)|^[\\/]|:|\0/.test(name)
		? fail(`a shard is called "${name.slice(0, 80)}", which is not a file beside the model`)
		: name;
}
