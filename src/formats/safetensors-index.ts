import { isRecord } from "../check/record.js";
import { FileFormatError } from "../errors.js";
import { parseJson } from "../files/json.js";
import type { NamedTensor } from "../network/parameters.js";
import type { ReadTensors } from "./format.js";
import { parseSafetensors } from "./safetensors.js";

/**
 * Reads the tensors that several safetensors files hold together, by their index file: `weight_map` says of each tensor which
 * file beside it has it.
 *
 * @throws {FileFormatError} when the index is none, or a file lacks what it says
 */
export const readShardedSafetensors: ReadTensors = (bytes, path, beside) => {
	const fail = (message: string): never => {
		throw new FileFormatError(path, message);
	};
	const entries = Object.entries(mapOf(bytes) ?? fail("no index of safetensors: it has no weight_map"));
	const files = new Map<string, ReadonlyMap<string, NamedTensor>>();
	const tensors = new Map<string, NamedTensor>();
	for (const [name, file] of entries) {
		if (typeof file !== "string" || !/^[^/\\:\0]+\.safetensors$/.test(file) || file.startsWith(".."))
			return fail(`lists "${String(file).slice(0, 80)}", which is no file beside it`);
		const held = files.get(file) ?? parseSafetensors(beside(file), file).tensors;
		files.set(file, held);
		tensors.set(name, held.get(name) ?? fail(`${file} holds no tensor ${name}`));
	}
	return tensors;
};

function mapOf(bytes: Uint8Array): object | undefined {
	try {
		const index = parseJson(bytes);
		return isRecord(index) && isRecord(index.weight_map) ? index.weight_map : undefined;
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
		throw error;
	}
}
