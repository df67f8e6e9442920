import type { Graph, Parameter } from "../graph.js";
import type { Family } from "./family.js";
import {
	batchNorm,
	batchNormParameters,
	convolution,
	convolutionParameters,
	dense,
	denseParameters,
	dropout,
	flatten,
	maxPool,
	relu,
} from "./layers.js";

const WIDTHS = [32, 64, 128];
const CONVOLUTIONS_A_STAGE = 2;
const HIDDEN = 128;

/**
 * After Simonyan and Zisserman (ICLR 2015, arXiv 1409.1556), for small images: three stages of two convolutions 3×3, each
 * with batch normalisation and relu, and a max-pool; then two dense layers with dropout between. Parameters are numbered as in
 * PyTorch's nn.Sequential: features.0 a convolution, features.1 its normalisation, features.3 the next convolution.
 */
export const vggSmallFamily: Family = {
	syntax: "vgg-small",
	pattern: /^vgg-small$/,
	build(_, { sampleShape, classes }) {
		const nodes: Graph["nodes"][number][] = [];
		const parameters: Parameter[] = [];
		let [height, width, channels] = sampleShape;
		let index = 0;
		const next = () =>
			[`features.${index}`, index === 0 ? "x" : `features.${index - 1}`, `features.${index++}`] as const;
		for (const to of WIDTHS) {
			for (let i = 0; i < CONVOLUTIONS_A_STAGE; i++) {
				const [layer, input, output] = next();
				nodes.push(convolution({ output, input, layer }, { padding: "same", bias: false }));
				parameters.push(...convolutionParameters(layer, [3, 3], channels, to, { bias: false }));
				const [norm, convolved, normalised] = next();
				nodes.push(batchNorm({ output: normalised, input: convolved, layer: norm }));
				parameters.push(...batchNormParameters(norm, to));
				const [, linear, rectified] = next();
				nodes.push(relu(rectified, linear));
				channels = to;
			}
			const [, unpooled, pooled] = next();
			nodes.push(maxPool(pooled, unpooled));
			[height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
		}
		// Images below 8 pixels have nothing left after three poolings.
		if (height === 0 || width === 0) return undefined;
		nodes.push(
			flatten("flat", `features.${index - 1}`),
			dense({ output: "hidden", input: "flat", layer: "classifier.0" }),
			relu("active", "hidden"),
			dropout("kept", "active", 0.5),
			dense({ output: "logits", input: "kept", layer: "classifier.3" }),
		);
		parameters.push(
			...denseParameters("classifier.0", [height, width, channels], HIDDEN),
			...denseParameters("classifier.3", [HIDDEN], classes),
		);
		return { name: "vgg-small", inputs: [{ name: "x", shape: sampleShape }], nodes, parameters, output: "logits" };
	},
};
