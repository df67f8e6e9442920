import type { Graph } from "../graph.js";
import type { Family, ImageTask } from "./family.js";
import {
	convolution,
	convolutionParameters,
	dense,
	denseParameters,
	dropout,
	flatten,
	maxPool,
	relu,
} from "./layers.js";

const mnist: ImageTask = { sampleShape: [28, 28, 1], classes: 10 };

/**
 * The small convolutional network for MNIST that PyTorch's examples train: conv 3×3 1→32, relu, conv 3×3 32→64, relu,
 * max-pool 2, dropout, dense 9216→128, relu, dropout, dense 128→10; 1,199,882 parameters. Names are the PyTorch ones.
 *
 * @param factor by which all widths but that of the output are multiplied, rounded and at least 1
 */
export function mnistCnn(factor = 1, { sampleShape, classes } = mnist): Graph {
	const [height, width, channels] = sampleShape;
	const [first, second, hidden] = [32, 64, 128].map((length) => Math.max(1, Math.round(factor * length))) as [
		number,
		number,
		number,
	];
	const pooled = (length: number) => Math.floor((length - 4) / 2);
	return {
		name: factor === 1 ? "mnist-cnn" : `mnist-cnn-w${factor}`,
		inputs: [{ name: "x", shape: [height, width, channels] }],
		nodes: [
			convolution({ output: "c1", input: "x", layer: "conv1" }),
			relu("r1", "c1"),
			convolution({ output: "c2", input: "r1", layer: "conv2" }),
			relu("r2", "c2"),
			maxPool("p", "r2"),
			dropout("d1", "p", 0.25),
			flatten("f", "d1"),
			dense({ output: "h", input: "f", layer: "fc1" }),
			relu("r3", "h"),
			dropout("d2", "r3", 0.5),
			dense({ output: "logits", input: "d2", layer: "fc2" }),
		],
		parameters: [
			...convolutionParameters("conv1", [3, 3], channels, first),
			...convolutionParameters("conv2", [3, 3], first, second),
			...denseParameters("fc1", [pooled(height), pooled(width), second], hidden),
			...denseParameters("fc2", [hidden], classes),
		],
		output: "logits",
	};
}

/** `mnist-cnn`, or `mnist-cnn-w0.5` with half the filters and hidden units; factors up to 16. */
export const mnistCnnFamily: Family = {
	syntax: "mnist-cnn[-wFACTOR]",
	pattern: /^mnist-cnn(?:-w(\d+(?:\.\d+)?))?$/,
	build([, text = "1"], task) {
		const factor = Number(text);
		return factor > 0 && factor <= 16 ? mnistCnn(factor, task) : undefined;
	},
};
