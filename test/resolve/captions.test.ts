import { join } from "node:path";
import test from "ava";
import type { PlaneOptions } from "../../src/options/plane/index.js";
import { resolve } from "../../src/resolve/index.js";
import { root } from "../fixtures.js";

const file = (network: string, name: string) => join(root, "test", "corpus", "pytorch", network, name);
const captionOf = async (network: string, options: PlaneOptions = {}) => {
	const given = { model: file(network, "a.onnx"), data: file(network, "data.npz"), samples: 4, ...options };
	return (await resolve(given)).caption.slice(3);
};

test("captions say how directions were drawn, what the loss is, and which statistics held", async (t) => {
	const [loss = "", ...others] = await captionOf("resnet8", { seed: 3, precision: "exact" });
	t.regex(loss, /^softmax-cross-entropy of /);
	t.deepEqual(others, ["random directions", "norm filter", "bias zero", "seed 3", "batch norm running", "exact"]);
	const [, ...through] = await captionOf("resnet8", { to: "init:1", directions: "interpolate", precision: "exact" });
	t.deepEqual(through, ["to init:1", "batch norm interpolated", "exact"]);
});

test("runs that differ in a rule, a loss's setting, directions or fields have captions that differ", async (t) => {
	const options: readonly PlaneOptions[] = [
		{},
		{ bias: "keep" },
		{ norm: "layer" },
		{ labelSmoothing: 0.1 },
		{ classWeights: [1, 2, 1, 1, 1] },
		{ fields: ["loss", "gradient-norm"] },
		{ directions: "gradient" },
		{ directions: "gradient", norm: "filter" },
		{ directions: "gradient", norm: "filter", bias: "keep" },
		{ directions: "gradient", seed: 1 },
	];
	const captions = new Map<string, PlaneOptions>();
	for (const each of options) {
		const caption = (await captionOf("mlp", each)).join(" · ");
		t.deepEqual(captions.get(caption), undefined, caption);
		captions.set(caption, each);
	}
});
