import type { OnnxModel, OnnxNode, OnnxTensor } from "./model.js";

/** What one element of a sequence is: a value, or a part of one. */
type Element =
	| { readonly name: string }
	| {
			readonly of: string;
			readonly axis: number;
			readonly start: number;
			readonly end: number;
			readonly keeps: boolean;
	  };

/** The elements of a sequence by their numbers; how many there are need not be known. */
interface Sequence {
	readonly at: (index: number) => Element | undefined;
	/** Undefined where the lengths of the parts say it only together with the value's. */
	readonly count: number | undefined;
}

/**
 * A model in which lists of values, into which exporters split some without need, are the values themselves: an element of a list
 * is a slice of what was split, or what was put there. Elements that can't be told are left, and refused where they are read.
 */
export function withoutSequences(model: OnnxModel): OnnxModel {
	const makers = new Set(["SplitToSequence", "SequenceConstruct"]);
	if (!model.nodes.some(({ op }) => makers.has(op))) return model;
	const initialisers = new Map(model.initialisers);
	const constants = new Map(model.initialisers);
	const sequences = new Map<string, Sequence>();
	const nodes: OnnxNode[] = [];
	for (const node of model.nodes) {
		const [output = ""] = node.outputs;
		const value = node.attributes.get("value");
		if (node.op === "Constant" && isTensor(value)) constants.set(output, value);
		const sequence = sequenceOf(node, constants);
		if (sequence !== undefined) sequences.set(output, sequence);
		else nodes.push(...withElements(node, sequences, constants, (name, tensor) => initialisers.set(name, tensor)));
	}
	return { ...model, nodes, initialisers };
}

function isTensor(value: unknown): value is OnnxTensor {
	return typeof value === "object" && value !== null && "shape" in value;
}

/** What a node makes a sequence of; undefined where it makes none, or it can't be told which. */
function sequenceOf(
	{ op, inputs, attributes }: OnnxNode,
	constants: ReadonlyMap<string, OnnxTensor>,
): Sequence | undefined {
	if (op === "SequenceConstruct") {
		const at = (index: number) => {
			const name = inputs[index < 0 ? index + inputs.length : index];
			return name === undefined ? undefined : { name };
		};
		return { at, count: inputs.length };
	}
	if (op !== "SplitToSequence") return undefined;
	const [of = "", split = ""] = inputs;
	const axis = attributes.get("axis");
	const common = { of, axis: typeof axis === "number" ? axis : 0 };
	const lengths = constants.get(split);
	if (split !== "" && lengths === undefined) return undefined;
	if (lengths === undefined || lengths.shape.length === 0) {
		const each = lengths?.values[0] ?? 1;
		const keeps = lengths !== undefined || attributes.get("keepdims") !== 0;
		const at = (index: number) =>
			index < 0 ? undefined : { ...common, start: index * each, end: (index + 1) * each, keeps };
		return { at, count: undefined };
	}
	const starts = [0];
	for (const length of lengths.values) starts.push((starts.at(-1) ?? 0) + length);
	const count = lengths.values.length;
	return {
		count,
		at(index) {
			const place = index < 0 ? index + count : index;
			const [start, end] = [starts[place], starts[place + 1]];
			return start === undefined || end === undefined ? undefined : { ...common, start, end, keeps: true };
		},
	};
}

/** A node as nodes that read values in place of a sequence. */
function withElements(
	node: OnnxNode,
	sequences: ReadonlyMap<string, Sequence>,
	constants: ReadonlyMap<string, OnnxTensor>,
	addConstant: (name: string, tensor: OnnxTensor) => void,
): OnnxNode[] {
	const sequence = sequences.get(node.inputs[0] ?? "");
	const [output = ""] = node.outputs;
	if (sequence === undefined) return [node];
	if (node.op === "SequenceAt") {
		const index = constants.get(node.inputs[1] ?? "")?.values[0];
		const element = index === undefined ? undefined : sequence.at(index);
		return element === undefined ? [node] : elementAs(node, element, output, addConstant);
	}
	if (node.op !== "ConcatFromSequence" || sequence.count === undefined) return [node];
	const isNew = node.attributes.get("new_axis") === 1;
	const axis = node.attributes.get("axis");
	const names: string[] = [];
	const parts: OnnxNode[] = [];
	for (let index = 0; index < sequence.count; index++) {
		const element = sequence.at(index);
		if (element === undefined) return [node];
		const name = `${output}:${index}`;
		parts.push(...elementAs(node, element, isNew ? `${name}:flat` : name, addConstant));
		if (isNew) {
			addConstant(`${name}:axes`, list(typeof axis === "number" ? axis : 0));
			parts.push({
				...node,
				op: "Unsqueeze",
				inputs: [`${name}:flat`, `${name}:axes`],
				outputs: [name],
				attributes: new Map(),
			});
		}
		names.push(name);
	}
	return [
		...parts,
		{ ...node, op: "Concat", inputs: names, attributes: new Map([["axis", typeof axis === "number" ? axis : 0]]) },
	];
}

/** An element under a name: a slice, or the same under another name. */
function elementAs(
	node: OnnxNode,
	element: Element,
	output: string,
	addConstant: (name: string, tensor: OnnxTensor) => void,
): OnnxNode[] {
	if ("name" in element)
		return [{ ...node, op: "Identity", inputs: [element.name], outputs: [output], attributes: new Map() }];
	const { of, axis, start, end, keeps } = element;
	const whole = keeps ? output : `${output}:row`;
	const named = (what: string, value: number) => {
		addConstant(`${output}:${what}`, list(value));
		return `${output}:${what}`;
	};
	const inputs = [of, named("start", start), named("end", end), named("axis", axis)];
	const slice = { ...node, op: "Slice", inputs, outputs: [whole], attributes: new Map() };
	if (keeps) return [slice];
	return [
		slice,
		{ ...node, op: "Squeeze", inputs: [whole, `${output}:axis`], outputs: [output], attributes: new Map() },
	];
}

function list(value: number): OnnxTensor {
	return { shape: [1], kind: "int", values: Float64Array.of(value) };
}
