import test from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import { fuse } from "../../src/network/fuse.js";
import type { Graph } from "../../src/network/graph.js";
import type { GraphNode } from "../../src/network/ops/index.js";
import { gaussians } from "../fixtures.js";

const EPSILON = Math.fround(1e-3);

/** A normalisation along the last `depth` axes in the nodes that exporters write it out in. */
function writtenOut(shape: readonly number[], depth: number): GraphNode[] {
	const axes = Array.from({ length: depth }, (_, i) => i - depth);
	const along = [...shape.slice(0, -depth), ...axes.map(() => 1)];
	const rank = shape.length - depth;
	return [
		{ op: "reduce", inputs: ["x"], output: "m", attributes: { function: "mean", axes } },
		{ op: "reshape", inputs: ["m"], output: "mean", attributes: { rank, shape: along } },
		{ op: "binary", inputs: ["x", "mean"], output: "centred", attributes: { function: "sub" } },
		{ op: "unary", inputs: ["centred"], output: "squares", attributes: { function: "square" } },
		{ op: "reduce", inputs: ["squares"], output: "variance", attributes: { function: "mean", axes } },
		{ op: "binary", inputs: ["variance", "epsilon"], output: "sum", attributes: { function: "add" } },
		{ op: "unary", inputs: ["sum"], output: "root", attributes: { function: "sqrt" } },
		{ op: "reshape", inputs: ["root"], output: "deviation", attributes: { rank, shape: along } },
		{ op: "binary", inputs: ["centred", "deviation"], output: "normed", attributes: { function: "div" } },
	];
}

function graphOf(shape: readonly number[], nodes: readonly GraphNode[]): Graph {
	return {
		name: "standardised",
		inputs: [{ name: "x", shape }],
		nodes,
		parameters: [],
		constants: [{ name: "epsilon", shape: [], type: "float32", values: Float32Array.of(EPSILON) }],
		output: nodes.at(-1)?.output ?? "x",
	};
}

/** Some value of them is read once more, beside the result. */
const alsoRead = (name: string): GraphNode => ({
	op: "concat",
	inputs: ["normed", name],
	output: "out",
	attributes: { axis: -1 },
});

const opsOf = (graph: Graph, precision: "fast" | "exact" = "fast") => fuse(graph, precision).nodes.map(({ op }) => op);

async function outputsOf(graph: Graph): Promise<Float32Array> {
	const { shape = [] } = graph.inputs[0] ?? {};
	const samples = 3;
	const inputs = gaussians(samples * shape.reduce((a, b) => a * b));
	const data = { name: "numbers", samples, sampleShape: shape, inputs, targets: new Int32Array(samples) };
	const options = { graph, statistics: new Float32Array(), data, batchNorm: "running", precision: "fast" } as const;
	const evaluator = await Evaluator.create(options);
	const values = [...evaluator.outputs(new Float32Array())].flatMap((part) => [...part.values]);
	evaluator.release();
	return Float32Array.from(values);
}

for (const { shape, depth } of [
	{ shape: [5, 7], depth: 1 },
	{ shape: [3, 300], depth: 1 },
	{ shape: [2, 6, 9], depth: 2 },
])
	test(`a normalisation of [${shape}] along ${depth} that is written out becomes one with the same bits`, async (t) => {
		const nodes = writtenOut(shape, depth);
		t.deepEqual(opsOf(graphOf(shape, nodes)), ["standardize"]);
		const apart = graphOf(shape, [...nodes, alsoRead("centred")]);
		t.false(opsOf(apart).includes("standardize"));
		const [joined, both] = [await outputsOf(graphOf(shape, nodes)), await outputsOf(apart)];
		const row = shape.at(-1) ?? 1;
		t.deepEqual(
			joined,
			joined.map((_, i) => both[2 * i - (i % row)] ?? Number.NaN),
		);
	});

test("one that is not along the last axes, or whose parts belong to something else, stays written out", (t) => {
	const nodes = writtenOut([5, 7], 1);
	const put = (output: string, node: Partial<GraphNode>) =>
		nodes.map((each) => (each.output === output ? ({ ...each, ...node } as GraphNode) : each));
	const left = [
		put("variance", { attributes: { function: "sum", axes: [-1] } }),
		put("squares", { inputs: ["x"] }),
		put("sum", { inputs: ["variance", "m"] }),
		put("root", { attributes: { function: "square" } }),
		put("normed", { inputs: ["x", "deviation"] }),
	];
	for (const each of left) t.false(opsOf(graphOf([5, 7], each)).includes("standardize"));
	t.false(opsOf(graphOf([5, 7], nodes), "exact").includes("standardize"));
});
