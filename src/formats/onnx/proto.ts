import { fromBinary } from "@bufbuild/protobuf";
import { FileFormatError } from "../../errors.js";
import { claimBound, DEPTH_BOUND } from "../../files/limits.js";
import {
	bfloatToNumber,
	halfToNumber,
	isFloat,
	type NumberType,
	numberReaders,
	readFloats,
} from "../../files/numbers.js";
import { sizeOf } from "../../network/shape.js";
import {
	type AttributeProto,
	AttributeProto_AttributeType,
	type GraphProto,
	type ModelProto,
	ModelProtoSchema,
	type TensorProto,
	TensorProto_DataLocation,
	TensorProto_DataType,
	type ValueInfoProto,
} from "./onnx_pb.js";
import { weigh } from "./weigh.js";

/** A tensor of an ONNX file; integers are whole doubles. */
export interface OnnxTensor {
	readonly shape: readonly number[];
	readonly kind: "float" | "int" | "bool";
	readonly values: Float32Array | Float64Array;
}

export type OnnxAttribute = number | string | readonly number[] | readonly string[] | OnnxTensor;

export interface OnnxNode {
	readonly op: string;
	readonly domain: string;
	/** The node's own name, or its first output where it has none. */
	readonly name: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxInput {
	readonly name: string;
	readonly kind: "float" | "int" | "bool";
	/** undefined where the file leaves a length open. */
	readonly shape: readonly (number | undefined)[];
	/** What the file calls open lengths; empty where it gives them no name. */
	readonly names: readonly string[];
}

/** What an ONNX file says, without the layers of its format. */
export interface OnnxModel {
	readonly name: string;
	readonly opset: number;
	readonly inputs: readonly OnnxInput[];
	readonly outputs: readonly string[];
	readonly nodes: readonly OnnxNode[];
	readonly initialisers: ReadonlyMap<string, OnnxTensor>;
}

/** Gives the bytes of a file beside the model, in which exporters put large weights. */
export type ReadExternal = (location: string) => Uint8Array;

const { DOUBLE, FLOAT, FLOAT16, BFLOAT16, BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 } =
	TensorProto_DataType;
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

type Fail = (message: string) => never;

/**
 * Decodes an ONNX file.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are not a whole ONNX model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function parseOnnx(bytes: Uint8Array, path: string, readExternal?: ReadExternal): OnnxModel {
	const fail: Fail = (message) => {
		throw new FileFormatError(path, message);
	};
	const model = decode(bytes, fail);
	const graph = model.graph ?? fail("not an ONNX model: it holds no graph");
	const opset = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
	const outside = readExternal && externalFiles(readExternal, fail);
	const tensor = (proto: TensorProto) => parseTensor(proto, fail, outside);
	const initialisers = new Map(graph.initializer.map((proto) => [proto.name, tensor(proto)]));
	checkNames(graph, fail);
	if (graph.sparseInitializer.length > 0) return fail("holds sparse tensors, which are not supported");
	return {
		name: graph.name,
		opset: Number(opset?.version ?? 0) || 1,
		inputs: graph.input.filter(({ name }) => !initialisers.has(name)).map(parseInput),
		outputs: graph.output.map(({ name }) => name),
		nodes: graph.node.map((node) => ({
			op: node.opType,
			domain: node.domain,
			name: node.name || (node.output[0] ?? ""),
			inputs: node.input,
			outputs: node.output,
			attributes: new Map(node.attribute.flatMap((proto) => parseAttribute(proto, tensor))),
		})),
		initialisers,
	};
}

/** Every value has a name of its own, else it is not said which of them a node reads. */
function checkNames({ initializer, node }: GraphProto, fail: Fail): void {
	const seen = new Set<string>();
	for (const name of [...initializer.map(({ name }) => name), ...node.flatMap(({ output }) => output)]) {
		if (name !== "" && seen.has(name)) fail(`two of its values are called ${name}`);
		seen.add(name);
	}
}

function decode(bytes: Uint8Array, fail: Fail): ModelProto {
	if (bytes.length === 0) return fail("the file is empty; expected an ONNX model");
	try {
		const weight = weigh(ModelProtoSchema, bytes, DEPTH_BOUND);
		if (weight > claimBound(bytes.length))
			throw new RangeError(`its nodes and tensors would take ${weight} bytes, more than a file of its size may`);
		return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
	} catch (error) {
		if (error instanceof RangeError) return fail(error.message);
		return fail(`not an ONNX model, or cut short (${error instanceof Error ? error.message : String(error)})`);
	}
}

function parseInput({ name, type }: ValueInfoProto): OnnxInput {
	const { elemType = FLOAT, shape } = type?.value.case === "tensorType" ? type.value.value : {};
	return {
		name,
		kind: kindOf(types[elemType] ?? "float32"),
		shape: (shape?.dim ?? []).map(({ value }) => {
			const length = value.case === "dimValue" ? Number(value.value) : 0;
			return length > 0 ? length : undefined;
		}),
		names: (shape?.dim ?? []).map(({ value }) => (value.case === "dimParam" ? value.value : "")),
	};
}

function kindOf(type: NumberType): "float" | "int" | "bool" {
	if (isFloat(type)) return "float";
	return type === "bool" ? "bool" : "int";
}

/** Reads an attribute by its type; graphs and lists of tensors are left out, so ops that need them name what they miss. */
function parseAttribute(
	{ name, type, f, i, s, t, floats, ints, strings }: AttributeProto,
	tensor: (proto: TensorProto) => OnnxTensor,
): [string, OnnxAttribute][] {
	const { FLOAT, INT, STRING, TENSOR, FLOATS, INTS, STRINGS } = AttributeProto_AttributeType;
	const value = (): OnnxAttribute | undefined => {
		switch (type) {
			case FLOAT:
				return f;
			case INT:
				return Number(i);
			case STRING:
				return new TextDecoder().decode(s);
			case TENSOR:
				return t && tensor(t);
			case FLOATS:
				return floats;
			case INTS:
				return ints.map(Number);
			case STRINGS:
				return strings.map((each) => new TextDecoder().decode(each));
			default:
				return undefined;
		}
	};
	const read = value();
	return read === undefined ? [] : [[name, read]];
}

function parseTensor(proto: TensorProto, fail: Fail, readPart?: ReadPart): OnnxTensor {
	const { name } = proto;
	const type = types[proto.dataType] ?? fail(`tensor ${name} has the unsupported data type ${proto.dataType}`);
	const shape = proto.dims.map(Number);
	const size = sizeOf(shape);
	if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || !Number.isSafeInteger(size))
		return fail(`tensor ${name} has no valid shape [${shape}]`);
	const elsewhere = proto.dataLocation === TensorProto_DataLocation.EXTERNAL;
	const raw = elsewhere ? external(proto, fail, readPart) : proto.rawData;
	const kind = kindOf(type);
	const list = raw.length > 0 ? undefined : listOf(proto, type);
	const { bytes, read } = numberReaders[type];
	const available = list === undefined ? raw.length / bytes : list.length;
	if (available !== size) return fail(`tensor ${name} [${shape}] needs ${size} numbers, the file holds ${available}`);
	if (list === undefined && kind === "float") return { shape, kind, values: readFloats(type, raw) };
	const values = kind === "float" ? new Float32Array(size) : new Float64Array(size);
	const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
	for (let index = 0; index < size; index++)
		values[index] = list === undefined ? read(view, index * bytes) : fromList(Number(list[index]), type);
	return { shape, kind, values };
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

/** Gives parts of files beside the model, each of which is read once. */
type ReadPart = (tensor: string, location: string, offset: number, length: number | undefined) => Uint8Array;

function externalFiles(read: ReadExternal, fail: Fail): ReadPart {
	const files = new Map<string, { readonly bytes: Uint8Array; left: number }>();
	return (tensor, location, offset, length) => {
		const known = files.get(location);
		const bytes = known?.bytes ?? read(location);
		const file = known ?? { bytes, left: claimBound(bytes.length) };
		files.set(location, file);
		const size = length ?? bytes.length - offset;
		if (offset + size > bytes.length)
			return fail(`tensor ${tensor} ends at byte ${offset + size} of ${location}, which has ${bytes.length}`);
		file.left -= size;
		if (file.left < 0) return fail(`its tensors claim more bytes of ${location} than its ${bytes.length}`);
		return bytes.subarray(offset, offset + size);
	};
}

function external({ name, externalData }: TensorProto, fail: Fail, readPart?: ReadPart): Uint8Array {
	const entries = new Map(externalData.map(({ key, value }) => [key, value]));
	const location = entries.get("location") ?? "";
	if (location === "" || /(^|[\\/])\.\.([\\/]|$)|^[\\/]|:/.test(location))
		return fail(`tensor ${name} lies in "${location}", which is not a file beside the model`);
	if (readPart === undefined) return fail(`tensor ${name} lies in another file, ${location}`);
	const [offset = 0, length] = ["offset", "length"].map((key) => {
		const text = entries.get(key);
		return text === undefined ? undefined : Number(text);
	});
	if (![offset, length ?? 0].every((number) => Number.isSafeInteger(number) && number >= 0))
		return fail(`tensor ${name} has no valid place in ${location}`);
	return readPart(name, location, offset, length);
}
