import { readFileSync } from "node:fs";
import { tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../src/compute/backend.js";
import { bind } from "../../src/compute/evaluator.js";
import { execute } from "../../src/compute/execute.js";
import { reestimate } from "../../src/compute/reestimate.js";
import { importOnnx } from "../../src/formats/onnx/index.js";
import { parameterLayout, statisticsLayout } from "../../src/network/parameters.js";

/** Two dense layers, each with batch normalisation; what PyTorch 1.13 computes of six samples in training mode, and in
 * evaluation mode after that one pass had set the running statistics. */
interface Expected {
	readonly x: number[];
	readonly batch: number[];
	readonly reestimated: number[];
	readonly mean: number[];
	readonly variance: number[];
}

const file = (name: string) => readFileSync(new URL(`../../../test/formats/onnx/${name}`, import.meta.url));
const expected = JSON.parse(file("batch-norm.json").toString()) as Expected;

test.before(() => Backend.start());

function network() {
	const { graph, state } = importOnnx(file("batch-norm.onnx"), "batch-norm.onnx");
	const values = new Map([
		...bind(parameterLayout(graph), state.parameters),
		...bind(statisticsLayout(graph), state.statistics),
	]);
	return { graph, values, x: tensor(expected.x, [6, 4]) };
}

function isClose(found: ArrayLike<number>, wanted: readonly number[]): boolean {
	return wanted.every((value, i) => Math.abs(value - (found[i] ?? Number.NaN)) <= 2e-5 * Math.max(1, Math.abs(value)));
}

test("statistics of the batch give what PyTorch computes in training mode", (t) => {
	const { graph, values, x } = network();
	const output = execute(graph, new Map([...values, ["x", x]]), { training: false, batchNorm: "batch" });
	t.true(isClose(output.dataSync(), expected.batch));
});

test("re-estimated statistics are those that PyTorch's running statistics become, and give its outputs", (t) => {
	const { graph, values, x } = network();
	const statistics = reestimate(graph, values, [new Map([["x", x.clone()]])]);
	t.is(statistics.size, 4);
	t.true(isClose(statistics.get("1.running_mean")?.dataSync() ?? [], expected.mean));
	t.true(isClose(statistics.get("1.running_var")?.dataSync() ?? [], expected.variance));
	const output = execute(graph, new Map([...values, ...statistics, ["x", x]]));
	t.true(isClose(output.dataSync(), expected.reestimated));
});

test("statistics that the exporter found equal in two layers are a tensor of each layer", (t) => {
	const names = network().graph.parameters.map(({ name }) => name);
	t.true(names.includes("1.running_mean") && names.includes("4.running_mean"));
});
