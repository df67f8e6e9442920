import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dispose, type Tensor, tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../src/compute/backend.js";
import { execute } from "../../src/compute/execute.js";
import { readWeights } from "../../src/formats/index.js";
import { parseNpz } from "../../src/formats/npz.js";
import { importOnnx } from "../../src/formats/onnx/index.js";
import type { Precision } from "../../src/kernels/precision.js";
import { fuse } from "../../src/network/fuse.js";
import type { Graph } from "../../src/network/graph.js";
import type { Network } from "../../src/network/network.js";
import { fromNative, type Layout, parameterLayout, slice, statisticsLayout } from "../../src/network/parameters.js";
import { losses, lossNamed } from "../../src/objective/losses/index.js";
import { countCorrect } from "../../src/objective/metrics/accuracy.js";

interface Point {
	readonly alpha: number;
	readonly beta?: number;
	readonly loss: number;
	readonly accuracy?: number;
}

interface Expected {
	readonly loss: "cross-entropy" | "mse";
	readonly parameters: number;
	readonly line: readonly Point[];
	readonly plane: readonly Point[];
}

const corpus = new URL("../../../test/corpus/pytorch/", import.meta.url);
const RELATIVE = 1e-4;

let backend: Backend;
test.before(async () => {
	backend = await Backend.start();
});

for (const folder of readdirSync(corpus, { withFileTypes: true })) {
	if (!folder.isDirectory()) continue;
	const file = (name: string) => new URL(`${folder.name}/${name}`, corpus);
	const load = (name: string) => importOnnx(readFileSync(file(name)), `${folder.name}/${name}`);
	const expected = JSON.parse(readFileSync(file("expected.json"), "utf8")) as Expected;

	for (const precision of ["exact", "fast"] as const)
		test(`${folder.name}, ${precision}: losses and accuracies along the line and over the plane are those of the exporter`, (t) => {
			const a = load("a.onnx");
			const [b, c] = [load("b.onnx"), load("c.onnx")];
			t.is(a.state.parameters.length, expected.parameters);
			const evaluate = evaluator(a, file("data.npz"), expected.loss, precision);
			for (const { alpha, beta = 0, loss, accuracy } of [...expected.line, ...expected.plane]) {
				const trained = a.state.parameters.map(
					(value, i) =>
						(1 - alpha - beta) * value +
						alpha * (b.state.parameters[i] ?? Number.NaN) +
						beta * (c.state.parameters[i] ?? Number.NaN),
				);
				const found = evaluate(trained);
				t.true(
					Math.abs(found.loss - loss) <= RELATIVE * Math.abs(loss),
					`loss ${found.loss}, not ${loss}, at ${alpha}, ${beta}`,
				);
				if (accuracy !== undefined) t.is(found.metric, accuracy, `accuracy at ${alpha}, ${beta}`);
			}
		});

	if (existsSync(file("b.pt"))) {
		test(`${folder.name}: the state_dict holds the parameters of the ONNX file`, async (t) => {
			const b = load("b.onnx");
			t.deepEqual(await readWeights(fileURLToPath(file("b.pt")), load("a.onnx")), b.state);
		});
	}

	test(`${folder.name}: a second ONNX file gives its weights to the graph of the first`, async (t) => {
		t.deepEqual(await readWeights(fileURLToPath(file("c.onnx")), load("a.onnx")), load("c.onnx").state);
	});

	if (existsSync(file("a-folded.onnx"))) {
		test(`${folder.name}: the file with constants folded gives the same loss`, (t) => {
			const folded = load("a-folded.onnx");
			const { loss } = evaluator(folded, file("data.npz"), expected.loss, "fast")(folded.state.parameters);
			const { loss: wanted } = expected.line.find(({ alpha }) => alpha === 0) as Point;
			t.true(Math.abs(loss - wanted) <= RELATIVE * Math.abs(wanted), `loss ${loss}, not ${wanted}`);
		});
	}
}

/** The mean loss and the accuracy over all samples for given parameters; running statistics stay those of the model. */
function evaluator({ graph, state }: Network, data: URL, name: Expected["loss"], precision: Precision) {
	const arrays = parseNpz(readFileSync(data), "data.npz");
	const [x, y] = [arrays.get("x"), arrays.get("y")];
	if (x === undefined || y === undefined) throw new Error("data.npz needs x and y");
	const loss = losses[lossNamed(name === "cross-entropy" ? "softmax-cross-entropy" : name)];
	const targets = name === "cross-entropy" ? Int32Array.from(y.values) : Float32Array.from(y.values);
	const samples = x.shape[0] ?? 0;
	const inputs = toInputs(graph, x.values, samples);
	const fused = fuse(graph, precision);
	return (trained: Float32Array) => {
		const [input] = graph.inputs;
		if (input === undefined) throw new Error("the graph has no input");
		const values = new Map<string, Tensor>([
			[input.name, tensor(inputs, [samples, ...input.shape], input.type ?? "float32")],
			...tensors(parameterLayout(graph), trained),
			...tensors(statisticsLayout(graph), state.statistics),
		]);
		backend.use({ precision });
		const output = execute(fused, values);
		const outputs = {
			values: output.dataSync() as Float32Array,
			width: output.size / samples,
			classes: output.shape.at(-1) ?? 1,
			targets,
		};
		dispose([output, ...values.values()]);
		return { loss: loss.add(0, outputs) / samples, metric: countCorrect(outputs) / samples };
	};
}

function toInputs(graph: Graph, values: ArrayLike<number>, samples: number): Float32Array | Int32Array {
	const [input] = graph.inputs;
	const size = values.length / samples;
	const all = Float32Array.from(values);
	const ordered = new Float32Array(all.length);
	for (let sample = 0; sample < samples; sample++) {
		const one = all.subarray(sample * size, (sample + 1) * size);
		ordered.set(input?.native === undefined ? one : fromNative(one, input.native), sample * size);
	}
	return input?.type === "int32" ? Int32Array.from(ordered) : ordered;
}

function tensors(layout: Layout, vector: Float32Array): [string, Tensor][] {
	return layout.slots.map((slot) => [slot.name, tensor(slice(vector, slot), [...slot.shape])]);
}
