import type { AddLayer, KerasGraph } from "../network.js";
import { activate } from "./activations.js";
import { asRow, asSequence, type Config, channelsLast, only, paddingOf, pair, perAxis } from "./settings.js";

export function biasOf(network: KerasGraph, { use_bias: used = true }: Config, fanIn: number): string[] {
	return used === false ? [] : [network.weight("bias", { kind: "bias", fanIn })];
}

/** A sequence goes as an image of one row. */
function convolution(rank: 1 | 2): AddLayer {
	return ({ config }, inputs, network) =>
		channelsLast(network, config, only(inputs), (given) => {
			const isCausal = rank === 1 && config.padding === "causal";
			const x = isCausal ? padCausally(network, config, given) : given;
			const native = network.weightShape("kernel") ?? [];
			const shape = rank === 1 ? [1, ...native] : native;
			const [height = 1, width = 1, into = 1] = shape;
			const fanIn = height * width * into;
			const kernel = network.weight("kernel", { kind: "kernel", filterAxes: [3], fanIn, shape });
			const channels = network.shapeOf(x).at(-1) ?? 1;
			const [strides, dilations] = [pair(config, "strides", 1), pair(config, "dilation_rate", 1)];
			const image = rank === 1 ? asRow(network, x) : x;
			const y = network.emit("conv2d", [image, kernel, ...biasOf(network, config, fanIn)], {
				strides: rank === 1 ? [1, strides[0]] : strides,
				padding: isCausal ? "valid" : paddingOf(config),
				dilations: rank === 1 ? [1, dilations[0]] : dilations,
				...(channels === into ? {} : { groups: channels / into }),
			});
			return activate(network, rank === 1 ? asSequence(network, y) : y, config.activation);
		});
}

/** Zeros before a sequence, so that no step sees one after it. */
function padCausally(network: KerasGraph, config: Config, x: string): string {
	const [size = 1] = network.weightShape("kernel") ?? [];
	const [dilation = 1] = perAxis(config, "dilation_rate", 1, 1);
	const padding = [[(size - 1) * dilation, 0] as const, [0, 0] as const];
	return network.emit("pad", [x], { padding, mode: "constant", value: 0 });
}

const volumes: AddLayer = ({ config }, inputs, network) =>
	channelsLast(network, config, only(inputs), (x) => {
		const kernel = network.weightShape("kernel") ?? [];
		const [into = 1] = kernel.slice(3);
		const fanIn = kernel.slice(0, 4).reduce((product, length) => product * length, 1);
		const [strides, dilations] = [perAxis(config, "strides", 3, 1), perAxis(config, "dilation_rate", 3, 1)];
		const padding = strides.map((stride, axis): [number, number] => {
			if (paddingOf(config) === "valid") return [0, 0];
			const length = network.shapeOf(x)[axis] ?? 1;
			const span = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
			const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + span - length);
			return [Math.floor(total / 2), Math.ceil(total / 2)];
		});
		const triple = <T>([a, b, c]: readonly T[]) => [a, b, c] as unknown as readonly [T, T, T];
		const weights = [
			network.weight("kernel", { kind: "kernel", filterAxes: [4], fanIn }),
			...biasOf(network, config, fanIn),
		];
		const y = network.emit("conv3d", [x, ...weights], {
			strides: triple(strides),
			padding: triple(padding),
			dilations: triple(dilations),
			groups: (network.shapeOf(x).at(-1) ?? 1) / into,
		});
		return activate(network, y, config.activation);
	});

/** What a layer calls the kernel of its depthwise part: Keras 3 calls that of a depthwise layer alone `kernel`. */
function depthKernel(network: KerasGraph): string {
	return network.weightShape("depthwise_kernel") === undefined ? "kernel" : "depthwise_kernel";
}

const depthwise: AddLayer = ({ config }, inputs, network) =>
	channelsLast(network, config, only(inputs), (x) => {
		const name = depthKernel(network);
		const [height = 1, width = 1] = network.weightShape(name) ?? [];
		const fanIn = height * width;
		const kernel = network.weight(name, { kind: "kernel", filterAxes: [2, 3], fanIn });
		const attributes = {
			strides: pair(config, "strides", 1),
			padding: paddingOf(config),
			dilations: pair(config, "dilation_rate", 1),
		};
		const y = network.emit("depthwiseConv2d", [x, kernel, ...biasOf(network, config, fanIn)], attributes);
		return activate(network, y, config.activation);
	});

const separable: AddLayer = ({ config }, inputs, network) =>
	channelsLast(network, config, only(inputs), (x) => {
		const [height = 1, width = 1, into = 1, multiplier = 1] = network.weightShape("depthwise_kernel") ?? [];
		const depth = network.weight("depthwise_kernel", { kind: "kernel", filterAxes: [2, 3], fanIn: height * width });
		const attributes = {
			strides: pair(config, "strides", 1),
			padding: paddingOf(config),
			dilations: pair(config, "dilation_rate", 1),
		};
		const middle = network.emit("depthwiseConv2d", [x, depth], attributes);
		const fanIn = into * multiplier;
		const point = network.weight("pointwise_kernel", { kind: "kernel", filterAxes: [3], fanIn });
		const y = network.emit("conv2d", [middle, point, ...biasOf(network, config, fanIn)], {
			strides: [1, 1],
			padding: "valid",
		});
		return activate(network, y, config.activation);
	});

const transposed: AddLayer = ({ config }, inputs, network) =>
	channelsLast(network, config, only(inputs), (x) => {
		const [height = 1, width = 1, , into = 1] = network.weightShape("kernel") ?? [];
		const strides = pair(config, "strides", 1);
		const dilations = pair(config, "dilation_rate", 1);
		const fanIn = height * width * into;
		const kernel = network.weight("kernel", { kind: "kernel", filterAxes: [2], fanIn });
		const padding = paddingOf(config);
		const extra =
			config.output_padding === null || config.output_padding === undefined
				? undefined
				: pair(config, "output_padding", 0);
		// "same" gives length · stride, "valid" whatever the windows reach: at least length · stride.
		const cut = ([height, width] as const).map((size, axis): [number, number] => {
			const stride = strides[axis] ?? 1;
			const span = (size - 1) * (dilations[axis] ?? 1) + 1;
			const longer = extra?.[axis];
			if (padding === "valid") return [0, longer === undefined ? Math.min(0, span - stride) : -longer];
			if (longer !== undefined) {
				const before = Math.floor(span / 2);
				return [before, before - longer];
			}
			const total = span - stride;
			const before = Math.floor(Math.max(0, total) / 2);
			return [before, total - before];
		});
		const attributes = {
			strides,
			cut: [cut[0] ?? [0, 0], cut[1] ?? [0, 0]] as const,
			groups: 1,
			...(Math.max(...dilations) > 1 && { dilations }),
		};
		const y = network.emit("convTranspose2d", [x, kernel, ...biasOf(network, config, fanIn)], attributes);
		return activate(network, y, config.activation);
	});

export const convolutionLayers: Readonly<Record<string, AddLayer>> = {
	Conv1D: convolution(1),
	Conv2D: convolution(2),
	Conv2DTranspose: transposed,
	Conv3D: volumes,
	DepthwiseConv2D: depthwise,
	SeparableConv2D: separable,
};
