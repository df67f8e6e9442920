import test from "ava";
import { OptionError } from "../../src/errors.js";
import { fuse } from "../../src/network/fuse.js";
import { inferShapes, multiplyAdds } from "../../src/network/infer-shapes.js";
import { parameterLayout } from "../../src/network/parameters.js";
import { mnistCnn, modelByName, withoutShortcuts } from "../../src/network/zoo/index.js";

test("the default network has 1,199,882 parameters and 12.0 million multiply-adds an image", (t) => {
	const graph = mnistCnn();
	t.is(parameterLayout(graph).length, 1_199_882);
	// 26²·9·32 + 24²·9·32·64 + 9216·128 + 128·10, by hand.
	t.is(multiplyAdds(graph), 11_992_448);
});

test("the shapes of the default network are those of its definition", (t) => {
	const shapes = inferShapes(mnistCnn());
	t.deepEqual(shapes.get("c1"), [26, 26, 32]);
	t.deepEqual(shapes.get("c2"), [24, 24, 64]);
	t.deepEqual(shapes.get("p"), [12, 12, 64]);
	t.deepEqual(shapes.get("f"), [9216]);
	t.deepEqual(shapes.get("logits"), [10]);
});

test("fusing makes relus activations and leaves dropout out", (t) => {
	const fused = fuse(mnistCnn(), "exact");
	t.deepEqual(
		fused.nodes.map(({ op }) => op),
		["conv2d", "conv2d", "maxPool", "flatten", "dense", "dense"],
	);
	t.deepEqual(inferShapes(fused).get(fused.output), [10]);
});

test("a value that others read too keeps its relu apart", (t) => {
	const graph = mnistCnn();
	const fused = fuse({ ...graph, output: "c1", nodes: graph.nodes.slice(0, 2) }, "exact");
	t.deepEqual(
		fused.nodes.map(({ op }) => op),
		["conv2d", "relu"],
	);
});

test("an unknown network is refused with the names there are", (t) => {
	t.throws(() => modelByName("lenet"), { instanceOf: OptionError, message: /expected one of mnist-cnn.*got "lenet"/ });
	t.throws(() => modelByName("constructor"), { instanceOf: OptionError });
});

test("a number that a family does not have is refused like an unknown name", (t) => {
	for (const name of ["resnet-9", "resnet-2", "mnist-cnn-w0", "mnist-cnn-w", "mlp-0", "mlp-256-", "vgg-small-noskip"])
		t.throws(() => modelByName(name), { instanceOf: OptionError, message: /^model: expected one of / }, name);
});

test("the name without shortcuts is that of the plain network, and networks that have none are refused", (t) => {
	t.is(withoutShortcuts("resnet-20"), "resnet-20-noskip");
	t.is(withoutShortcuts("resnet-20-noskip"), "resnet-20-noskip");
	t.throws(() => withoutShortcuts("mlp-32"), { message: /^noSkip: expected a network with shortcuts.*"mlp-32"/ });
	t.throws(() => withoutShortcuts("net.onnx"), { instanceOf: OptionError, message: /^model/ });
});

/** Parameters, those of the normalisation included, and multiply-adds of an image. */
const sizes: readonly [name: string, parameters: number, multiplyAdds: number][] = [
	// Half of 32, 64 and 128: 26²·9·16 + 24²·9·16·32 + 12²·32·64 + 64·10.
	["mnist-cnn-w0.5", 9 * 16 + 16 + 9 * 16 * 32 + 32 + 4608 * 64 + 64 + 640 + 10, 3_047_104],
	["mnist-cnn-w1", 1_199_882, 11_992_448],
	["mlp", 784 * 256 + 256 + 256 * 128 + 128 + 1280 + 10, 784 * 256 + 256 * 128 + 1280],
	["mlp-32", 784 * 32 + 32 + 320 + 10, 784 * 32 + 320],
	// Kernels of 9·(16 + 2·256 + 512 + 1024 + 2048 + 4096), 2·(3·16 + 2·32 + 2·64) of normalisation, 650 of the dense layer;
	// 28²·9·(16 + 2·256) + 14²·9·(512 + 1024) + 7²·9·(2048 + 4096) + 640, and one for each value that is normalised.
	[
		"resnet-8",
		9 * 8208 + 480 + 650,
		784 * (9 * 528 + 3 * 16) + 196 * (9 * 1536 + 2 * 32) + 49 * (9 * 6144 + 2 * 64) + 640,
	],
	[
		"resnet-8-noskip",
		9 * 8208 + 480 + 650,
		784 * (9 * 528 + 3 * 16) + 196 * (9 * 1536 + 2 * 32) + 49 * (9 * 6144 + 2 * 64) + 640,
	],
	[
		"vgg-small",
		9 * (32 + 1024 + 2048 + 4096 + 8192 + 16_384) + 4 * (32 + 64 + 128) + 1152 * 128 + 128 + 1280 + 10,
		784 * (9 * 1056 + 64) + 196 * (9 * 6144 + 128) + 49 * (9 * 24_576 + 256) + 1152 * 128 + 1280,
	],
];

for (const [name, parameters, work] of sizes) {
	test(`${name} has the parameters and the multiply-adds of its definition`, (t) => {
		const graph = modelByName(name);
		t.is(parameterLayout(graph).length, parameters);
		t.is(multiplyAdds(graph), work);
		t.deepEqual(inferShapes(graph).get(graph.output), [10]);
		t.is(new Set(graph.nodes.map(({ output }) => output)).size, graph.nodes.length, "a value has two names");
	});
}

test("resnet-20 for colour images of 32×32 has the 269,722 parameters known of it", (t) => {
	// Counted for the paper's network by akamaster/pytorch_resnet_cifar10; the paper says 0.27 million.
	const graph = modelByName("resnet-20", { sampleShape: [32, 32, 3], classes: 10 });
	t.is(parameterLayout(graph).length, 269_722);
	t.is(graph.nodes.filter(({ op }) => op === "conv2d" || op === "dense").length, 20);
});

test("without shortcuts nothing is added up", (t) => {
	const count = (name: string) => modelByName(name).nodes.filter(({ op }) => op === "binary").length;
	t.is(count("resnet-14"), 6);
	t.is(count("resnet-14-noskip"), 0);
});

test("networks take the images and classes of their data", (t) => {
	for (const name of ["mnist-cnn", "mlp", "resnet-8", "vgg-small"]) {
		const graph = modelByName(name, { sampleShape: [32, 24, 3], classes: 26 });
		t.deepEqual(inferShapes(graph).get(graph.output), [26], name);
	}
});

test("a graph whose shapes don't fit is refused by node", (t) => {
	const graph = mnistCnn();
	const broken = { ...graph, inputs: [{ name: "x", shape: [28, 28, 3] }] };
	t.throws(() => inferShapes(broken), { message: "node c1 (conv2d): 3 channels meet a kernel for 1" });
});
