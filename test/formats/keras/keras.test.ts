import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dispose, type Tensor, tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../../src/compute/backend.js";
import { bind } from "../../../src/compute/evaluator.js";
import { execute } from "../../../src/compute/execute.js";
import { GraphError } from "../../../src/errors.js";
import { readNetwork } from "../../../src/formats/index.js";
import { importKeras } from "../../../src/formats/keras/index.js";
import { parameterLayout, statisticsLayout } from "../../../src/network/parameters.js";

interface Array_ {
	readonly shape: number[];
	readonly values: number[];
}

const corpus = new URL("../../../../test/corpus/keras/", import.meta.url);

test.before(() => Backend.start());

for (const name of readdirSync(corpus)) {
	test(`${name}: a network that TensorFlow.js saved computes what TensorFlow.js computed`, async (t) => {
		const { graph, state } = await readNetwork(fileURLToPath(new URL(`${name}/model.json`, corpus)));
		const { x, y } = JSON.parse(readFileSync(new URL(`${name}/expected.json`, corpus), "utf8")) as {
			x: Array_;
			y: Array_;
		};
		const [input] = graph.inputs;
		const values = new Map<string, Tensor>([
			[input?.name ?? "", tensor(x.values, x.shape, input?.type ?? "float32")],
			...bind(parameterLayout(graph), state.parameters),
			...bind(statisticsLayout(graph), state.statistics),
		]);
		const output = execute(graph, values);
		t.deepEqual(output.shape, y.shape);
		for (const [i, value] of output.dataSync().entries()) {
			const wanted = y.values[i] ?? Number.NaN;
			t.true(Math.abs(value - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)), `${value} is not ${wanted}`);
		}
		dispose([output, ...values.values()]);
	});
}

test("all layers that are not supported are named at once", (t) => {
	const layers = ["ConvLSTM2D", "Dense", "Lambda"].map((kind) => ({
		class_name: kind,
		config: { name: kind.toLowerCase() },
	}));
	const model = { modelTopology: { class_name: "Sequential", config: { name: "s", layers } }, weightsManifest: [] };
	const bytes = new TextEncoder().encode(JSON.stringify(model));
	const error = t.throws(() => importKeras(bytes, "model.json", () => new Uint8Array()), { instanceOf: GraphError });
	t.is(error?.problems.length, 2);
	t.regex(error?.message ?? "", /layer convlstm2d \(ConvLSTM2D\).*layer lambda \(Lambda\)/);
});

const dense = { class_name: "Dense", config: { name: "d", batch_input_shape: [null, 2], units: 1, use_bias: false } };

test("a setting that a layer is not carried out by is refused by its name, one that says nothing is not", (t) => {
	const read = (settings: object) => {
		const layers = [{ ...dense, config: { ...dense.config, ...settings } }];
		const model = {
			modelTopology: { class_name: "Sequential", config: { name: "s", layers } },
			weightsManifest: [{ paths: ["w"], weights: [{ name: "d/kernel", shape: [2, 1], dtype: "float32" }] }],
		};
		const bytes = new TextEncoder().encode(JSON.stringify(model));
		return importKeras(bytes, "model.json", () => new Uint8Array(8));
	};
	t.is(read({ lora_rank: null, kernel_initializer: { class_name: "Zeros" }, quantized: false }).graph.nodes.length, 1);
	t.throws(() => read({ lora_rank: 4 }), {
		instanceOf: GraphError,
		message: /layer d \(Dense\): its setting lora_rank/,
	});
});
