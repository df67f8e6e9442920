#!/usr/bin/env node
/** Prints digests that must be the same on every machine and version of Node: a line a sweep, and one of a training. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { initialize, loadData, modelByName, PoolExecutor, sha256, sweep, train } from "../dist/src/index.js";

const corpus = fileURLToPath(new URL("../test/corpus/pytorch", import.meta.url));

const axis = { min: -1, max: 1, steps: 5 };
for (const precision of /** @type {const} */ (["fast", "exact"]))
	for (const threads of [1, 2, 5]) {
		// An executor of its own has as many workers as it is told, on however few cores.
		const executor = new PoolExecutor({ threads });
		const { digest } = await sweep({ samples: 64, x: axis, y: axis, precision, executor });
		await executor.close();
		console.log(`sweep, ${precision}, ${threads} threads: ${digest}`);
	}
for (const name of ["mlp", "regression", "transformer", "vgg", "resnet8"]) {
	const [model, samples] = [join(corpus, name, "a.onnx"), join(corpus, name, "data.npz")];
	const { digest } = await sweep({ model, data: samples, samples: "all", x: axis, y: null, precision: "fast" });
	console.log(`sweep, fast, ${name}: ${digest}`);
}

const data = await loadData("mnist", "train", 128);
const graph = modelByName("resnet-8");
let { parameters, statistics } = initialize(graph, 1);
const options = /** @type {const} */ ({ loss: "softmax-cross-entropy", optimizer: "adam", learningRate: 0.001 });
for await (const { state } of train({ graph, data, ...options, batchSize: 32, epochs: 1, seed: 1, precision: "fast" }))
	({ parameters, statistics } = state);
console.log(`training, fast: ${sha256(parameters, statistics)}`);
