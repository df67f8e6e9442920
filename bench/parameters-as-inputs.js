import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Tensor } from "onnxruntime-node";
import { ModelProtoSchema, ValueInfoProtoSchema } from "../dist/src/formats/onnx/onnx_pb.js";

/**
 * An ONNX file that takes its parameters with each call, as a sweep has others at every point: a network whose parameters never
 * change is prepared once, its weights packed and its batch norms folded into them.
 *
 * @param {Uint8Array} bytes an ONNX file
 * @param {readonly {name: string}[]} parameters
 * @returns {{file: Uint8Array, feeds: Record<string, Tensor>}} the file, and the parameters that it came with
 */
export function parametersAsInputs(bytes, parameters) {
	const model = fromBinary(ModelProtoSchema, bytes);
	const { graph } = model;
	const wanted = new Set(parameters.map(({ name }) => name));
	const moved = graph.initializer.filter(({ name }) => wanted.has(name));
	const feeds = {};
	for (const { name, dims, dataType, rawData, floatData } of moved) {
		const shape = dims.map(Number);
		const values =
			rawData.length > 0 ? new Float32Array(Uint8Array.from(rawData).buffer) : Float32Array.from(floatData);
		feeds[name] = new Tensor("float32", values, shape);
		const dim = dims.map((value) => ({ value: { case: "dimValue", value } }));
		const tensor = { case: "tensorType", value: { elemType: dataType, shape: { dim } } };
		graph.input.push(create(ValueInfoProtoSchema, { name, type: { value: tensor } }));
	}
	graph.initializer = graph.initializer.filter(({ name }) => !wanted.has(name));
	return { file: toBinary(ModelProtoSchema, model), feeds };
}
