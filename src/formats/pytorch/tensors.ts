import { claimBound } from "../../files/limits.js";
import { type NumberType, numberReaders, readFloats } from "../../files/numbers.js";
import type { NamedTensor } from "../../network/parameters.js";
import { sizeOf, visitStrided } from "../../network/shape.js";
import { PickleGlobal, PickleObject, PickleReference } from "./pickle.js";

type Fail = (message: string) => never;

/** The classes that hold numbers, and what numbers they hold. */
export const storages: Readonly<Record<string, NumberType>> = {
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

/** NumPy's names of the types in pickles. */
const arrayTypes: Readonly<Record<string, NumberType>> = {
	f8: "float64",
	f4: "float32",
	f2: "float16",
	i8: "int64",
	i4: "int32",
	i2: "int16",
	i1: "int8",
	u1: "uint8",
	b1: "bool",
};

/** Functions that make a tensor of another, and which of their arguments that is. */
const wrappings: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
	"torch._utils._rebuild_parameter": ([tensor]) => tensor,
	"torch._utils._rebuild_parameter_with_state": ([tensor]) => tensor,
	"torch._tensor._rebuild_from_type_v2": ([callee, , args]) =>
		callee instanceof PickleGlobal && Array.isArray(args) ? new PickleObject(callee.name, args) : undefined,
};

/** Numbers of a pickle that are not read yet: a tensor of PyTorch, or an array of NumPy. */
export interface Pending {
	/** @param name how errors call it */
	read(source: TensorSource, name: string): NamedTensor;
}

/** Where the bytes of storages are, and what may be claimed of them. */
export class TensorSource {
	readonly fail: Fail;
	/** The bytes of a storage by its key. */
	readonly storage: (key: string) => Uint8Array | undefined;
	// Tied layers share storages, and half precision doubles; beyond that the tensors are claims, not contents.
	#left: number;

	constructor(fileBytes: number, storage: (key: string) => Uint8Array | undefined, fail: Fail) {
		this.#left = claimBound(fileBytes);
		this.storage = storage;
		this.fail = fail;
	}

	/** @throws {FileFormatError} when more is claimed than the file can hold */
	claim(bytes: number): void {
		this.#left -= bytes;
		if (this.#left < 0) this.fail("its tensors claim more numbers than the file holds");
	}
}

/** The numbers that a value of a pickle stands for, if it does. */
export function pendingOf(value: unknown): Pending | undefined {
	if (!(value instanceof PickleObject)) return undefined;
	const { name, args } = value;
	if (name === "torch._utils._rebuild_tensor_v2" || name === "torch._utils._rebuild_tensor")
		return { read: (source, name) => readTensor(name, args, source) };
	const wrapped = Object.hasOwn(wrappings, name) ? wrappings[name]?.(args) : undefined;
	if (wrapped !== undefined) return pendingOf(wrapped);
	return /^numpy\.(_?core)\.multiarray\._reconstruct$/.test(name) ? arrayOf(value) : undefined;
}

function readTensor(
	name: string,
	[reference, offset, shape, strides]: readonly unknown[],
	source: TensorSource,
): NamedTensor {
	const { fail } = source;
	const id = reference instanceof PickleReference ? reference.id : undefined;
	const [kind, storage, key] = Array.isArray(id) ? id : [];
	const type = storage instanceof PickleGlobal ? storages[storage.name] : undefined;
	if (kind !== "storage" || type === undefined) return fail(`tensor ${name} has no storage that is known here`);
	const bytes =
		source.storage(String(key)) ?? fail(`tensor ${name}: its storage ${String(key).slice(0, 40)} is missing`);
	if (!isLengths(shape) || !isLengths(strides) || shape.length !== strides.length || !isLengths([offset]))
		return fail(`tensor ${name} has no valid shape`);
	const width = numberReaders[type].bytes;
	const available = Math.floor(bytes.length / width);
	const size = sizeOf(shape);
	const start = Number(offset);
	const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), start);
	// A stride of 0 repeats numbers: a small storage could claim a tensor of any size.
	if (size > available || (size > 0 && !(last < available)))
		return fail(`tensor ${name} [${shape}] goes beyond its storage of ${available} numbers`);
	source.claim(size * 4);
	if (isRowMajor(shape, strides))
		return { shape, values: readFloats(type, bytes.subarray(start * width, (start + size) * width)) };
	return { shape, values: strided(type, bytes, start, shape, strides) };
}

/** Whether the numbers of a tensor lie one after another; of an axis of length 1 the stride says nothing. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
	return shape.every((length, axis) => length === 1 || strides[axis] === sizeOf(shape.slice(axis + 1)));
}

function strided(
	type: NumberType,
	bytes: Uint8Array,
	start: number,
	shape: readonly number[],
	strides: readonly number[],
): Float32Array {
	const { bytes: width, read } = numberReaders[type];
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const values = new Float32Array(sizeOf(shape));
	visitStrided(shape, strides, start, (here, there) => {
		values[here] = read(view, there * width);
	});
	return values;
}

/** An array of NumPy as pickles have it: its state is (version, shape, type, whether in columns, bytes). */
function arrayOf({ state }: PickleObject): Pending | undefined {
	const [, shape, dtype, isColumnMajor, bytes] = Array.isArray(state) ? state : [];
	const code = dtype instanceof PickleObject ? dtype.args[0] : undefined;
	const order = dtype instanceof PickleObject && Array.isArray(dtype.state) ? dtype.state[1] : undefined;
	const type = typeof code === "string" && Object.hasOwn(arrayTypes, code) ? arrayTypes[code] : undefined;
	if (type === undefined || order === ">" || !isLengths(shape) || !(bytes instanceof Uint8Array)) return undefined;
	return {
		read(source, name) {
			const size = sizeOf(shape);
			const width = numberReaders[type].bytes;
			if (bytes.length !== size * width) return source.fail(`array ${name} [${shape}] has ${bytes.length} bytes`);
			source.claim(size * 4);
			if (isColumnMajor !== true) return { shape, values: readFloats(type, bytes) };
			const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
			return { shape, values: strided(type, bytes, 0, shape, strides) };
		},
	};
}

function isLengths(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
