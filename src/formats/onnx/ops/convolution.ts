import type { Conv2dAttributes } from "../../../network/ops/conv2d.js";
import type { Builder } from "../builder.js";
import { type Axis, axis, deal, lengthOf, resolve } from "../factors.js";
import { sliced } from "../isolate.js";
import { type ImportOp, int, ints, type NodeContext, operand, text, valueAndShape } from "../node.js";
import { problem, shapeOf, type Value } from "../value.js";
import { asImages, axesOf, type Pair, pairOf, perAxis, spanOf, unitWindow, type Window, windowsOf } from "./window.js";

/** An image, sequence or volume with its kernel, and what is needed to say how the result looks. */
interface Meeting {
	readonly x: Value;
	readonly kernel: Value;
	/** How many axes of space there are. */
	readonly rank: number;
	readonly channels: Axis;
	/** Of the values, and of the kernel; a sequence has one row. */
	readonly space: readonly Axis[];
	readonly kernelSpace: readonly Axis[];
	readonly windows: readonly Window[];
}

function meet(context: NodeContext): Meeting {
	const { builder, node } = context;
	const { x } = valueAndShape(context, 0);
	const kernel = builder.layerWeights(operand(context, 1), node.inputs[1] ?? "");
	const [, channels = [], ...space] = x.axes;
	const kernelSpace = kernel.axes.slice(2);
	const rank = space.length;
	if (rank < 1 || rank > 3) return problem(`${node.op} over ${rank} axes is not supported`);
	if (kernelSpace.length !== rank)
		return problem(`a kernel with ${kernelSpace.length} axes meets a value with ${rank}`);
	const named = ints(context, "kernel_shape");
	const sizes = kernelSpace.map((item) => lengthOf(resolve(item)));
	if (named !== undefined && String(named) !== String(sizes))
		return problem(`kernel_shape [${named}] is not that of the kernel, [${sizes}]`);
	const windows = windowsOf(
		context,
		space.map((item) => lengthOf(resolve(item))),
		sizes,
	);
	const asImage =
		rank === 1
			? { space: [[], ...space], kernelSpace: [[], ...kernelSpace], windows: [unitWindow, ...windows] }
			: { space, kernelSpace, windows };
	return { x, kernel, rank, channels, ...asImage };
}

/** The axes of a result: in memory channels last, for ONNX first. */
function resultAxes({ x, rank }: Meeting, space: readonly Axis[], channels: Axis): { groups: Axis[]; axes: Axis[] } {
	const [batch = []] = x.axes;
	return { groups: [...space, channels], axes: [batch, channels, ...space.slice(-rank)] };
}

function biasOf(builder: Builder, context: NodeContext, fanIn: number): string[] {
	const input = context.inputs[2];
	if (input === undefined) return [];
	const bias = builder.layerWeights(input, context.node.inputs[2] ?? "");
	return [builder.weights(bias, "bias", [bias.axes.flat()], [], fanIn)];
}

const conv: ImportOp = (context) => {
	const { builder } = context;
	const meeting = meet(context);
	const { x, kernel, rank, channels, space, kernelSpace } = meeting;
	// tfjs refuses strides and dilations together: then every window is computed, and those between are left out.
	const strides = meeting.windows.map(({ stride }) => stride);
	const apart = Math.max(...strides) > 1 && meeting.windows.some(({ dilation }) => dilation > 1);
	const windows = apart ? meeting.windows.map((window) => ({ ...window, stride: 1 })) : meeting.windows;
	const [out = [], into = []] = kernel.axes;
	const count = int(context, "group", 1);
	const [outLength, intoLength] = [lengthOf(resolve(out)), lengthOf(resolve(into))];
	if (outLength % count !== 0 || intoLength * count !== lengthOf(resolve(channels)))
		return problem(`${lengthOf(resolve(channels))} channels in ${count} groups meet a kernel [${shapeOf(kernel)}]`);
	const fanIn = windows.reduce((product, { size }) => product * size, intoLength);
	const result = resultAxes(meeting, axesOf(windows), axis(outLength));
	const finished = (emit: (image: string) => Value) => [
		asImages(builder, x, [...space, channels], (image) => {
			const y = emit(image);
			return apart ? strided(builder, y, strides.slice(-rank)) : y;
		}),
	];
	if (count > 1 && intoLength === 1 && rank < 3) {
		const [channel = [], multiplier = []] = deal(out, [count, outLength / count]) ?? problem("unequal groups");
		const filter = builder.weights(kernel, "kernel", [...kernelSpace, channel, multiplier], [2, 3], fanIn);
		const weights = [filter, ...biasOf(builder, context, fanIn)];
		return finished((image) =>
			builder.emit("depthwiseConv2d", [image, ...weights], flat(windows), result.groups, result.axes),
		);
	}
	const filter = builder.weights(kernel, "kernel", [...kernelSpace, into, out], [kernelSpace.length + 1], fanIn);
	const weights = [filter, ...biasOf(builder, context, fanIn)];
	if (rank === 3) {
		const triple = <T>(of: (window: Window) => T) => windows.map(of) as unknown as readonly [T, T, T];
		const attributes = {
			strides: triple(({ stride }) => stride),
			padding: triple(({ padding }) => padding),
			dilations: triple(({ dilation }) => dilation),
			groups: count,
		};
		return finished((image) => builder.emit("conv3d", [image, ...weights], attributes, result.groups, result.axes));
	}
	const attributes = count === 1 ? flat(windows) : { ...flat(windows), groups: count };
	return finished((image) => builder.emit("conv2d", [image, ...weights], attributes, result.groups, result.axes));
};

