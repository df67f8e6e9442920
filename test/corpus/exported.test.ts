import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { resolve } from "../../src/resolve/index.js";
import { PointEvaluator } from "../../src/sweep/point.js";
import { root } from "../fixtures.js";

const corpus = join(root, "test", "corpus");

interface Expected {
	readonly loss: number;
	/** What the framework counts as trainable. */
	readonly parameters: number;
}

/** By how many the numbers that move are more than the framework's, and why. */
const others: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	// Of the table of twelve positions the exporter keeps the ten that are used.
	decoder: { "dynamo.onnx": -32, "dynamo-fixed.onnx": -32, "torchscript-fixed.onnx": -32 },
	// Batch normalisation is folded into the convolution before it.
	segmenter: { "dynamo.onnx": -16, "dynamo-fixed.onnx": -16, "torchscript.onnx": -16, "torchscript-fixed.onnx": -16 },
	// The table of biases by distance has become one for each pair of places, 2 · 16 · 16 in place of 49 · 2.
	windows: { "dynamo.onnx": 414, "dynamo-fixed.onnx": 414, "torchscript.onnx": 414, "torchscript-fixed.onnx": 414 },
};

function foldersOf(framework: string): string[] {
	const entries = readdirSync(join(corpus, framework), { withFileTypes: true });
	return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Whether a network has the loss that its framework gives, and moves what that trains. */
async function compare(t: ExecutionContext, folder: string, model: string, more: number, weights?: string) {
	const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
	const { problem } = await resolve({
		model: join(folder, model),
		data: join(folder, "data.npz"),
		samples: "all",
		y: null,
		...(weights !== undefined && { weights: join(folder, weights) }),
	});
	const evaluator = await PointEvaluator.create(problem);
	const [loss = Number.NaN] = await evaluator.evaluate([0]);
	evaluator.release();
	t.true(Math.abs(loss - expected.loss) <= 3e-6 * Math.max(1, expected.loss), `${loss}, not ${expected.loss}`);
	t.is(problem.section.vectors[0]?.length, expected.parameters + more);
}

for (const name of foldersOf("pytorch2"))
	for (const file of [
		"dynamo.onnx",
		"dynamo-fixed.onnx",
		"dynamo-unoptimised.onnx",
		"torchscript.onnx",
		"torchscript-fixed.onnx",
	]) {
		const folder = join(corpus, "pytorch2", name);
		if (!existsSync(join(folder, file))) continue;
		test(`${name}, ${file}: a network that PyTorch 2 exported has its loss and moves its parameters`, (t) =>
			compare(t, folder, file, others[name]?.[file] ?? 0));
	}

for (const name of foldersOf("keras3")) {
	const folder = join(corpus, "keras3", name);
	for (const [model, weights] of [
		["model.keras"],
		["model.h5"],
		["model.keras", "model.weights.h5"],
		["model.h5", "model.weights.h5"],
		["model.keras", "model.h5"],
	] as const)
		test(`${name}, ${model}${weights === undefined ? "" : ` with ${weights}`}: a network that Keras 3 saved has its loss and moves its weights`, (t) =>
			compare(t, folder, model, 0, weights));
}
