import test from "ava";
import { permuted, randomPermutations } from "../../src/align/permute.js";
import { type Symmetry, symmetryOf } from "../../src/align/symmetry.js";
import { verify } from "../../src/align/verify.js";
import type { Dataset } from "../../src/data/dataset.js";
import { RandomStream } from "../../src/exact/random.js";
import type { Constant, Graph, Parameter } from "../../src/network/graph.js";
import type { GraphNode } from "../../src/network/ops/index.js";
import { parameterLayout, type State } from "../../src/network/parameters.js";
import { gaussians } from "../fixtures.js";

function parameter(name: string, ...shape: number[]): Parameter {
	const native = { shape, view: shape, permutation: shape.map((_, axis) => axis) };
	return { name, shape, kind: "kernel", filterAxes: [], fanIn: 1, native };
}

function network(
	shape: readonly number[],
	parameters: readonly Parameter[],
	nodes: readonly GraphNode[],
	constants: readonly Constant[] = [],
): Graph {
	return {
		name: "made by hand",
		inputs: [{ name: "x", shape }],
		nodes,
		parameters,
		constants,
		output: nodes.at(-1)?.output ?? "",
	};
}

const sliding = { strides: [1, 1], padding: "same" } as const;
const product = (output: string, ...inputs: string[]): GraphNode => ({ op: "dense", inputs, output, attributes: {} });
const relu = (output: string, input: string): GraphNode => ({ op: "relu", inputs: [input], output, attributes: {} });
const sum = (output: string, ...inputs: string[]): GraphNode => ({
	op: "binary",
	inputs,
	output,
	attributes: { function: "add" },
});

/** Groups as `size × count: parameters`. */
function groupsOf({ groups }: Symmetry): string[] {
	return groups.map(
		({ size, count, parameters }) => `${size}${count > 1 ? ` × ${count}` : ""}: ${parameters.join(" ")}`,
	);
}

/** Random orders change the parameters and not what is computed. */
async function computesTheSame(graph: Graph): Promise<boolean> {
	const size = graph.inputs[0]?.shape.reduce((count, length) => count * length, 1) ?? 1;
	const data: Dataset = {
		name: "noise",
		samples: 5,
		sampleShape: graph.inputs[0]?.shape ?? [],
		inputs: gaussians(5 * size, 2),
		targets: new Int32Array(5),
	};
	const state: State = {
		parameters: gaussians(parameterLayout(graph).length, 1),
		statistics: new Float32Array(),
	};
	const symmetry = symmetryOf(graph);
	const orders = randomPermutations(symmetry.groups, new RandomStream(6, "alignment"));
	const moved = permuted(graph, symmetry, state, orders);
	await verify({ graph, data, precision: "fast" }, symmetry, orders, [state, moved]);
	return moved.parameters.some((value, i) => value !== state.parameters[i]);
}

test("channels that are seen one by one and in groups, joined and flattened, keep apart what is apart", async (t) => {
	const graph = network(
		[4, 4, 2],
		[
			parameter("a", 3, 3, 2, 6),
			parameter("single", 3, 3, 6, 2),
			parameter("grouped", 1, 1, 3, 8),
			parameter("last", 4 * 4 * 20, 5),
		],
		[
			{ op: "conv2d", inputs: ["x", "a"], output: "h", attributes: sliding },
			{ op: "depthwiseConv2d", inputs: ["h", "single"], output: "d", attributes: sliding },
			{ op: "conv2d", inputs: ["h", "grouped"], output: "g", attributes: { ...sliding, groups: 2 } },
			relu("r", "g"),
			{
				op: "averagePool",
				inputs: ["d"],
				output: "p",
				attributes: { window: [2, 2], strides: [1, 1], padding: "same" },
			},
			{ op: "concat", inputs: ["r", "p"], output: "c", attributes: { axis: -1 } },
			{ op: "flatten", inputs: ["c"], output: "f", attributes: {} },
			product("y", "f", "last"),
		],
	);
	// The grouped convolution splits the six channels of a in two times three, each with an order of its own, and gives two times four;
	// the two that single makes of each channel come in one order for all channels of a group.
	t.deepEqual(groupsOf(symmetryOf(graph)), [
		"3 × 2: a single grouped last",
		"2 × 2: single last",
		"4 × 2: grouped last",
	]);
	t.true(await computesTheSame(graph));
});

