import type { Graph, Parameter } from "../graph.js";
import type { Family, ImageTask } from "./family.js";
import {
	batchNorm,
	batchNormParameters,
	convolution,
	convolutionParameters,
	dense,
	denseParameters,
	relu,
} from "./layers.js";

/** What a network is made from, node by node; `value` names what the next node reads. */
interface Draft {
	readonly nodes: Graph["nodes"][number][];
	readonly parameters: Parameter[];
	value: string;
}

/** Convolution 3×3 and batch normalisation; a step of 2 takes one row above and below, as PyTorch pads. */
function addConvolution(draft: Draft, layer: string, norm: string, [from, to]: Ends, stride: number): void {
	const padding =
		stride === 1
			? "same"
			: ([
					[1, 1],
					[1, 1],
				] as const);
	draft.nodes.push(
		convolution({ output: layer, input: draft.value, layer }, { padding, stride, bias: false }),
		batchNorm({ output: norm, input: layer, layer: norm }),
	);
	draft.parameters.push(
		...convolutionParameters(layer, [3, 3], from, to, { bias: false }),
		...batchNormParameters(norm, to),
	);
	draft.value = norm;
}

type Ends = readonly [from: number, to: number];

function addRelu(draft: Draft, name: string): void {
	draft.nodes.push(relu(name, draft.value));
	draft.value = name;
}

/** Two convolutions, and unless `skip` is false their input added to what they give. */
function addBlock(draft: Draft, block: string, [from, to]: Ends, skip: boolean): void {
	const input = draft.value;
	addConvolution(draft, `${block}.conv1`, `${block}.bn1`, [from, to], from === to ? 1 : 2);
	addRelu(draft, `${block}.relu1`);
	addConvolution(draft, `${block}.conv2`, `${block}.bn2`, [to, to], 1);
	if (skip) {
		const shortcut = from === to ? input : addShortcut(draft, block, input, [from, to]);
		const sum = `${block}.sum`;
		draft.nodes.push({ op: "binary", inputs: [draft.value, shortcut], output: sum, attributes: { function: "add" } });
		draft.value = sum;
	}
	addRelu(draft, `${block}.relu2`);
}

/** Option A of the paper, free of parameters: every second pixel, the new channels zero, half of them on either side. */
function addShortcut({ nodes }: Draft, block: string, input: string, [from, to]: Ends): string {
	const [thinned, widened] = [`${block}.thinned`, `${block}.widened`];
	const side = (to - from) / 2;
	const padding = [
		[0, 0],
		[0, 0],
		[side, side],
	] as const;
	nodes.push(
		// A window of one pixel averages nothing: it is the subsampling that has a gradient.
		{
			op: "averagePool",
			inputs: [input],
			output: thinned,
			attributes: { window: [1, 1], strides: [2, 2], padding: "valid" },
		},
		{ op: "pad", inputs: [thinned], output: widened, attributes: { padding, mode: "constant", value: 0 } },
	);
	return widened;
}

/**
 * The residual network for small images: conv 3×3 to 16 channels, three stages of n blocks with 16, 32 and 64 channels,
 * the mean of each channel, dense; 6n + 2 layers with parameters, a batch normalisation after each convolution.
 *
 * @see He, Zhang, Ren, Sun, CVPR 2016 (arXiv 1512.03385), section 4.2; without shortcuts it is the paper's plain network
 */
function resnet(layers: number, skip: boolean, { sampleShape, classes }: ImageTask): Graph {
	const draft: Draft = { nodes: [], parameters: [], value: "x" };
	const widths = [16, 32, 64] as const;
	addConvolution(draft, "conv1", "bn1", [sampleShape[2], widths[0]], 1);
	addRelu(draft, "relu");
	for (const [stage, width] of widths.entries()) {
		for (let block = 0; block < (layers - 2) / 6; block++) {
			const from = block === 0 ? (widths[stage - 1] ?? width) : width;
			addBlock(draft, `layer${stage + 1}.${block}`, [from, width], skip);
		}
	}
	draft.nodes.push(
		{ op: "reduce", inputs: [draft.value], output: "means", attributes: { function: "mean", axes: [-3, -2] } },
		dense({ output: "logits", input: "means", layer: "linear" }),
	);
	return {
		name: `resnet-${layers}${skip ? "" : NO_SKIP}`,
		inputs: [{ name: "x", shape: sampleShape }],
		nodes: draft.nodes,
		parameters: [...draft.parameters, ...denseParameters("linear", [widths[2]], classes)],
		output: "logits",
	};
}

/** Ends the name of a network whose shortcuts are left out. */
export const NO_SKIP = "-noskip";

/** The paper's deepest is 1,202. */
const MAX_LAYERS = 1202;

/** `resnet-8`, `resnet-14`, `resnet-20`, ...; with `-noskip` without the shortcuts. */
export const resnetFamily: Family = {
	syntax: "resnet-N[-noskip] (N = 8, 14, 20, ...)",
	pattern: /^resnet-(\d+)(-noskip)?$/,
	build([, text = "", noSkip], task) {
		const layers = Number(text);
		const fits = layers >= 8 && layers <= MAX_LAYERS && (layers - 2) % 6 === 0;
		return fits ? resnet(layers, noSkip === undefined, task) : undefined;
	},
};
