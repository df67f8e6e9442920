#!/usr/bin/env node
/** Prints digests that must be the same on every machine and version of Node: a line a sweep, and one of a training. */
import { initialize, loadData, modelByName, sha256, sweep, train } from "../dist/src/index.js";

const axis = { min: -1, max: 1, steps: 5 };
for (const precision of /** @type {const} */ (["fast", "exact"]))
	for (const threads of [1, 2, 5]) {
		const { digest } = await sweep({ samples: 64, x: axis, y: axis, precision, threads });
		console.log(`sweep, ${precision}, ${threads} threads: ${digest}`);
	}

const data = await loadData("mnist", "train", 128);
const graph = modelByName("resnet-8");
let { parameters, statistics } = initialize(graph, 1);
const options = /** @type {const} */ ({ loss: "softmax-cross-entropy", optimizer: "adam", learningRate: 0.001 });
for await (const { state } of train({ graph, data, ...options, batchSize: 32, epochs: 1, seed: 1, precision: "fast" }))
	({ parameters, statistics } = state);
console.log(`training, fast: ${sha256(parameters, statistics)}`);
