import type { Builder } from "./builder.js";
import { numbersOf } from "./fold.js";
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from "./model.js";
import { isValue, type Operand, problem, shapeOf, type Value } from "./value.js";

/** What an op's importer sees of the node it imports. */
export interface NodeContext {
	readonly builder: Builder;
	readonly node: OnnxNode;
	readonly opset: number;
	/** undefined where an optional input is left out. */
	readonly inputs: readonly (Operand | undefined)[];
	/** Whether any node reads an output. */
	readonly isRead: (output: number) => boolean;
	/** Imports a branch that is known to be taken, and gives what comes out of it. */
	readonly importBranch: (branch: OnnxGraph) => readonly Operand[];
	/** How many samples the file was exported with; undefined where it leaves that open. */
	readonly batch: number | undefined;
}

/** Turns a node into nodes of the graph, or into known tensors; one operand for each output, none where nobody reads it. */
export type ImportOp = (context: NodeContext) => readonly (Operand | undefined)[];

export function operand({ inputs }: NodeContext, index: number): Operand {
	return inputs[index] ?? problem(`input ${index} is missing`);
}

/** The input as a tensor that is known now. */
export function constant(context: NodeContext, index: number, name: string): OnnxTensor {
	const input = operand(context, index);
	return isValue(input) ? problem(`its ${name} is not known before the data`) : input;
}

export function optionalConstant(context: NodeContext, index: number, name: string): OnnxTensor | undefined {
	return context.inputs[index] === undefined ? undefined : constant(context, index, name);
}

export function allConstant(inputs: readonly (Operand | undefined)[]): inputs is readonly OnnxTensor[] {
	return inputs.every((input) => input !== undefined && !isValue(input));
}

export function int({ node }: NodeContext, name: string, fallback: number): number {
	const value = node.attributes.get(name);
	return typeof value === "number" ? value : fallback;
}

export function float(context: NodeContext, name: string, fallback: number): number {
	return int(context, name, fallback);
}

export function text({ node }: NodeContext, name: string, fallback: string): string {
	const value = node.attributes.get(name);
	return typeof value === "string" ? value : fallback;
}

export function ints({ node }: NodeContext, name: string): readonly number[] | undefined {
	const value = node.attributes.get(name);
	return isNumbers(value) ? value : undefined;
}

export function strings({ node }: NodeContext, name: string): readonly string[] | undefined {
	const value = node.attributes.get(name);
	return isStrings(value) ? value : undefined;
}

function isNumbers(value: OnnxAttribute | undefined): value is readonly number[] {
	return Array.isArray(value) && value.every((each) => typeof each === "number");
}

function isStrings(value: OnnxAttribute | undefined): value is readonly string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** A list that early opsets have as an attribute and later ones as an input. */
export function intsOrInput(context: NodeContext, name: string, index: number): readonly number[] | undefined {
	const listed = ints(context, name);
	if (listed !== undefined) return listed;
	const input = optionalConstant(context, index, name);
	return input === undefined ? undefined : shortList(input, name);
}

/** A shape and the like, which an input gives. */
export function listInput(context: NodeContext, index: number, name: string): readonly number[] {
	return shortList(constant(context, index, name), name);
}

/** No value has more axes than this, and nothing that goes by axes is longer. */
const MAX_AXES = 32;

function shortList(input: OnnxTensor, name: string): readonly number[] {
	return input.values.length <= 2 * MAX_AXES
		? numbersOf(input)
		: problem(`its ${name} has ${input.values.length} numbers`);
}

/** An axis that may count from the last as one that counts from the first. */
export function axisIndex(axis: number, rank: number): number {
	const index = axis < 0 ? axis + rank : axis;
	return Number.isInteger(index) && index >= 0 && index < rank ? index : problem(`axis ${axis} is not one of ${rank}`);
}

/** An input of any origin as a value, with its shape as ONNX sees it. */
export function valueAndShape(context: NodeContext, index: number): { x: Value; shape: readonly number[] } {
	const x = context.builder.value(operand(context, index));
	return { x, shape: shapeOf(x) };
}

/** Whether an attribute is a tensor; a list has `values`, too, but as a method. */
export function isTensor(value: OnnxAttribute | undefined): value is OnnxTensor {
	return typeof value === "object" && "shape" in value;
}
