import test from "ava";
import { LayoutMismatchError } from "../../src/errors.js";
import type { Graph } from "../../src/network/graph.js";
import { inferShapes } from "../../src/network/infer-shapes.js";
import { suitObjective, type Wishes } from "../../src/objective/suit.js";

/** A network of one value that ends in the given node. */
function ending(last: Graph["nodes"][number] | undefined, shape: readonly number[]): Graph {
	const first = { op: "relu", inputs: ["x"], output: "h", attributes: {} } as const;
	const nodes = last === undefined ? [first] : [first, last];
	return { name: "g", inputs: [{ name: "x", shape }], nodes, parameters: [], output: nodes.at(-1)?.output ?? "" };
}

const plain = (...shape: readonly number[]) => ending(undefined, shape);
const sigmoid = { op: "unary", inputs: ["h"], output: "p", attributes: { function: "sigmoid" } } as const;

function suit(graph: Graph, values: readonly number[], shape: readonly number[], wishes: Wishes = {}, isFloat = true) {
	const typed = isFloat ? Float32Array.from(values) : Int32Array.from(values);
	return suitObjective(graph, { name: "data", shape, values: typed }, wishes);
}

const summary = (...given: Parameters<typeof suit>) => {
	const { placed, loss, metric } = suit(...given);
	return [placed.role, loss, metric, [...placed.targets]];
};

test("whole numbers for several outputs are classes, whatever their type", (t) => {
	const expected = ["class", "softmax-cross-entropy", "accuracy", [0, 2, 1]];
	t.deepEqual(summary(plain(3), [0, 2, 1], [], {}, false), expected);
	t.deepEqual(summary(plain(3), [0, 2, 1], [], {}, true), expected);
	t.deepEqual(summary(plain(1, 3), [0, 2, 1], [1]), expected);
});

test("rows with one 1 are classes, other rows that add up to 1 probabilities", (t) => {
	const hot = [0, 1, 0, 1, 0, 0];
	const expected = ["class", "softmax-cross-entropy", "accuracy", [1, 0]];
	t.deepEqual(summary(plain(3), hot, [3], {}, false), expected);
	t.deepEqual(summary(plain(3), hot, [3], {}, true), expected);
	const soft = suit(plain(2), [0.25, 0.75, 1, 0], [2]);
	t.deepEqual([soft.placed.role, soft.loss], ["distribution", "softmax-cross-entropy"]);
});

test("other rows of 0 and 1 are labels, and all other numbers values", (t) => {
	t.is(suit(plain(3), [1, 1, 0, 0, 0, 0], [3]).loss, "binary-cross-entropy-from-logits");
	t.is(suit(plain(2), [0.5, 0.7, -1, 2], [2]).loss, "mse");
});

test("for one output 0 and 1 are labels, other numbers values, of any type", (t) => {
	t.is(suit(plain(1), [0, 1, 1], [], {}, false).loss, "binary-cross-entropy-from-logits");
	t.is(suit(plain(1), [33, 20], [], {}, false).loss, "mse");
	t.is(suit(plain(1), [0.5, 2], [1]).loss, "mse");
});

test("a sigmoid at the end takes binary cross-entropy of targets from 0 to 1, and the squared error of others", (t) => {
	t.is(suit(ending(sigmoid, [1]), [0, 1], []).loss, "binary-cross-entropy");
	t.is(suit(ending(sigmoid, [2]), [0.5, 0.25], [2]).metric, "binary-accuracy");
	t.is(suit(ending(sigmoid, [2]), [-2, 3], [2]).loss, "mse");
});

test("a class for each token or pixel is found with its classes on the first axis or the last", (t) => {
	const tokens = suit(plain(2, 3), [0, 1, 2, 0], [2]);
	t.deepEqual([tokens.placed.role, tokens.graph.nodes.length], ["classes", 1]);
	const pixels = suit(plain(5, 2, 2), [0, 1, 2, 4], [2, 2]);
	t.is(pixels.placed.role, "classes");
	t.deepEqual(inferShapes(pixels.graph).get(pixels.graph.output), [2, 2, 5]);
	t.deepEqual(inferShapes(suit(plain(2, 2, 5), [0, 1, 2, 4], [2, 2]).graph).get("h"), [2, 2, 5]);
});

