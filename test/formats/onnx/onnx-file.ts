import onnxProto from "onnx-proto";

const { onnx } = onnxProto;

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
	const model = onnx.ModelProto.create({
		irVersion: 8,
		opsetImport: [{ domain: "", version: opset }],
		graph: {
			name: "test",
			input: [
				{
					name: "x",
					type: {
						tensorType: {
							elemType: 1,
							shape: { dim: [{ dimParam: "n" }, ...shape.map((dimValue) => ({ dimValue }))] },
						},
					},
				},
			],
			output: [{ name: outputs.at(-1)?.[0] ?? "" }],
			initializer: Object.entries(tensors).map(([name, { shape, values, type = "float" }]) => ({
				name,
				dims: [...shape],
				...(type === "float" ? { dataType: 1, floatData: [...values] } : { dataType: 7, int64Data: [...values] }),
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
	return onnx.ModelProto.encode(model).finish();
}

/** Whole numbers are ints, numbers with a fraction floats. */
function attributeOf(name: string, value: Attribute): onnxProto.onnx.IAttributeProto {
	if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
	if (typeof value === "number")
		return Number.isInteger(value) ? { name, type: 2, i: value } : { name, type: 1, f: value };
	return value.every(Number.isInteger) ? { name, type: 7, ints: [...value] } : { name, type: 6, floats: [...value] };
}