test("what a shortcut adds up has one order, and what only zeros are added to has one of its own", async (t) => {
	const graph = network(
		[3],
		[parameter("a", 3, 4), parameter("b", 4, 4), parameter("c", 4, 6), parameter("d", 6, 2)],
		[
			product("h", "x", "a"),
			relu("r", "h"),
			product("k", "r", "b"),
			sum("s", "k", "h"),
			product("w", "s", "c"),
			{ op: "pad", inputs: ["s"], output: "p", attributes: { padding: [[0, 2]], mode: "constant", value: 0 } },
			sum("z", "w", "p"),
			relu("q", "z"),
			product("y", "q", "d"),
		],
	);
	t.deepEqual(groupsOf(symmetryOf(graph)), ["4: a b c d", "2: c d"]);
	t.true(await computesTheSame(graph));
});

test("a matrix that is used twice, once transposed, has one order; where that meets the input, none", async (t) => {
	const turned = (output: string, input: string): GraphNode => ({
		op: "transpose",
		inputs: [input],
		output,
		attributes: { permutation: [1, 0] },
	});
	const inside = network(
		[3],
		[parameter("in", 3, 5), parameter("tied", 5, 4), parameter("out", 5, 2)],
		[
			product("h", "x", "in"),
			product("k", "h", "tied"),
			relu("r", "k"),
			turned("back", "tied"),
			product("j", "r", "back"),
			sum("s", "j", "h"),
			product("y", "s", "out"),
		],
	);
	t.deepEqual(groupsOf(symmetryOf(inside)), ["5: in tied out", "4: tied"]);
	t.true(await computesTheSame(inside));
	const square = network(
		[4],
		[parameter("tied", 4, 4)],
		[product("h", "x", "tied"), relu("r", "h"), product("y", "r", "tied")],
	);
	const { groups, fixed } = symmetryOf(square);
	t.deepEqual(groups, []);
	t.deepEqual(fixed, [{ name: "tied", reason: "input x" }]);
});

test("neurons that a constant tells apart stay, and those it treats alike move", async (t) => {
	const constant = (name: string, values: readonly number[], ...shape: number[]): Constant => ({
		name,
		shape,
		type: "float32",
		values: Float32Array.from(values),
	});
	const made = (values: readonly number[]) =>
		network(
			[3],
			[parameter("a", 3, 4), parameter("b", 4, 2)],
			[product("h", "x", "a"), sum("s", "h", "c"), product("y", "s", "b")],
			[constant("c", values, 4)],
		);
	t.deepEqual(symmetryOf(made([1, 2, 1, 1])).groups, []);
	t.true(symmetryOf(made([1, 2, 1, 1])).fixed.some(({ reason }) => reason === "constant c"));
	t.deepEqual(groupsOf(symmetryOf(made([3, 3, 3, 3]))), ["4: a b"]);
	t.true(await computesTheSame(made([3, 3, 3, 3])));
	// One list that two layers read makes them no pair.
	const shared = network(
		[3],
		[parameter("a", 3, 4), parameter("b", 4, 4), parameter("c", 4, 2)],
		[
			product("h", "x", "a"),
			sum("s", "h", "zeros"),
			product("k", "s", "b"),
			sum("z", "k", "zeros"),
			product("y", "z", "c"),
		],
		[constant("zeros", [0, 0, 0, 0], 4)],
	);
	t.deepEqual(groupsOf(symmetryOf(shared)), ["4: a b", "4: b c"]);
	t.true(await computesTheSame(shared));
});

test("a softmax over features lets them move, in one order for all that it weighs against each other", async (t) => {
	const graph = network(
		[3],
		[parameter("a", 3, 12), parameter("b", 12, 2)],
		[
			product("h", "x", "a"),
			{ op: "reshape", inputs: ["h"], output: "g", attributes: { rank: 1, shape: [3, 4] } },
			{ op: "softmax", inputs: ["g"], output: "p", attributes: {} },
			{ op: "flatten", inputs: ["p"], output: "f", attributes: {} },
			product("y", "f", "b"),
		],
	);
	// Each of three rows of four is weighed on its own: rows change places, and each has an order within.
	const { groups } = symmetryOf(graph);
	t.deepEqual(groupsOf(symmetryOf(graph)), ["3: a b", "4 × 3: a b"]);
	t.is(groups[1]?.within, 0);
	t.true(await computesTheSame(graph));
});
