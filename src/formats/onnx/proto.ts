import { fromBinary } from "@bufbuild/protobuf";
import { FileFormatError } from "../../errors.js";
import { claimBound, DEPTH_BOUND } from "../../files/limits.js";
import type { ReadBeside } from "../format.js";
import { inlined, keyOf, type OnnxFunctions } from "./inline.js";
import type { OnnxAttribute, OnnxGraph, OnnxInput, OnnxModel, OnnxNode, OnnxTensor } from "./model.js";
import {
	type AttributeProto,
	AttributeProto_AttributeType,
	type GraphProto,
	type ModelProto,
	ModelProtoSchema,
	type NodeProto,
	type OperatorSetIdProto,
	type TensorProto,
	TensorProto_DataType,
	type ValueInfoProto,
} from "./onnx_pb.js";
import { type Fail, kindOfType, tensorReader } from "./tensor.js";
import { weigh } from "./weigh.js";

/**
 * Decodes an ONNX file.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the bytes are not a whole ONNX model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function parseOnnx(bytes: Uint8Array, path: string, readExternal?: ReadBeside): OnnxModel {
	const fail: Fail = (message) => {
		throw new FileFormatError(path, message);
	};
	const model = decode(bytes, readExternal?.left?.source.length ?? bytes.length, fail);
	const graph = model.graph ?? fail("not an ONNX model: it holds no graph");
	const tensor = tensorReader(fail, readExternal);
	const initialisers = new Map(graph.initializer.map((proto) => [proto.name, tensor(proto)]));
	checkNames(graph, fail);
	if (graph.sparseInitializer.length > 0) return fail("holds sparse tensors, which are not supported");
	const functions = functionsOf(model, tensor);
	const nodes = graph.node.map((node) => parseNode(node, tensor));
	return {
		name: graph.name,
		opset: versionOf(model.opsetImport) ?? fail("does not say which version of the operators it is written for"),
		inputs: graph.input.filter(({ name }) => !initialisers.has(name)).map(parseInput),
		outputs: graph.output.map(({ name }) => name),
		nodes: bounded(() => inlined(nodes, functions), fail),
		initialisers,
	};
}

/** What a file may ask too much of. */
function bounded<T>(work: () => T, fail: Fail): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof RangeError) return fail(error.message);
		throw error;
	}
}

/** The version of the standard's operators; undefined where nothing is said of it. */
function versionOf(imports: readonly OperatorSetIdProto[]): number | undefined {
	const own = imports.find(({ domain }) => domain === "" || domain === "ai.onnx");
	return Number(own?.version ?? 0) || undefined;
}

type ReadTensor = (proto: TensorProto) => OnnxTensor;

function functionsOf({ functions, opsetImport }: ModelProto, tensor: ReadTensor): OnnxFunctions {
	return new Map(
		functions.map(({ domain, name, input, output, node, attributeProto, opsetImport: own }) => {
			const opset = versionOf(own);
			const other = opset === versionOf(opsetImport) || opset === undefined ? {} : { opset };
			return [
				keyOf(domain, name),
				{
					inputs: input,
					outputs: output,
					defaults: new Map(attributeProto.flatMap((proto) => parseAttribute(proto, tensor))),
					nodes: node.map((each) => ({ ...parseNode(each, tensor), ...other })),
				},
			];
		}),
	);
}

function parseNode({ opType, domain, name, input, output, attribute }: NodeProto, tensor: ReadTensor): OnnxNode {
	return {
		op: opType,
		domain,
		name: name || (output[0] ?? ""),
		inputs: input,
		outputs: output,
		attributes: new Map(attribute.flatMap((proto) => parseAttribute(proto, tensor))),
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

function decode(bytes: Uint8Array, fileBytes: number, fail: Fail): ModelProto {
	if (bytes.length === 0) return fail("the file is empty; expected an ONNX model");
	try {
		const weight = weigh(ModelProtoSchema, bytes, DEPTH_BOUND);
		if (weight > claimBound(fileBytes))
			throw new RangeError(`its nodes and tensors would take ${weight} bytes, more than a file of its size may`);
		return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
	} catch (error) {
		if (error instanceof RangeError) return fail(error.message);
		return fail(`not an ONNX model, or cut short (${error instanceof Error ? error.message : String(error)})`);
	}
}

function parseInput({ name, type }: ValueInfoProto): OnnxInput {
	const { elemType = TensorProto_DataType.FLOAT, shape } = type?.value.case === "tensorType" ? type.value.value : {};
	return {
		name,
		kind: kindOfType(elemType),
		shape: (shape?.dim ?? []).map(({ value }) => {
			const length = value.case === "dimValue" ? Number(value.value) : 0;
			return length > 0 ? length : undefined;
		}),
		names: (shape?.dim ?? []).map(({ value }) => (value.case === "dimParam" ? value.value : "")),
	};
}

/** Reads an attribute by its type; lists of tensors are left out, so ops that need them name what they miss. */
function parseAttribute(
	{ name, type, f, i, s, t, g, floats, ints, strings, refAttrName }: AttributeProto,
	tensor: ReadTensor,
): [string, OnnxAttribute][] {
	if (refAttrName !== "") return [[name, { parameter: refAttrName }]];
	const { FLOAT, INT, STRING, TENSOR, FLOATS, GRAPH, INTS, STRINGS } = AttributeProto_AttributeType;
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
			case GRAPH:
				return g && parseBranch(g, tensor);
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

function parseBranch({ node, initializer, output }: GraphProto, tensor: ReadTensor): OnnxGraph {
	return {
		nodes: node.map((each) => parseNode(each, tensor)),
		initialisers: new Map(initializer.map((proto) => [proto.name, tensor(proto)])),
		outputs: output.map(({ name }) => name),
	};
}
