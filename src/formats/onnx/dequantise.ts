import { sizeOf } from "../../network/shape.js";
import type { OnnxModel, OnnxNode, OnnxTensor } from "./model.js";

/**
 * A model in which weights that are kept as whole numbers, behind DequantizeLinear, are the floats that they stand for, under the
 * name of that node's output: (q - zero point) · scale.
 */
export function withDequantised(model: OnnxModel): OnnxModel {
	const initialisers = new Map(model.initialisers);
	const nodes = model.nodes.filter((node) => {
		const tensor = dequantised(node, initialisers);
		const [output] = node.outputs;
		if (tensor === undefined || output === undefined) return true;
		initialisers.set(output, tensor);
		return false;
	});
	if (nodes.length === model.nodes.length) return model;
	// What only stood behind such a node is no tensor of the network any more.
	const read = new Set([...nodes.flatMap(({ inputs }) => inputs), ...model.outputs]);
	const gone = model.nodes.filter((node) => !nodes.includes(node)).flatMap(({ inputs }) => inputs);
	for (const name of gone) if (!read.has(name)) initialisers.delete(name);
	return { ...model, nodes, initialisers };
}

function dequantised(
	{ op, domain, inputs, attributes }: OnnxNode,
	initialisers: OnnxModel["initialisers"],
): OnnxTensor | undefined {
	if (op !== "DequantizeLinear" || (domain !== "" && domain !== "ai.onnx")) return undefined;
	const [x, scale, zero] = inputs.map((name) => initialisers.get(name));
	if (x === undefined || scale === undefined || (inputs[2] && zero === undefined)) return undefined;
	const axis = attributes.get("axis");
	const block = attributes.get("block_size");
	const place = placeOf(
		x.shape,
		scale.shape,
		typeof axis === "number" ? axis : 1,
		typeof block === "number" ? block : 0,
	);
	if (place === undefined) return undefined;
	const values = Float32Array.from(x.values, (value, index) => {
		const at = place(index);
		return (value - (zero?.values[at] ?? 0)) * (scale.values[at] ?? Number.NaN);
	});
	return { shape: x.shape, kind: "float", values };
}

/** Which scale an element has: one for all, one for each element of an axis, or one for each block along it. */
function placeOf(
	shape: readonly number[],
	scales: readonly number[],
	axis: number,
	block: number,
): ((index: number) => number) | undefined {
	if (sizeOf(scales) === 1) return () => 0;
	const along = axis < 0 ? axis + shape.length : axis;
	const length = shape[along] ?? 0;
	const inner = sizeOf(shape.slice(along + 1));
	if (scales.length === 1 && scales[0] === length) return (index) => Math.floor(index / inner) % length;
	const blocks = scales[along] ?? 0;
	const isBlocked =
		block > 0 &&
		scales.length === shape.length &&
		scales.every((own, i) => own === (i === along ? Math.ceil(length / block) : shape[i]));
	if (!isBlocked) return undefined;
	return (index) => {
		const at = Math.floor(index / inner) % length;
		return Math.floor(index / (inner * length)) * blocks * inner + Math.floor(at / block) * inner + (index % inner);
	};
}
