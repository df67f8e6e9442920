import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
	AttributeProto_AttributeType,
	type AttributeProtoSchema,
	ModelProtoSchema,
	TensorProto_DataType,
} from "../../../src/formats/onnx/onnx_pb.js";

type Attribute = number | readonly number[] | string;

export interface TestNode {
	readonly op: string;
	readonly inputs: readonly string[];
	readonly outputs?: readonly string[];
	readonly attributes?: Readonly<Record<string, Attribute>>;
	readonly domain?: string;
}

export interface TestTensor {
	readonly shape: readonly number[];
	readonly values: readonly number[];
	readonly type?: "float" | "int64";
}

/** The bytes of an ONNX file with one input `x`, [batch, ...shape], for tests; its output is that of the last node. */
export function onnxFile(
	shape: readonly number[],
	nodes: readonly TestNode[],
	tensors: Readonly<Record<string, TestTensor>> = {},
	opset = 13,
): Uint8Array {
	const outputs = nodes.map(({ outputs }, index) => [...(outputs ?? [`v${index}`])]);
	const model = create(ModelProtoSchema, {
		irVersion: 8n,
		opsetImport: [{ domain: "", version: BigInt(opset) }],
		graph: {
			name: "test",
			input: [
				{
					name: "x",
					type: {
						value: {
							case: "tensorType",
							value: {
								elemType: TensorProto_DataType.FLOAT,
								shape: {
									dim: [
										{ value: { case: "dimParam", value: "n" } },
										...shape.map((length) => ({ value: { case: "dimValue" as const, value: BigInt(length) } })),
									],
								},
							},
						},
					},
				},
			],
			output: [{ name: outputs.at(-1)?.[0] ?? "" }],
			initializer: Object.entries(tensors).map(([name, { shape, values, type = "float" }]) => ({
				name,
				dims: shape.map(BigInt),
				...(type === "float"
					? { dataType: TensorProto_DataType.FLOAT, floatData: [...values] }
					: { dataType: TensorProto_DataType.INT64, int64Data: values.map(BigInt) }),
			})),
			node: nodes.map(({ op, inputs, attributes = {}, domain = "" }, index) => ({
				opType: op,
				domain,
				name: `node${index}`,
				input: [...inputs],
				output: outputs[index] ?? [],
				attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
			})),
		},
	});
	return toBinary(ModelProtoSchema, model);
}

/** Whole numbers are ints, numbers with a fraction floats. */
function attributeOf(name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
	const { FLOAT, INT, STRING, FLOATS, INTS } = AttributeProto_AttributeType;
	if (typeof value === "string") return { name, type: STRING, s: new TextEncoder().encode(value) };
	if (typeof value === "number")
		return Number.isInteger(value) ? { name, type: INT, i: BigInt(value) } : { name, type: FLOAT, f: value };
	return value.every(Number.isInteger)
		? { name, type: INTS, ints: value.map(BigInt) }
		: { name, type: FLOATS, floats: [...value] };
}
