import { type Source, sourceOfBytes } from "../../files/frames.js";
import { claimBound } from "../../files/limits.js";
import {
	bfloatToNumber,
	halfToNumber,
	isFloat,
	type NumberType,
	numberReaders,
	readFloats,
} from "../../files/numbers.js";
import { sizeOf } from "../../network/shape.js";
import type { ReadBeside } from "../format.js";
import type { OnnxTensor } from "./model.js";
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from "./onnx_pb.js";

/** How many rows of nothing a tensor may have: exporters write empty lists and caches, and rows cost time though they hold nothing. */
const MOST_OF_NOTHING = 2 ** 20;

export type Fail = (message: string) => never;

const {
	DOUBLE,
	FLOAT,
	FLOAT16,
	BFLOAT16,
	BOOL,
	INT4,
	INT8,
	INT16,
	INT32,
	INT64,
	UINT4,
	UINT8,
	UINT16,
	UINT32,
	UINT64,
} = TensorProto_DataType;
const types: Readonly<Partial<Record<number, NumberType>>> = {
	[FLOAT]: "float32",
	[UINT8]: "uint8",
	[INT8]: "int8",
	[UINT16]: "uint16",
	[INT16]: "int16",
	[INT32]: "int32",
	[INT64]: "int64",
	[BOOL]: "bool",
	[FLOAT16]: "float16",
	[DOUBLE]: "float64",
	[UINT32]: "uint32",
	[UINT64]: "uint64",
	[BFLOAT16]: "bfloat16",
};

/** Two numbers a byte, the first in its lower half. */
const halves: ReadonlySet<number> = new Set([INT4, UINT4]);

/** What the types of whole numbers can hold, as far as quantised values are kept in them. */
const ranges: Readonly<Partial<Record<number, readonly [number, number]>>> = {
	[INT4]: [-8, 7],
	[INT8]: [-128, 127],
	[INT16]: [-(2 ** 15), 2 ** 15 - 1],
	[INT32]: [-(2 ** 31), 2 ** 31 - 1],
	[UINT4]: [0, 15],
	[UINT8]: [0, 255],
	[UINT16]: [0, 2 ** 16 - 1],
};

function kindOf(type: NumberType): "float" | "int" | "bool" {
	if (isFloat(type)) return "float";
	return type === "bool" ? "bool" : "int";
}

/** What a type of ONNX's for whole numbers can hold; undefined of other types. */
export function rangeOf(type: number): readonly [least: number, most: number] | undefined {
	return ranges[type];
}

/** What the elements of a type of ONNX's are. */
export function kindOfType(type: number): OnnxTensor["kind"] {
	return halves.has(type) ? "int" : kindOf(types[type] ?? "float32");
}

/** Reads tensors of a file, some of which may lie in files beside it. */
export function tensorReader(fail: Fail, readExternal?: ReadBeside): (proto: TensorProto) => OnnxTensor {
	const outside = readExternal && externalFiles(readExternal, fail);
	return (proto) => parseTensor(proto, fail, outside);
}

function parseTensor(proto: TensorProto, fail: Fail, readPart?: ReadPart): OnnxTensor {
	const { name } = proto;
	const shape = proto.dims.map(Number);
	const size = sizeOf(shape);
	const isWithin = size > 0 || sizeOf(shape.filter((length) => length > 0)) <= MOST_OF_NOTHING;
	if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || !Number.isSafeInteger(size) || !isWithin)
		return fail(`tensor ${name} has no valid shape [${shape}]`);
	const elsewhere = proto.dataLocation === TensorProto_DataLocation.EXTERNAL;
	const raw = elsewhere ? external(proto, fail, readPart) : proto.rawData;
	if (halves.has(proto.dataType)) return parseHalves(proto, raw, shape, fail);
	const type =
		types[proto.dataType] ??
		fail(
			`tensor ${name} is of the type ${TensorProto_DataType[proto.dataType] ?? "of no known number"}, which is not read`,
		);
	const kind = kindOf(type);
	const range = ranges[proto.dataType];
	const list = raw.length > 0 ? undefined : listOf(proto, type);
	const { bytes, read } = numberReaders[type];
	const available = list === undefined ? raw.length / bytes : list.length;
	if (available !== size) return fail(`tensor ${name} [${shape}] needs ${size} numbers, the file holds ${available}`);
	if (list === undefined && kind === "float") return { shape, kind, values: readFloats(type, raw) };
	const values = kind === "float" ? new Float32Array(size) : new Float64Array(size);
	const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
	for (let index = 0; index < size; index++)
		values[index] = list === undefined ? read(view, index * bytes) : fromList(Number(list[index]), type);
	return { shape, kind, values, ...(range !== undefined && { range }) };
}

