import { FileFormatError } from "../../errors.js";
import { claimBound } from "../../files/limits.js";
import { type NumberType, numberReaders, readFloats } from "../../files/numbers.js";
import { isZip, unzip } from "../../files/zip.js";
import type { NamedTensor } from "../../network/parameters.js";
import { sizeOf } from "../../network/shape.js";
import { PickleCall, PickleGlobal, PickleReference, parsePickle } from "./pickle.js";

/** The classes that hold numbers, and what numbers they hold. */
const storages: Readonly<Record<string, NumberType>> = {
	"torch.DoubleStorage": "float64",
	"torch.FloatStorage": "float32",
	"torch.HalfStorage": "float16",
	"torch.BFloat16Storage": "bfloat16",
	"torch.LongStorage": "int64",
	"torch.IntStorage": "int32",
	"torch.ShortStorage": "int16",
	"torch.CharStorage": "int8",
	"torch.ByteStorage": "uint8",
	"torch.BoolStorage": "bool",
};

const REBUILD_TENSOR = "torch._utils._rebuild_tensor_v2";
const REBUILD_PARAMETER = "torch._utils._rebuild_parameter";

const allowed = new Set([
	...Object.keys(storages),
	REBUILD_TENSOR,
	REBUILD_PARAMETER,
	"collections.OrderedDict",
	"torch.Size",
]);

/** What training scripts call the state_dict inside a checkpoint, the most usual first. */
const wrappers = [
	"state_dict",
	"model_state_dict",
	"model_state",
	"model",
	"net",
	"network",
	"module",
	"params",
	"weights",
];

/**
 * Reads the tensors of a PyTorch state_dict (.pt, .pth), alone or in a checkpoint under a usual name, in native layout.
 * Nothing of the file is executed: its pickle may name tensors, storages and dictionaries, and all else is refused.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the file is of PyTorch before 1.6, not whole, or holds anything else
 */
export function parsePyTorch(bytes: Uint8Array, path: string): Map<string, NamedTensor> {
	const fail: Fail = (message) => {
		throw new FileFormatError(path, message);
	};
	if (!isZip(bytes)) return fail(describeOther(bytes));
	const entries = unzip(bytes, path);
	const pickle = [...entries.keys()].find((name) => name === "data.pkl" || name.endsWith("/data.pkl"));
	if (pickle === undefined) return fail("not a PyTorch file: the archive holds no data.pkl");
	const folder = pickle.slice(0, -"data.pkl".length);
	const order = entries.get(`${folder}byteorder`);
	if (order !== undefined && new TextDecoder().decode(order) !== "little") return fail("holds big-endian numbers");
	if (entries.has(`${folder}constants.pkl`))
		return fail("is a TorchScript program; save the network's state_dict() instead");
	const content = parsePickle(entries.get(pickle) ?? new Uint8Array(), path, allowed, bytes.length);
	// Tied layers share storages, and half precision doubles; beyond that the tensors are claims, not contents.
	let left = claimBound(bytes.length);
	const tensors = new Map<string, NamedTensor>();
	for (const [name, value] of stateDict(content, fail)) {
		const tensor = tensorCall(value);
		if (typeof name !== "string" || tensor === undefined) continue;
		tensors.set(
			name,
			readTensor(
				name,
				tensor,
				(key) => entries.get(`${folder}data/${key}`),
				fail,
				(bytes) => {
					left -= bytes;
					if (left < 0) fail("its tensors claim more numbers than the file holds");
				},
			),
		);
	}
	return tensors;
}

type Fail = (message: string) => never;

function describeOther(bytes: Uint8Array): string {
	const isOld = bytes[0] === 0x80 && (bytes[1] ?? 9) <= 5;
	return isOld
		? "is in PyTorch's format from before 1.6; load it there and save it again with torch.save(state_dict, path)"
		: "not a PyTorch file";
}

/** The call that made a tensor, with a parameter's wrapping taken off. */
function tensorCall(value: unknown): PickleCall | undefined {
	if (!(value instanceof PickleCall)) return undefined;
	if (value.name === REBUILD_TENSOR) return value;
	return value.name === REBUILD_PARAMETER ? tensorCall(value.args[0]) : undefined;
}

function holdsTensors(value: unknown): value is Map<unknown, unknown> {
	return value instanceof Map && [...value.values()].some((item) => tensorCall(item) !== undefined);
}

function stateDict(content: unknown, fail: Fail): Map<unknown, unknown> {
	if (holdsTensors(content)) return content;
	if (!(content instanceof Map)) return fail("holds no state_dict (a dictionary of tensors)");
	for (const name of wrappers) {
		const inner = content.get(name);
		if (holdsTensors(inner)) return inner;
	}
	const candidates = [...content].filter(([, value]) => holdsTensors(value));
	const [only, ...others] = candidates;
	if (only !== undefined && others.length === 0) return only[1] as Map<unknown, unknown>;
	const keys = [...content.keys()].map(String).slice(0, 20).join(", ");
	return fail(`holds no state_dict under a usual name; its entries are ${keys}`);
}

function readTensor(
	name: string,
	{ args }: PickleCall,
	entry: (key: string) => Uint8Array | undefined,
	fail: Fail,
	claim: (bytes: number) => void,
): NamedTensor {
	const [reference, offset, shape, strides] = args;
	const id = reference instanceof PickleReference ? reference.id : undefined;
	const [kind, storage, key] = Array.isArray(id) ? id : [];
	const type = storage instanceof PickleGlobal ? storages[storage.name] : undefined;
	if (kind !== "storage" || type === undefined) return fail(`tensor ${name} has no storage that is known here`);
	const bytes = entry(String(key));
	if (bytes === undefined) return fail(`tensor ${name}: its storage ${String(key).slice(0, 40)} is missing`);
	if (!isLengths(shape) || !isLengths(strides) || shape.length !== strides.length || !isLengths([offset]))
		return fail(`tensor ${name} has no valid shape`);
	const { bytes: width, read } = numberReaders[type];
	const available = Math.floor(bytes.length / width);
	const size = sizeOf(shape);
	const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), Number(offset));
	// A stride of 0 repeats numbers: a small storage could claim a tensor of any size.
	if (size > available || (size > 0 && !(last < available)))
		return fail(`tensor ${name} [${shape}] goes beyond its storage of ${available} numbers`);
	claim(size * 4);
	const start = Number(offset);
	if (isRowMajor(shape, strides))
		return { shape, values: readFloats(type, bytes.subarray(start * width, (start + size) * width)) };
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const values = new Float32Array(size);
	const position = shape.map(() => 0);
	let at = start;
	for (let index = 0; index < size; index++) {
		values[index] = read(view, at * width);
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			const next = (position[axis] ?? 0) + 1;
			const stride = strides[axis] ?? 0;
			if (next < (shape[axis] ?? 1)) {
				position[axis] = next;
				at += stride;
				break;
			}
			position[axis] = 0;
			at -= stride * (next - 1);
		}
	}
	return { shape, values };
}

/** Whether the numbers of a tensor lie one after another; of an axis of length 1 the stride says nothing. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
	return shape.every((length, axis) => length === 1 || strides[axis] === sizeOf(shape.slice(axis + 1)));
}

function isLengths(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
