import type { Lowering, Operand } from "../../kernels/lowering.js";
import { averagePool } from "./average-pool.js";
import type { Axes, Axis, InputAxes } from "./axes.js";
import { batchNorm } from "./batch-norm.js";
import { binary } from "./binary.js";
import { concat } from "./concat.js";
import { convTranspose2d } from "./conv-transpose2d.js";
import { conv2d } from "./conv2d.js";
import { conv3d } from "./conv3d.js";
import { dense } from "./dense.js";
import { depthwiseConv2d } from "./depthwise-conv2d.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { expand } from "./expand.js";
import { flatten } from "./flatten.js";
import { foldSamples } from "./fold-samples.js";
import { gather } from "./gather.js";
import { gru } from "./gru.js";
import { logSoftmax } from "./log-softmax.js";
import { lstm } from "./lstm.js";
import { matMul } from "./mat-mul.js";
import { maxPool } from "./max-pool.js";
import { maxPoolTangent } from "./max-pool-tangent.js";
import type { Mode, NodeBuilder, Op, Shape, TangentNode } from "./op.js";
import { pad } from "./pad.js";
import { perSample } from "./per-sample.js";
import { reduce } from "./reduce.js";
import { relu } from "./relu.js";
import { resample } from "./resample.js";
import { reshape } from "./reshape.js";
import { rnn } from "./rnn.js";
import { slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { standardize } from "./standardize.js";
import { transpose } from "./transpose.js";
import { unary } from "./unary.js";
import { unfoldSamples } from "./unfold-samples.js";
import { where } from "./where.js";

/** Every op a graph may hold: one file and one line each. */
export const ops = {
	averagePool,
	batchNorm,
	binary,
	concat,
	conv2d,
	conv3d,
	convTranspose2d,
	dense,
	depthwiseConv2d,
	dropout,
	embedding,
	expand,
	flatten,
	foldSamples,
	gather,
	gru,
	logSoftmax,
	lstm,
	matMul,
	maxPool,
	maxPoolTangent,
	pad,
	perSample,
	reduce,
	relu,
	resample,
	reshape,
	rnn,
	slice,
	softmax,
	standardize,
	transpose,
	unary,
	unfoldSamples,
	where,
};

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
	lower(inputs: readonly Operand[], lowering: Lowering): Operand | undefined;
	readonly axes: ((inputs: InputAxes, axes: Axes, output: Shape) => readonly Axis[]) | undefined;
	readonly tangent: ((node: TangentNode, build: NodeBuilder) => string | undefined) | undefined;
} {
	const op = ops[node.op] as Op<GraphNode["attributes"]>;
	return {
		shape: (inputs) => op.shape(inputs, node.attributes),
		run: (inputs, mode) => op.run(inputs, node.attributes, mode),
		multiplyAdds: (inputs, output) => op.multiplyAdds?.(inputs, output) ?? 0,
		lower: (inputs, lowering) => op.lower?.(inputs, node.attributes, lowering),
		axes: op.axes && ((inputs, axes, output) => op.axes?.(inputs, axes, node.attributes, output) ?? []),
		tangent: op.tangent && ((of, build) => op.tangent?.(of, build, node.attributes)),
	};
}
