import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { Backend } from "../compute/backend.js";
import { bind, bindSamples, Evaluator } from "../compute/evaluator.js";
import { constantTensors } from "../compute/execute.js";
import { type Dataset, pickSamples } from "../data/dataset.js";
import { AlignmentError } from "../errors.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import { opOf } from "../network/ops/index.js";
import { evaluationMode } from "../network/ops/op.js";
import { parameterLayout, type State, statisticsLayout } from "../network/parameters.js";
import { type Permutations, permuteTensor } from "./permute.js";
import type { Symmetry } from "./symmetry.js";

/** A network to be permuted, and what it is tried on. */
export interface Tried {
	readonly graph: Graph;
	readonly data: Dataset;
	readonly precision: Precision;
}

/** How many samples, the first ones, a permuted network is tried on. */
const SAMPLES = 64;

/** By how much outputs may differ, in units of the largest: sums in another order differ by 1e-7 to 1e-6 in float32. */
const TOLERANCE = 1e-5;

/**
 * Carries a network out as it was and with its neurons in another order, and refuses where the outputs differ.
 *
 * @throws {AlignmentError} naming the first node whose values differ by more than rounding
 */
export async function verify(
	tried: Tried,
	symmetry: Symmetry,
	permutations: Permutations,
	[original, permuted]: readonly [State, State],
): Promise<void> {
	const few = { ...tried, data: firstSamples(tried.data, SAMPLES) };
	const outputs = [await outputsOf(few, original), await outputsOf(few, permuted)] as const;
	const distance = distanceOf(...outputs);
	if (distance <= TOLERANCE) return;
	const found = await firstDifference(few, symmetry, permutations, [original, permuted]);
	throw new AlignmentError(found ?? tried.graph.output, distance);
}

function firstSamples(data: Dataset, most: number): Dataset {
	return pickSamples(data, [...Array(Math.min(most, data.samples)).keys()]);
}

async function outputsOf({ graph, data, precision }: Tried, { parameters, statistics }: State): Promise<number[]> {
	const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
	const outputs: number[] = [];
	for (const { values } of evaluator.outputs(parameters)) for (const value of values) outputs.push(value);
	evaluator.release();
	return outputs;
}

/** The largest difference in units of the largest value; what is not finite is the same or infinitely far. */
function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let [difference, largest] = [0, 0];
	for (let i = 0; i < a.length; i++) {
		const [x = Number.NaN, y = Number.NaN] = [a[i], b[i]];
		if (Object.is(x, y)) continue;
		if (!Number.isFinite(x) || !Number.isFinite(y)) return Number.POSITIVE_INFINITY;
		difference = Math.max(difference, Math.abs(x - y));
	}
	for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] ?? 0));
	return difference === 0 ? 0 : difference / largest;
}

/** A few samples show where two networks part as well as many do. */
const SAMPLES_PER_NODE = 4;

/** The first node whose values are not those of the original in the order that the permutations give them. */
async function firstDifference(
	{ graph, data }: Tried,
	{ tensors }: Symmetry,
	permutations: Permutations,
	states: readonly [State, State],
): Promise<string | undefined> {
	(await Backend.start()).use({ precision: "exact" });
	const few = firstSamples(data, SAMPLES_PER_NODE);
	const [before, after] = states
		.map(({ parameters, statistics }) => [
			...bind(parameterLayout(graph), parameters),
			...bind(statisticsLayout(graph), statistics),
			...constantTensors(graph),
			...bindSamples(graph, few, 0, few.samples),
		])
		.map((entries) => new Map(entries));
	if (before === undefined || after === undefined) return undefined;
	try {
		for (const node of graph.nodes) {
			const [was, is] = [before, after].map((values) => {
				const inputs = node.inputs.map((name) => values.get(name) as Tensor);
				const output = tidy(() => opOf(node).run(inputs, evaluationMode));
				values.set(node.output, output);
				return output.dataSync();
			}) as [Float32Array, Float32Array];
			const blocks = tensors.get(node.output) ?? [];
			const size = blocks.reduce((sum, { factors }) => sum + factors.reduce((n, { length }) => n * length, 1), 0);
			const expected = new Float32Array(was.length);
			for (let start = 0; start < was.length; start += size) permuteTensor(was, blocks, permutations, expected, start);
			if (distanceOf(expected, is) > TOLERANCE) return node.output;
		}
		return undefined;
	} finally {
		dispose([...before.values(), ...after.values()]);
	}
}