/** Numbers of four bits. */
function parseHalves(
	{ name, dataType, int32Data }: TensorProto,
	raw: Uint8Array,
	shape: readonly number[],
	fail: Fail,
): OnnxTensor {
	const bytes = raw.length > 0 ? raw : Uint8Array.from(int32Data);
	const size = sizeOf(shape);
	if (bytes.length !== Math.ceil(size / 2))
		return fail(`tensor ${name} [${shape}] needs ${size} numbers of four bits, the file holds ${bytes.length} bytes`);
	const values = new Float64Array(size);
	for (let index = 0; index < size; index++) {
		const half = ((bytes[index >> 1] ?? 0) >> (index % 2 === 0 ? 0 : 4)) & 15;
		values[index] = dataType === INT4 && half > 7 ? half - 16 : half;
	}
	return { shape, kind: "int", values, range: ranges[dataType] ?? [0, 15] };
}

/** The numbers of a tensor that holds them in a typed list instead of raw bytes. */
function listOf(proto: TensorProto, type: NumberType): readonly (number | bigint)[] {
	switch (type) {
		case "float32":
			return proto.floatData;
		case "float64":
			return proto.doubleData;
		case "int64":
			return proto.int64Data;
		case "uint32":
		case "uint64":
			return proto.uint64Data;
		default:
			return proto.int32Data;
	}
}

/** Half precision lies in the low 16 bits of an int32 where it lies in a list. */
function fromList(value: number, type: NumberType): number {
	if (type === "float16") return halfToNumber(value & 0xffff);
	return type === "bfloat16" ? bfloatToNumber(value & 0xffff) : value;
}

/** Gives parts of the model's own file, or of files beside it, each of which is read once. */
type ReadPart = (tensor: string, location: string, offset: number, length: number | undefined) => Uint8Array;

function externalFiles(read: ReadBeside, fail: Fail): ReadPart {
	const opened = (source: Source) => ({ source, unclaimed: claimBound(source.length) });
	const files = new Map(read.left && [[read.left.location, opened(read.left.source)]]);
	const open = (tensor: string, location: string) => {
		if (location === "" || /(^|[\\/])\.\.([\\/]|$)|^[\\/]|:/.test(location))
			return fail(`tensor ${tensor} lies in "${location}", which is not a file beside the model`);
		return opened(sourceOfBytes(read(location)));
	};
	return (tensor, location, offset, length) => {
		const file = files.get(location) ?? open(tensor, location);
		files.set(location, file);
		const { source } = file;
		const size = length ?? source.length - offset;
		if (offset + size > source.length)
			return fail(`tensor ${tensor} ends at byte ${offset + size} of ${location}, which has ${source.length}`);
		file.unclaimed -= size;
		if (file.unclaimed < 0) return fail(`its tensors claim more bytes of ${location} than its ${source.length}`);
		return source.slice(offset, offset + size);
	};
}

function external({ name, externalData }: TensorProto, fail: Fail, readPart?: ReadPart): Uint8Array {
	const entries = new Map(externalData.map(({ key, value }) => [key, value]));
	const location = entries.get("location") ?? "";
	if (readPart === undefined) return fail(`tensor ${name} lies in another file, ${location}`);
	const [offset = 0, length] = ["offset", "length"].map((key) => {
		const text = entries.get(key);
		return text === undefined ? undefined : Number(text);
	});
	if (![offset, length ?? 0].every((number) => Number.isSafeInteger(number) && number >= 0))
		return fail(`tensor ${name} has no valid place in ${location}`);
	return readPart(name, location, offset, length);
}
