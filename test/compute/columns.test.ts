import test from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import { lowerPart } from "../../src/compute/program/lower.js";
import { Weights } from "../../src/compute/program/weights.js";
import type { Graph } from "../../src/network/graph.js";
import type { GraphNode } from "../../src/network/ops/index.js";
import { gaussians } from "../fixtures.js";
import { fastContext } from "./context.js";

const parameter = (name: string, shape: readonly number[]) => ({
	name,
	shape,
	kind: "scale" as const,
	filterAxes: [],
	fanIn: 1,
	native: { shape, view: shape, permutation: shape.map((_, axis) => axis) },
});

/** A normalisation of [5, 11] and what follows it. */
function graphOf(after: readonly GraphNode[]): Graph {
	return {
		name: "made by hand",
		inputs: [{ name: "x", shape: [5, 11] }],
		nodes: [
			{ op: "standardize", inputs: ["x"], output: "s", attributes: { axes: [-1], epsilon: 1e-5 } },
			...after,
			{ op: "flatten", inputs: [after.at(-1)?.output ?? "s"], output: "out", attributes: {} },
		],
		parameters: [parameter("w", [11]), parameter("b", [11]), parameter("all", [5, 11])],
		output: "out",
	};
}

const binary = (name: "mul" | "add", a: string, b: string, output: string): GraphNode => ({
	op: "binary",
	inputs: [a, b],
	output,
	attributes: { function: name },
});

async function instructionsOf(graph: Graph): Promise<string[]> {
	const context = await fastContext();
	const weights = new Weights(context);
	for (const { name, shape } of graph.parameters) weights.add(name, shape);
	const part = { nodes: graph.nodes, inputs: graph.inputs, outputs: [graph.output] };
	const { steps, release } = lowerPart(part, { context, weights, batch: 3, areInside: () => false });
	release();
	weights.release();
	return steps.map((step) => ("instruction" in step ? step.instruction.name : "call"));
}

const samples = 3;
const inputs = gaussians(samples * 55, 1);
const parameters = gaussians(77, 2);
const [w, b, all] = [parameters.subarray(0, 11), parameters.subarray(11, 22), parameters.subarray(22)];

async function outputsOf(graph: Graph): Promise<Float32Array> {
	const data = { name: "numbers", samples, sampleShape: [5, 11], inputs, targets: new Int32Array(samples) };
	const options = { graph, statistics: new Float32Array(), data, batchNorm: "running", precision: "fast" } as const;
	const evaluator = await Evaluator.create(options);
	const values = [...evaluator.outputs(parameters)].flatMap((part) => [...part.values]);
	evaluator.release();
	return Float32Array.from(values);
}

const { fround } = Math;
const times = (factors: Float32Array) => (value: number, i: number) =>
	fround(value * (factors[i % factors.length] ?? 0));
const plus = (terms: Float32Array) => (value: number, i: number) => fround(value + (terms[i % terms.length] ?? 0));

const joined = {
	"a factor and a term of each column": {
		nodes: [binary("mul", "s", "w", "m"), binary("add", "b", "m", "a")],
		steps: [times(w), plus(b)],
		instructions: ["standardize"],
	},
	"a term alone": { nodes: [binary("add", "s", "b", "a")], steps: [plus(b)], instructions: ["standardize"] },
	"a factor after a term": {
		nodes: [binary("add", "s", "b", "a"), binary("mul", "a", "w", "m")],
		steps: [plus(b), times(w)],
		instructions: ["standardize", "binary"],
	},
	"two factors": {
		nodes: [binary("mul", "s", "w", "m"), binary("mul", "m", "b", "n")],
		steps: [times(w), times(b)],
		instructions: ["standardize", "binary"],
	},
	"one of each value": {
		nodes: [binary("mul", "s", "all", "m")],
		steps: [times(all)],
		instructions: ["standardize", "binary"],
	},
};

for (const [what, { nodes, steps, instructions }] of Object.entries(joined))
	test(`${what} after a normalisation: ${instructions.join(" and ")}, with the bits of one after the other`, async (t) => {
		t.deepEqual(await instructionsOf(graphOf(nodes)), instructions);
		const plain = await outputsOf(graphOf([]));
		const expected = steps.reduce((values, step) => values.map(step), plain);
		t.deepEqual(await outputsOf(graphOf(nodes)), expected);
	});

test("a normalisation that is read elsewhere, too, stays as it is", async (t) => {
	const nodes = [binary("mul", "s", "w", "m"), binary("add", "m", "s", "a")];
	t.deepEqual(await instructionsOf(graphOf(nodes)), ["standardize", "binary", "binary"]);
	const plain = await outputsOf(graphOf([]));
	const moved = plain.map(times(w));
	t.deepEqual(
		await outputsOf(graphOf(nodes)),
		plain.map((value, i) => fround((moved[i] ?? 0) + value)),
	);
});
