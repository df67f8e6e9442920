import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { flatten } from "./flatten.js";
import { maxPool } from "./max-pool.js";
import type { Mode, Op, Shape } from "./op.js";
import { relu } from "./relu.js";

/** Every op a graph may hold: one file and one line each. */
export const ops = { conv2d, dense, dropout, flatten, maxPool, relu };

export type OpName = keyof typeof ops;

/** One step of a graph: applies an op to named values and names the result. */
export type GraphNode = { [Name in OpName]: NodeOf<Name, AttributesOf<(typeof ops)[Name]>> }[OpName];

interface NodeOf<Name extends OpName, Attributes> {
	readonly op: Name;
	/** Names of values and parameters, in the order that the op's file gives. */
	readonly inputs: readonly string[];
	readonly output: string;
	readonly attributes: Attributes;
}

type AttributesOf<O> = O extends Op<infer Attributes> ? Attributes : never;

/** The op of a node with its attributes filled in. (The type system can't see that the two belong together.) */
export function opOf(node: GraphNode): {
	shape(inputs: readonly Shape[]): Shape;
	run(inputs: readonly import("@tensorflow/tfjs-core").Tensor[], mode: Mode): import("@tensorflow/tfjs-core").Tensor;
	multiplyAdds(inputs: readonly Shape[], output: Shape): number;
} {
	const op = ops[node.op] as Op<GraphNode["attributes"]>;
	return {
		shape: (inputs) => op.shape(inputs, node.attributes),
		run: (inputs, mode) => op.run(inputs, node.attributes, mode),
		multiplyAdds: (inputs, output) => op.multiplyAdds?.(inputs, output) ?? 0,
	};
}