/** The attributes of a convolution of images. */
function flat(windows: readonly Window[]): Conv2dAttributes {
	const padding = pairOf(windows.map((window) => window.padding));
	const dilations = pairOf(windows.map(({ dilation }) => dilation));
	return {
		strides: pairOf(windows.map(({ stride }) => stride)),
		padding: padding.flat().every((length) => length === 0) ? "valid" : padding,
		...(Math.max(...dilations) > 1 && { dilations }),
	};
}

/** Every so many elements along the axes of space. */
function strided(builder: Builder, y: Value, strides: readonly number[]): Value {
	return strides.reduce((value, step, index) => {
		if (step === 1) return value;
		const length = shapeOf(value)[index + 2] ?? 1;
		return sliced(builder, value, index + 2, [0, Math.ceil(length / step), step]);
	}, y);
}

const convTranspose: ImportOp = (context) => {
	const { builder } = context;
	// Its own padding is what is cut off; lengths that are asked for say it otherwise.
	const meeting = meet(context);
	const { x, kernel, rank, channels, space, kernelSpace, windows } = meeting;
	if (rank === 3) return problem("ConvTranspose over 3 axes is not supported");
	const count = int(context, "group", 1);
	const [into = [], out = []] = kernel.axes;
	if (lengthOf(resolve(into)) !== lengthOf(resolve(channels)))
		return problem(`${lengthOf(resolve(channels))} channels meet a kernel [${shapeOf(kernel)}]`);
	const own = perAxis(context, "output_padding", rank, 0);
	const extra = rank === 1 ? [0, ...own] : own;
	const wanted = ints(context, "output_shape")?.slice(-rank);
	const automatic = text(context, "auto_pad", "NOTSET");
	const cut = windows.map((window, index): Pair => {
		const [longer, place] = [extra[index] ?? 0, index - windows.length + rank];
		const full = (window.length - 1) * window.stride + spanOf(window);
		const asked = automatic.startsWith("SAME") ? window.length * window.stride : wanted?.[place];
		if (asked === undefined || place < 0) return [window.padding[0], window.padding[1] - longer];
		const total = full + longer - asked;
		const less = Math.floor(total / 2);
		const before = automatic === "SAME_UPPER" ? less : total - less;
		return [before, total - before - longer];
	});
	const lengths = windows.map((window, index) => {
		const [before, after] = cut[index] ?? [0, 0];
		return (window.length - 1) * window.stride + spanOf(window) - before - after;
	});
	const outLength = lengthOf(resolve(out));
	const fanIn = windows.reduce((product, { size }) => product * size, lengthOf(resolve(into)) / count);
	const filter = builder.weights(kernel, "kernel", [...kernelSpace, out, into], [2], fanIn);
	const weights = [filter, ...biasOf(builder, context, fanIn)];
	const result = resultAxes(meeting, lengths.map(axis), axis(outLength * count));
	const dilations = pairOf(windows.map(({ dilation }) => dilation));
	const attributes = {
		strides: pairOf(windows.map(({ stride }) => stride)),
		cut: pairOf(cut),
		groups: count,
		...(Math.max(...dilations) > 1 && { dilations }),
	};
	return [
		asImages(builder, x, [...space, channels], (image) =>
			builder.emit("convTranspose2d", [image, ...weights], attributes, result.groups, result.axes),
		),
	];
};

export const convolutionOps: Readonly<Record<string, ImportOp>> = { Conv: conv, ConvTranspose: convTranspose };
