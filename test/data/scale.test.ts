import test from "ava";
import { scaleFor } from "../../src/data/scale.js";
import { LayoutMismatchError } from "../../src/errors.js";
import type { Constant, Graph } from "../../src/network/graph.js";
import type { GraphNode } from "../../src/network/ops/index.js";

const input = { name: "x", shape: [2, 2, 3] };

/** A network that first moves its input about, and then does something to it, with a constant `c`. */
function network(node: GraphNode, constant?: number): Graph {
	const moved = { op: "transpose", inputs: ["x"], output: "m", attributes: { permutation: [2, 0, 1] } } as const;
	const constants: Constant[] =
		constant === undefined ? [] : [{ name: "c", shape: [1], type: "float32", values: Float32Array.of(constant) }];
	return { name: "net", inputs: [input], nodes: [moved, node], parameters: [], constants, output: "y" };
}

const binary = (name: "add" | "div" | "mul" | "sub", constant: number) =>
	network({ op: "binary", inputs: ["m", "c"], output: "y", attributes: { function: name } }, constant);

test("8-bit numbers are divided by 255 for a network that does nothing of the kind", (t) => {
	const plain = network({ op: "relu", inputs: ["m"], output: "y", attributes: {} });
	t.deepEqual(scaleFor(plain, input, undefined), ["255", ["8-bit inputs are divided by 255"]]);
	// What centres or stretches fractions is for fractions.
	for (const graph of [binary("sub", 0.485), binary("div", 0.229), binary("mul", 2)])
		t.is(scaleFor(graph, input, undefined)[0], "255");
});

test("they are taken as they are where the network scales them itself, or takes integers", (t) => {
	for (const graph of [binary("div", 255), binary("mul", 1 / 255), binary("sub", 123.68), binary("add", -128)])
		t.deepEqual(scaleFor(graph, input, undefined), [
			"none",
			["8-bit inputs are taken as they are: net scales them itself"],
		]);
	t.is(scaleFor(binary("div", 4), { ...input, type: "int32" }, undefined)[0], "none");
});

test("where it can't be told it is asked, and what is asked for holds", (t) => {
	t.throws(() => scaleFor(binary("div", 4), input, undefined), {
		instanceOf: LayoutMismatchError,
		message: /^net computes with its input .*: give --scale-input none or 255$/,
	});
	t.deepEqual(scaleFor(binary("div", 4), input, "none"), ["none", []]);
});
