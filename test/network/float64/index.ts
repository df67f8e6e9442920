/**
 * Networks in float64: a second way to every op, by loops that follow its definition and share nothing with `src` but types.
 *
 * ```ts
 * const values = new Map([["x", { shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) }]]);
 * const logits = interpret(graph, values);
 * ```
 */
import type { Graph } from "../../../src/network/graph.js";
import type { OpName } from "../../../src/network/ops/index.js";
import { binary, dropout, relu, unary, where } from "./elementwise.js";
import {
	concat,
	embedding,
	expand,
	flatten,
	foldSamples,
	gather,
	pad,
	perSample,
	resample,
	reshape,
	slice,
	transpose,
	unfoldSamples,
} from "./moving.js";
import { dense, matMul } from "./products.js";
import { gru, lstm, rnn } from "./recurrent.js";
import { batchNorm, logSoftmax, reduce, softmax, standardize } from "./rows.js";
import type { Operation, Value } from "./value.js";
import { averagePool, conv2d, conv3d, convTranspose2d, depthwiseConv2d, maxPool, maxPoolTangent } from "./windows.js";

export type { Value } from "./value.js";

/** One line an op. */
const operations: Readonly<Record<string, Operation>> = {
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

/**
 * Carries out one op as evaluation does.
 *
 * @param inputs     values with the batch as first axis, parameters and constants whole
 * @param attributes those of the op
 */
export function runOp(name: OpName, inputs: readonly Value[], attributes: unknown): Value {
	const operation = operations[name];
	if (operation === undefined) throw new RangeError(`there is no float64 arithmetic of ${name}`);
	return operation(inputs, attributes as never);
}

/**
 * Carries out a graph as evaluation does.
 *
 * @param values parameters by name, whole, and inputs by name with the batch as first axis
 */
export function interpret(graph: Graph, values: ReadonlyMap<string, Value>): Value {
	const constants = (graph.constants ?? []).map(({ name, shape, values }): [string, Value] => [
		name,
		{ shape, values: Float64Array.from(values) },
	]);
	const computed = new Map([...constants, ...values]);
	const named = (name: string) => {
		const value = computed.get(name);
		if (value === undefined) throw new RangeError(`there is no value of ${name}`);
		return value;
	};
	for (const { op, inputs, output, attributes } of graph.nodes)
		computed.set(output, runOp(op, inputs.map(named), attributes));
	return named(graph.output);
}
