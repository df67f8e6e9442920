import { mean, type Tensor, tensor, valueAndGrads } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../../src/compute/backend.js";
import { bind } from "../../../src/compute/evaluator.js";
import { execute } from "../../../src/compute/execute.js";
import { lossAlone, OUTPUT, TARGET } from "../../../src/compute/loss-graph.js";
import { initialize } from "../../../src/network/initialize.js";
import { parameterLayout } from "../../../src/network/parameters.js";
import { softmaxCrossEntropy } from "../../../src/objective/losses/softmax-cross-entropy.js";
import "../../../src/compute/gradients/tfjs-gradients.js";
import type { Graph } from "../../../src/network/graph.js";
import { tinyCnn, tinyData } from "../../fixtures.js";
import { naiveCrossEntropy, naiveLogits } from "../naive.js";

/** The small network with a second convolution, so that gradients pass through one, and one with margins. */
function deepGraph(padding: "valid" | "same"): Graph {
	const graph = tinyCnn();
	const [first, ...rest] = graph.nodes;
	if (first === undefined) throw new Error("the small network has no nodes");
	const shape = [3, 3, 24, 24];
	const native = { shape, view: shape, permutation: [0, 1, 2, 3] };
	const attributes = { strides: [1, 1], padding } as const;
	const second = { op: "conv2d", inputs: ["c", "k2"], output: "c2", attributes } as const;
	const fit =
		padding === "same"
			? graph.parameters
			: graph.parameters.map((p) => (p.name === "w1" ? { ...p, shape: [24, 36] } : p));
	return {
		...graph,
		nodes: [first, second, ...rest.map((node) => (node.output === "r" ? { ...node, inputs: ["c2"] } : node))],
		parameters: [...fit, { name: "k2", shape, kind: "kernel", filterAxes: [3], fanIn: 216, native }],
	};
}

/** The gradient that TensorFlow.js finds through the composed kernels. */
function gradientOf(graph: Graph, trained: Float32Array, samples: number): Float32Array {
	const layout = parameterLayout(graph);
	const data = tinyData(samples);
	const batch: Tensor = tensor(data.inputs, [samples, 6, 6, 1]);
	const hot = Float32Array.from({ length: 7 * samples }, (_, i) => Number(data.targets[Math.floor(i / 7)] === i % 7));
	const targets: Tensor = tensor(hot, [samples, 7]);
	const alone = lossAlone([7], softmaxCrossEntropy);
	const loss = (...parameters: Tensor[]) => {
		const values = new Map(layout.slots.map(({ name }, i) => [name, parameters[i] ?? batch]));
		const output = execute(graph, values.set("x", batch), { training: true });
		return mean(execute(alone, new Map([[OUTPUT, output] as const, [TARGET, targets] as const])));
	};
	const { grads } = valueAndGrads(loss)([...bind(layout, trained).values()]);
	const gradient = new Float32Array(layout.length);
	for (const [i, { offset }] of layout.slots.entries()) gradient.set(grads[i]?.dataSync() ?? [], offset);
	return gradient;
}

test("the gradient of a convolutional network agrees with central differences of float64 loops", async (t) => {
	(await Backend.start()).use({ precision: "exact", gradients: true });
	const graph = deepGraph("valid");
	const { parameters } = initialize(graph, 3);
	const samples = 3;
	const data = tinyData(samples);
	const lossAt = (parameters: Float64Array) => {
		let sum = 0;
		for (let i = 0; i < samples; i++)
			sum += naiveCrossEntropy(
				naiveLogits(graph, parameters, data.inputs.subarray(i * 36, (i + 1) * 36)),
				data.targets[i] ?? 0,
			);
		return sum / samples;
	};
	const gradient = gradientOf(graph, parameters, samples);
	const step = 1e-6;
	const stride = 97;
	for (let i = 0; i < parameters.length; i += stride) {
		const moved = Float64Array.from(parameters);
		moved[i] = (parameters[i] ?? 0) + step;
		const above = lossAt(moved);
		moved[i] = (parameters[i] ?? 0) - step;
		const difference = (above - lossAt(moved)) / (2 * step);
		t.true(Math.abs((gradient[i] ?? 0) - difference) < 2e-6, `parameter ${i}: ${gradient[i]} is not ${difference}`);
	}
});

test("with margins the gradient of the input is that of a convolution without, on an image with zeros around it", async (t) => {
	(await Backend.start()).use({ precision: "exact", gradients: true });
	// The gradient of sum(conv(x, k) · r) with respect to x at a corner, by hand: same padding, 3×3, one channel.
	const x: Tensor = tensor(new Float32Array(9).fill(1), [1, 3, 3, 1]);
	const k: Tensor = tensor(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [3, 3, 1, 1]);
	const { conv2d, sum } = await import("@tensorflow/tfjs-core");
	const f = (image: Tensor, kernel: Tensor): Tensor => sum(conv2d(image as never, kernel as never, 1, "same"));
	const { grads } = valueAndGrads(f)([x, k]);
	// Every pixel's gradient is the sum of the kernel entries that reach it; a kernel entry's is the count of pixels it meets.
	t.deepEqual([...(grads[0]?.dataSync() ?? [])], [12, 21, 16, 27, 45, 33, 24, 39, 28]);
	t.deepEqual([...(grads[1]?.dataSync() ?? [])], [4, 6, 4, 6, 9, 6, 4, 6, 4]);
});
