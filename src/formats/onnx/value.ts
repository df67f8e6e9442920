import type { ParameterKind } from "../../network/graph.js";
import { sizeOf } from "../../network/shape.js";
import { type Axis, type Factor, hasBatch, lengthOf, resolve } from "./factors.js";
import type { OnnxTensor } from "./model.js";

/** What one node can't do; onnx.ts collects them all into a GraphError. */
export class ImportProblem extends Error {}

export function problem(message: string): never {
	throw new ImportProblem(message);
}

/** A tensor of the graph: its axes in memory for one sample, each a list of factors. */
export interface Storage {
	readonly tensor: string;
	groups: readonly (readonly Factor[])[];
	/** Inputs, parameters and constants have no order in memory until their first use gives them the one that suits it. */
	readonly source?: Source;
	/** The tensors that hold the same values in other orders, by that order. */
	arranged?: Map<string, string>;
}

/** What a tensor was before an op asked for it: an input of the network or a tensor of the file. */
export interface Source {
	readonly native: readonly Factor[];
	readonly shape: readonly number[];
	readonly tensor?: OnnxTensor;
	/** A number of the computation, such as ε, which no sweep moves. */
	readonly fixed: boolean;
	placed: boolean;
	role?: Role;
}

/** What a tensor of the file is for in the network. */
export interface Role {
	readonly kind: ParameterKind;
	readonly fanIn: number;
	/** The factors that count the filters, or the axes that do. */
	readonly filters: readonly Factor[] | { readonly axes: readonly number[] };
}

/** A value that is computed at every point, as ONNX sees it. */
export interface Value {
	readonly storage: Storage;
	readonly axes: readonly Axis[];
	readonly kind: "float" | "int" | "bool";
}

/** A value, or a tensor that is known now and takes part in constant folding. */
export type Operand = Value | OnnxTensor;

export function isValue(operand: Operand): operand is Value {
	return "storage" in operand;
}

/** The shape as ONNX sees it, with BATCH for the number of samples. */
export function shapeOf(operand: Operand): readonly number[] {
	return isValue(operand) ? operand.axes.map((item) => lengthOf(resolve(item))) : operand.shape;
}

export function isBatched(value: Value): boolean {
	return value.axes.some(hasBatch);
}

/** Whether a shape has anything in it; empty tensors have no place in a network. */
export function isEmpty(shape: readonly number[]): boolean {
	return sizeOf(shape) === 0;
}