test("a class that does not count is kept as -1; PyTorch's -100 is one where nothing is said", (t) => {
	t.deepEqual([...suit(plain(3), [0, -100, 2], []).placed.targets], [0, -1, 2]);
	t.deepEqual([...suit(plain(3), [0, 255, 2], [], { ignoreIndex: 255 }).placed.targets], [0, -1, 2]);
});

test("a softmax at the end, and what moves its values, is left out for softmax cross-entropy", (t) => {
	for (const op of ["softmax", "logSoftmax"] as const) {
		const { graph } = suit(ending({ op, inputs: ["h"], output: "p", attributes: {} }, [3]), [0, 1], []);
		t.deepEqual([graph.output, graph.nodes.length], ["h", 1]);
	}
	const softmax = { op: "softmax", inputs: ["h"], output: "s", attributes: {} } as const;
	const moved = { op: "transpose", inputs: ["s"], output: "o", attributes: { permutation: [1, 0] } } as const;
	const graph = { ...ending(softmax, [2, 3]), output: "o" };
	const suited = suit({ ...graph, nodes: [...graph.nodes, moved] }, [0, 1], [2]);
	t.deepEqual(suited.graph.nodes.map(({ op, inputs }) => [op, inputs[0]]).slice(0, 2), [
		["relu", "x"],
		["transpose", "h"],
	]);
});

test("a loss that is asked for decides what targets are", (t) => {
	t.deepEqual(summary(plain(3), [0, 1, 0], [3], { loss: "mse" }), ["values", "mse", "r2", [0, 1, 0]]);
	t.deepEqual(summary(plain(1), [0, 1], [], { loss: "mse" }, false), ["values", "mse", "r2", [0, 1]]);
});

const refused = (message: RegExp) => ({ instanceOf: LayoutMismatchError, message });

test("what does not go together is refused with both shapes, and with what fits", (t) => {
	for (const loss of ["mse", "mae", "huber"] as const)
		t.throws(
			() => suit(plain(3), [0, 1, 2], [], { loss }, false),
			refused(
				/^m\w+|huber takes a value for each output: data: targets of \[\] a sample .* the output of g, \[3\]; losses that fit: .*softmax-cross-entropy/,
			),
		);
	t.throws(() => suit(plain(3), [0, 1], [], { loss: "binary-cross-entropy-from-logits" }), refused(/takes yes or no/));
	t.throws(
		() => suit(plain(3), [0, 1], [], { metric: "r2" }),
		refused(/one class a sample, of which r2 .*: accuracy, top-5$/),
	);
	t.throws(() => suit(plain(3), [0, 1, 2, 0], [2]), refused(/targets of \[2\] a sample .* \[3\]$/));
	t.throws(
		() => suit(ending(sigmoid, [1]), [2], [], { loss: "binary-cross-entropy" }),
		refused(/labels are from 0 to 1/),
	);
});

test("losses of probabilities are refused for a network that ends in a plain layer", (t) => {
	for (const loss of ["negative-log-likelihood", "cross-entropy-from-probabilities"] as const)
		t.throws(
			() => suit(plain(3), [0, 1], [], { loss }),
			refused(/g ends in a plain layer; softmax-cross-entropy takes its/),
		);
});

test("a target that is wrong is named with its place", (t) => {
	t.throws(
		() => suit(plain(3), [0, 1, 3], []),
		refused(/^data: class 3 of sample 2 is not one of the 3 that g tells apart/),
	);
	t.throws(() => suit(plain(3), [1, 2, 3], []), refused(/; yours count from 1$/));
	t.throws(() => suit(plain(3), [0, 0.5, 1], []), refused(/class 0.5 of sample 1/));
	t.throws(() => suit(plain(2, 2, 3), [0, 0, 0, 9], [2, 2]), refused(/class 9 of sample 0, place 3/));
	t.throws(
		() => suit(plain(1), [1, Number.NaN], []),
		refused(/the target NaN of sample 1 can't be: values are finite/),
	);
	const { numbers, ...targets } = {
		name: "data",
		shape: [],
		values: Int32Array.of(0, 7),
		numbers: Uint32Array.of(40, 41),
	};
	t.throws(() => suitObjective(plain(3), { ...targets, numbers }), refused(/class 7 of sample 41/));
});
