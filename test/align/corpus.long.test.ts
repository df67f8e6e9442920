import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { permuted, randomPermutations } from "../../src/align/permute.js";
import { symmetryOf } from "../../src/align/symmetry.js";
import { verify } from "../../src/align/verify.js";
import { RandomStream } from "../../src/exact/random.js";
import { resolve } from "../../src/resolve/index.js";
import { root } from "../fixtures.js";

const corpus = join(root, "test", "corpus");
const networks = [
	"a.onnx",
	"dynamo.onnx",
	"dynamo-unoptimised.onnx",
	"torchscript.onnx",
	"model.keras",
	"net.onnx",
	"model.json",
];
const samples = ["data.npz", "x.npy", "data.csv", "images"];

/** In folders with data: the first of several files that hold one network is not always the simplest, so that all are tried. */
const found = ["pytorch", "pytorch2", "keras3", "cases"].flatMap((framework) =>
	readdirSync(join(corpus, framework), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.flatMap(({ name }) => {
			const folder = join(corpus, framework, name);
			const data = samples.find((file) => existsSync(join(folder, file)));
			const own = networks.filter((file) => existsSync(join(folder, file)));
			return data === undefined ? [] : own.map((model) => ({ folder, name: `${framework}/${name}`, model, data }));
		}),
);

/** What can't be read, as its own test says. */
const refused = ["npz-nan-in-x", "images-bmp", "onnx-without-batch-axis"];

/** In which nothing can move, and why. */
const whole: Readonly<Record<string, RegExp>> = {
	// A table of sines is added to its only hidden layer.
	"pytorch2/buffers": /^constant /,
	"cases/buffer-moved-as-parameter": /^constant /,
	// One layer.
	"cases/onnx-prelu-slope-not-per-channel": /^(input|output) /,
	"cases/onnx-mod-fmod": /^(input|output) /,
};

for (const { folder, name, model, data } of found) {
	if (refused.some((each) => name.endsWith(each))) continue;
	test(`${name}, ${model}: with its neurons in random orders it computes the same`, async (t) => {
		const { problem, network } = await resolve({
			model: join(folder, model),
			data: join(folder, data),
			y: null,
			// These end in a softmax, of which their own test takes the logits.
			...(name.startsWith("cases/keras-") && { loss: "softmax-cross-entropy" as const }),
		});
		const { graph } = problem;
		const symmetry = symmetryOf(graph);
		for (const seed of [1, 2]) {
			const permutations = randomPermutations(symmetry.groups, new RandomStream(seed, "alignment"));
			const state = permuted(graph, symmetry, network.state, permutations);
			if (whole[name] === undefined) t.notDeepEqual(state, network.state);
			await t.notThrowsAsync(
				verify({ ...problem, precision: "exact" }, symmetry, permutations, [network.state, state]),
			);
		}
		const reason = whole[name];
		if (reason === undefined) return;
		t.deepEqual(symmetry.groups, []);
		t.true(symmetry.fixed.some((each) => reason.test(each.reason)));
	});
}

test("of a transformer of each framework heads move, what queries and keys share in each, and what values and outputs do", async (t) => {
	const sizesOf = async (path: string) => {
		const { problem } = await resolve({
			model: join(corpus, path),
			data: join(corpus, path, "..", "data.npz"),
			y: null,
		});
		const { groups } = symmetryOf(problem.graph);
		return groups.map(
			({ size, count, within }) => `${size}${count > 1 ? ` × ${count}` : ""}${within === undefined ? "" : " within"}`,
		);
	};
	const block = ["3", "8 × 3 within", "8 × 3 within", "48"];
	t.deepEqual(await sizesOf("pytorch/transformer/a.onnx"), ["24", ...block, ...block]);
	const packed = ["2", "8 × 2 within", "8 × 2 within", "32"];
	t.deepEqual(await sizesOf("pytorch2/encoder/torchscript.onnx"), ["16", ...packed, ...packed]);
	// Rotary embeddings turn pairs of a query's and key's features, each by an angle of its own: those stay.
	const turned = ["2", "8 × 2 within", "64"];
	t.deepEqual((await sizesOf("pytorch2/rotary/dynamo-unoptimised.onnx")).sort(), ["16", ...turned, ...turned].sort());
});
