import test from "ava";
import type { Graph } from "../../src/network/graph.js";
import { defaultObjective } from "../../src/objective/suit.js";

/** A network of one value, [width], that ends in the given node. */
function ending(last: Graph["nodes"][number] | undefined, shape: readonly number[]): Graph {
	const first = { op: "relu", inputs: ["x"], output: "h", attributes: {} } as const;
	const nodes = last === undefined ? [first] : [first, last];
	return { name: "g", inputs: [{ name: "x", shape }], nodes, parameters: [], output: nodes.at(-1)?.output ?? "" };
}

const classes = Int32Array.of(0, 1);
const values = Float32Array.of(0, 1);

test("classes take softmax cross-entropy, and a softmax at the end is left out for it", (t) => {
	t.is(defaultObjective(ending(undefined, [3]), classes, 2).loss, "softmax-cross-entropy");
	for (const op of ["softmax", "logSoftmax"] as const) {
		const objective = defaultObjective(ending({ op, inputs: ["h"], output: "p", attributes: {} }, [3]), classes, 2);
		t.is(objective.loss, "softmax-cross-entropy");
		t.is(objective.graph.output, "h");
		t.is(objective.graph.nodes.length, 1);
	}
});

test("a class for each token takes the cross-entropy of tokens", (t) => {
	t.is(defaultObjective(ending(undefined, [2, 3]), Int32Array.of(0, 1, 2, 0), 2).loss, "token-cross-entropy");
});

test("values take the mean squared error", (t) => {
	t.is(defaultObjective(ending(undefined, [1]), values, 2).loss, "mse");
});

test("a sigmoid at the end, or one output for two classes, takes binary cross-entropy", (t) => {
	const sigmoid = { op: "unary", inputs: ["h"], output: "p", attributes: { function: "sigmoid" } } as const;
	t.is(defaultObjective(ending(sigmoid, [1]), values, 2).loss, "binary-cross-entropy");
	t.is(defaultObjective(ending(undefined, [1]), classes, 2).loss, "binary-cross-entropy-from-logits");
});
