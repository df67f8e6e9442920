import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
	AttributeProto_AttributeType,
	type AttributeProtoSchema,
	type GraphProtoSchema,
	ModelProtoSchema,
	type NodeProtoSchema,
	TensorProto_DataType,
	type TensorProtoSchema,
	type ValueInfoProtoSchema,
} from "../../../src/formats/onnx/onnx_pb.js";

/** A graph as the value of an attribute: a branch of If. */
export interface TestGraph {
	readonly nodes: readonly TestNode[];
	readonly outputs: readonly string[];
	readonly tensors?: Readonly<Record<string, TestTensor>>;
}

/** Whole numbers are ints, numbers with a fraction floats; `float` says so of a whole number. */
export type TestAttribute =
	| number
	| string
	| readonly number[]
	| readonly string[]
	| { readonly float: number }
	| { readonly floats: readonly number[] }
	| { readonly ints: readonly number[] }
	| { readonly tensor: TestTensor }
	| { readonly graph: TestGraph }
	| { readonly parameter: string };

export interface TestNode {
	readonly op: string;
	readonly inputs: readonly string[];
	readonly outputs?: readonly string[];
	readonly attributes?: Readonly<Record<string, TestAttribute>>;
	readonly domain?: string;
}

const types = {
	float: TensorProto_DataType.FLOAT,
	int64: TensorProto_DataType.INT64,
	int32: TensorProto_DataType.INT32,
	int8: TensorProto_DataType.INT8,
	uint8: TensorProto_DataType.UINT8,
	bool: TensorProto_DataType.BOOL,
} as const;

export type TestType = keyof typeof types;

export interface TestTensor {
	readonly shape: readonly number[];
	readonly values: readonly number[];
	readonly type?: TestType;
}

export interface TestInput {
	/** Of one sample; the batch comes first, or where `batch` says. */
	readonly shape: readonly (number | string)[];
	readonly type?: TestType;
}

/** A function of the model's own, with the attributes that it takes. */
export interface TestFunction {
	readonly name: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly attributes?: readonly string[];
	readonly nodes: readonly TestNode[];
}

export interface TestModel {
	readonly inputs: Readonly<Record<string, TestInput>>;
	readonly nodes: readonly TestNode[];
	readonly tensors?: Readonly<Record<string, TestTensor>>;
	readonly outputs?: readonly string[];
	readonly opset?: number;
	readonly functions?: readonly TestFunction[];
}

/** The domain of a model's own functions. */
export const OWN_DOMAIN = "test.functions";

/** The bytes of an ONNX file with one input `x`, [batch, ...shape], for tests; its output is that of the last node. */
export function onnxFile(
	shape: readonly number[],
	nodes: readonly TestNode[],
	tensors: Readonly<Record<string, TestTensor>> = {},
	opset = 13,
): Uint8Array {
	return onnxModel({ inputs: { x: { shape } }, nodes, tensors, opset });
}

/** The bytes of an ONNX file; its output is the first of the last node where nothing is said. */
export function onnxModel({ inputs, nodes, tensors, outputs, opset = 13, functions = [] }: TestModel): Uint8Array {
	const own = functions.length === 0 ? [] : [{ domain: OWN_DOMAIN, version: 1n }];
	const opsetImport = [{ domain: "", version: BigInt(opset) }, ...own];
	const last = outputs ?? outputsOf(nodes).at(-1)?.slice(0, 1) ?? [];
	const init: MessageInitShape<typeof ModelProtoSchema> = {
		irVersion: opset >= 21 ? 10n : 8n,
		opsetImport,
		graph: graphOf({ nodes, outputs: last, ...(tensors && { tensors }) }, "test", inputs),
		functions: functions.map(({ name, inputs, outputs, attributes = [], nodes }) => ({
			name,
			domain: OWN_DOMAIN,
			input: [...inputs],
			output: [...outputs],
			attribute: [...attributes],
			opsetImport,
			node: nodesOf(nodes, name),
		})),
	};
	return toBinary(ModelProtoSchema, create(ModelProtoSchema, init));
}

function outputsOf(nodes: readonly TestNode[]): string[][] {
	return nodes.map(({ outputs }, index) => [...(outputs ?? [`v${index}`])]);
}

function graphOf(
	{ nodes, outputs, tensors = {} }: TestGraph,
	name: string,
	inputs: TestModel["inputs"] = {},
): MessageInitShape<typeof GraphProtoSchema> {
	return {
		name,
		input: Object.entries(inputs).map(([name, { shape, type }]) => valueInfo(name, ["n", ...shape], type)),
		output: outputs.map((output) => valueInfo(output)),
		initializer: Object.entries(tensors).map(([tensor, value]) => tensorOf(tensor, value)),
		node: nodesOf(nodes, "node"),
	};
}

function nodesOf(nodes: readonly TestNode[], base: string): MessageInitShape<typeof NodeProtoSchema>[] {
	const outputs = outputsOf(nodes);
	return nodes.map(({ op, inputs, attributes = {}, domain = "" }, index) => ({
		opType: op,
		domain,
		name: `${base}${index}`,
		input: [...inputs],
		output: outputs[index] ?? [],
		attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
	}));
}

function valueInfo(
	name: string,
	shape?: readonly (number | string)[],
	type: TestType = "float",
): MessageInitShape<typeof ValueInfoProtoSchema> {
	const dim = shape?.map((length) =>
		typeof length === "string"
			? { value: { case: "dimParam" as const, value: length } }
			: { value: { case: "dimValue" as const, value: BigInt(length) } },
	);
	const value = { elemType: types[type], ...(dim && { shape: { dim } }) };
	return { name, type: { value: { case: "tensorType", value } } };
}

function tensorOf(
	name: string,
	{ shape, values, type = "float" }: TestTensor,
): MessageInitShape<typeof TensorProtoSchema> {
	const common = { name, dims: shape.map(BigInt), dataType: types[type] };
	switch (type) {
		case "float":
			return { ...common, floatData: [...values] };
		case "int64":
			return { ...common, int64Data: values.map(BigInt) };
		default:
			return { ...common, int32Data: [...values] };
	}
}

function attributeOf(name: string, value: TestAttribute): MessageInitShape<typeof AttributeProtoSchema> {
	const { FLOAT, INT, STRING, FLOATS, INTS, STRINGS, TENSOR, GRAPH } = AttributeProto_AttributeType;
	const encoded = (text: string) => new TextEncoder().encode(text);
	if (typeof value === "string") return { name, type: STRING, s: encoded(value) };
	if (typeof value === "number")
		return Number.isInteger(value) ? { name, type: INT, i: BigInt(value) } : { name, type: FLOAT, f: value };
	if ("float" in value) return { name, type: FLOAT, f: value.float };
	if ("floats" in value) return { name, type: FLOATS, floats: [...value.floats] };
	if ("ints" in value) return { name, type: INTS, ints: value.ints.map(BigInt) };
	if ("tensor" in value) return { name, type: TENSOR, t: tensorOf("", value.tensor) };
	if ("graph" in value) return { name, type: GRAPH, g: graphOf(value.graph, name) };
	if ("parameter" in value) return { name, type: INT, refAttrName: value.parameter };
	if (isTexts(value)) return { name, type: STRINGS, strings: value.map(encoded) };
	return value.every(Number.isInteger)
		? { name, type: INTS, ints: value.map(BigInt) }
		: { name, type: FLOATS, floats: [...value] };
}

function isTexts(value: readonly number[] | readonly string[]): value is readonly string[] {
	return value.some((each) => typeof each === "string");
}
