import test from "ava";
import { parseSafetensors } from "../../src/formats/safetensors.js";
import { evaluateNetwork, formatCheckpoint } from "../../src/train/checkpoint.js";
import type { TrainOptions } from "../../src/train/options.js";
import { train } from "../../src/train/train.js";
import { tinyCnn, tinyData } from "../fixtures.js";

const options: TrainOptions = {
	graph: tinyCnn(),
	data: tinyData(100),
	loss: "softmax-cross-entropy",
	optimizer: "adam",
	learningRate: 0.01,
	batchSize: 16,
	epochs: 30,
	seed: 1,
	precision: "fast",
};

async function trained(changes: Partial<TrainOptions> = {}) {
	const all = { ...options, ...changes };
	let last: Uint8Array = new Uint8Array();
	const losses: number[] = [];
	const epochs: number[] = [];
	for await (const { loss, epoch, state } of train(all)) {
		losses.push(loss);
		if (epoch === null) continue;
		epochs.push(epoch);
		last = formatCheckpoint(all, state, {});
		if (epoch === all.epochs) return { bytes: last, losses, epochs, parameters: state };
	}
	throw new Error("training ended before its last epoch");
}

test("training learns the samples by heart, in epochs that take all of them", async (t) => {
	const { losses, epochs, parameters } = await trained();
	t.is(losses.length, 30 * 7);
	t.deepEqual(
		epochs,
		Array.from({ length: 30 }, (_, i) => i + 1),
	);
	const { metric: accuracy, loss } = await evaluateNetwork(options, parameters, options.data);
	t.true((accuracy ?? 0) > 0.95 && loss < 0.4, `accuracy ${accuracy}, loss ${loss}`);
});

test("the same seed gives the same bytes, another seed others", async (t) => {
	const few = { epochs: 2 };
	const { bytes } = await trained(few);
	t.deepEqual((await trained(few)).bytes, bytes);
	t.notDeepEqual((await trained({ ...few, seed: 2 })).bytes, bytes);
});

test("a checkpoint says how it was made", async (t) => {
	const { bytes } = await trained({ epochs: 1, optimizer: "momentum", learningRate: 0.01 });
	const { metadata } = parseSafetensors(bytes, "test");
	t.like(metadata, {
		model: "tiny-cnn",
		optimizer: "momentum",
		learningRate: "0.01",
		batchSize: "16",
		seed: "1",
		samples: "100",
	});
});
