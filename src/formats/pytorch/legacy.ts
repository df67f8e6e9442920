import { FileFormatError } from "../../errors.js";
import { numberReaders } from "../../files/numbers.js";
import { PickleGlobal, type PickleReference, unpickle } from "./pickle.js";
import { storages } from "./tensors.js";

/** What PyTorch before 1.6 writes first: 0x1950a86a20f9469cfc6c, of which a double holds the leading digits. */
const MAGIC = Number(0x1950a86a20f9469cfc6cn);

/**
 * Reads a pickle that stands alone, or a file of PyTorch before 1.6: pickles one after another (a magic number, the version of
 * the format, facts of the machine, the content, the keys of the storages), then each storage: how many numbers it has in eight
 * bytes, and the numbers.
 *
 * @throws {FileFormatError} when it is not whole
 * @see https://github.com/pytorch/pytorch/blob/v1.13.1/torch/serialization.py, _legacy_load
 */
export function readLegacy(
	bytes: Uint8Array,
	path: string,
): { readonly content: unknown; readonly storage: (key: string) => Uint8Array | undefined } {
	let at = 0;
	const types = new Map<string, string>();
	const next = (): unknown => {
		const { value, end } = unpickle(bytes.subarray(at), path, bytes.length, (id) => noteStorage(id, types));
		at += end;
		return value;
	};
	const first = next();
	if (first !== MAGIC) return { content: first, storage: () => undefined };
	next();
	const facts = next();
	if (facts instanceof Map && facts.get("little_endian") === false)
		throw new FileFormatError(path, "holds big-endian numbers");
	const content = next();
	const keys = next();
	if (!Array.isArray(keys)) throw new FileFormatError(path, "damaged: the keys of its storages are missing");
	const found = new Map<string, Uint8Array>();
	for (const key of keys.map(String)) {
		const type = storages[types.get(key) ?? ""];
		if (type === undefined || at + 8 > bytes.length)
			throw new FileFormatError(path, `damaged or cut off: its storage ${key.slice(0, 40)} is missing`);
		const count = Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigInt64(0, true));
		const end = at + 8 + count * numberReaders[type].bytes;
		if (!(count >= 0 && end <= bytes.length))
			throw new FileFormatError(path, `cut off: storage ${key.slice(0, 40)} has ${count} numbers`);
		found.set(key, bytes.subarray(at + 8, end));
		at = end;
	}
	return { content, storage: (key) => found.get(key) };
}

/** Which class a storage is of is said where a tensor refers to it. */
function noteStorage({ id }: PickleReference, types: Map<string, string>): void {
	const [kind, storage, key] = Array.isArray(id) ? id : [];
	if (kind === "storage" && storage instanceof PickleGlobal) types.set(String(key), storage.name);
}
