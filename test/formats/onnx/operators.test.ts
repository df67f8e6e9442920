import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dispose } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Backend } from "../../../src/compute/backend.js";
import { bind, bindSamples } from "../../../src/compute/evaluator.js";
import { execute } from "../../../src/compute/execute.js";
import { toDataset } from "../../../src/data/arrange.js";
import { importOnnx } from "../../../src/formats/onnx/index.js";
import type { Precision } from "../../../src/kernels/precision.js";
import { fuse } from "../../../src/network/fuse.js";
import { parameterLayout, statisticsLayout } from "../../../src/network/parameters.js";
import { root } from "../../fixtures.js";
import { onnxModel } from "./onnx-file.js";
import { type OperatorCase, SAMPLES, samplesOf } from "./operators/case.js";
import { operatorCases } from "./operators/index.js";

let backend: Backend;
test.before(async () => {
	backend = await Backend.start();
});

/** What onnxruntime-node makes of each graph: `node bench/operators.js`. */
const outputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>> =
	JSON.parse(readFileSync(join(root, "test/formats/onnx/operators/outputs.json"), "utf8"));

/** What we make of it: the samples go the way of a file's. */
function computed(each: OperatorCase, precision: Precision): { shape: number[]; values: ArrayLike<number> } {
	const { graph, state } = importOnnx(onnxModel(each), "test.onnx");
	const named = new Map(
		[...samplesOf(each)].map(([name, { shape, values, type }]) => [
			name,
			{ shape, type: type === "float" ? ("float32" as const) : ("int32" as const), values: Float64Array.from(values) },
		]),
	);
	const [inputs] = named.values();
	if (inputs === undefined) throw new Error("no input");
	const targets = { shape: [SAMPLES], type: "int32" as const, values: new Int32Array(SAMPLES) };
	const data = toDataset({ name: each.name, inputs, named, targets }, graph);
	// The order of samples is a seeded shuffle, which is undone here.
	const order = [...(data.numbers ?? [])];
	const values = new Map([
		...bindSamples(graph, data, 0, SAMPLES),
		...bind(parameterLayout(graph), state.parameters),
		...bind(statisticsLayout(graph), state.statistics),
	]);
	const output = execute(fuse(graph, precision), values);
	const all = Array.from(output.dataSync());
	const size = all.length / SAMPLES;
	const sorted = order.map((_, sample) => all.slice(order.indexOf(sample) * size, (order.indexOf(sample) + 1) * size));
	const result = { shape: output.shape, values: sorted.flat() };
	dispose([output, ...values.values()]);
	return result;
}

for (const each of operatorCases)
	test.serial(`${each.name} gives what onnxruntime gives, by both kinds of kernels`, (t) => {
		compare(t, each, "exact");
		compare(t, each, "fast");
	});

function compare(t: ExecutionContext, each: OperatorCase, precision: Precision): void {
	backend.use({ precision });
	const wanted = outputs[each.name] ?? { shape: [], values: [] };
	const { shape, values } = computed(each, precision);
	t.deepEqual(shape, wanted.shape);
	for (const [i, value] of wanted.values.entries()) {
		const got = values[i] ?? Number.NaN;
		t.true(
			Object.is(got, value) || Math.abs(got - value) <= 1e-5 * Math.max(1, Math.abs(value)),
			`${got}, not ${value}, at ${i}`,
		);
	}
}

test("what onnxruntime gives is of these graphs", (t) => {
	t.deepEqual(
		Object.keys(outputs),
		operatorCases.map(({ name }) => name),
	);
});
