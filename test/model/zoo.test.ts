import test from "ava";
import { OptionError } from "../../src/errors.js";
import { fuse } from "../../src/model/fuse.js";
import { parameterLayout } from "../../src/model/params.js";
import { inferShapes, multiplyAdds } from "../../src/model/shapes.js";
import { mnistCnn, modelByName } from "../../src/model/zoo.js";

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

test("a graph whose shapes don't fit is refused by node", (t) => {
	const graph = mnistCnn();
	const broken = { ...graph, inputs: [{ name: "x", shape: [28, 28, 3] }] };
	t.throws(() => inferShapes(broken), { message: "node c1 (conv2d): 3 channels meet a kernel for 1" });
});
