import { add, gather, pad, reshape, slice, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { convolvedAxes } from "./axes.js";
import { conv2d } from "./conv2d.js";
import { takenAt } from "./gradient.js";
import { bilinearTangent, type Op, required } from "./op.js";

type Triple<T> = readonly [T, T, T];

/** Inputs: volumes [depth, height, width, in], kernel [kd, kh, kw, in / groups, out], and optionally bias [out]. */
export interface Conv3dAttributes {
	readonly strides: Triple<number>;
	/** What is added [before, after] each axis. */
	readonly padding: Triple<readonly [number, number]>;
	/** The distance of the kernel's elements along each axis. */
	readonly dilations: Triple<number>;
	/** Channels and filters fall into this many parts, each filter part seeing its channel part only. */
	readonly groups: number;
}

/** A convolution of volumes: the sum of one of images for each depth of the kernel, by the kernels that those have. */
export const conv3d: Op<Conv3dAttributes> = {
	shape(inputs, { strides, padding, dilations, groups }) {
		const x = required(inputs, 0);
		const kernel = required(inputs, 1);
		const [kernelIn = 0, out = 0] = kernel.slice(3);
		if (x.length !== 4 || kernel.length !== 5) throw new RangeError(`[${x}] and a kernel [${kernel}] are no volumes`);
		if (x[3] !== kernelIn * groups) throw new RangeError(`${x[3]} channels meet a kernel for ${kernelIn * groups}`);
		const lengths = ([0, 1, 2] as const).map((axis) => {
			const [before, after] = padding[axis];
			const span = ((kernel[axis] ?? 0) - 1) * dilations[axis] + 1;
			const count = Math.floor(((x[axis] ?? 0) + before + after - span) / strides[axis]) + 1;
			if (!(count >= 1)) throw new RangeError(`a window of ${span} does not fit a length of ${x[axis]}`);
			return count;
		});
		return [...lengths, out];
	},

	run(inputs, attributes, mode) {
		const { strides, padding, dilations, groups } = attributes;
		const [x, kernel] = [required(inputs, 0), required(inputs, 1)];
		const [batch = 1, , height = 1, width = 1, channels = 1] = x.shape;
		const [kernelDepth = 1, ...kernelShape] = kernel.shape;
		const depth = conv3d.shape([x.shape.slice(1), kernel.shape], attributes)[0] ?? 1;
		const slices = padded(reshape(x, [batch, x.shape[1] ?? 1, height * width * channels]), padding[0]);
		const flat = { strides: strides.slice(1), padding: padding.slice(1), dilations: dilations.slice(1), groups };
		const parts = Array.from({ length: kernelDepth }, (_, at) => {
			const images = every(slices, at * dilations[0], depth, strides[0], mode.gradient === true);
			const filter: Tensor = reshape(slice(kernel, [at, 0, 0, 0, 0], [1, ...kernelShape]), kernelShape);
			const image = reshape(images, [batch * depth, height, width, channels]);
			return conv2d.run([image, filter], flat as unknown as Parameters<typeof conv2d.run>[1], mode);
		});
		const sum = parts.reduce((a, b) => add(a, b));
		const y = reshape(sum, [batch, depth, ...sum.shape.slice(1)]);
		return inputs[2] === undefined ? y : add(y, inputs[2]);
	},

	multiplyAdds(inputs, [depth = 0, height = 0, width = 0, out = 0]) {
		const [kernelDepth = 0, kernelHeight = 0, kernelWidth = 0, kernelIn = 0] = required(inputs, 1);
		return depth * height * width * out * kernelDepth * kernelHeight * kernelWidth * kernelIn;
	},

	axes: ([x = [], kernel = [], bias], axes, { groups }, output) =>
		convolvedAxes(x, kernel, bias, { groups, output }, axes),

	tangent: bilinearTangent("conv3d"),
};

function padded(x: Tensor, [before, after]: readonly [number, number]): Tensor {
	if (before === 0 && after === 0) return x;
	return pad(x, [
		[0, 0],
		[before, after],
		[0, 0],
	]);
}

/** `count` elements of axis 1 from `start` on, by `step`. */
function every(x: Tensor, start: number, count: number, step: number, gradient: boolean): Tensor {
	const [batch = 1, , size = 1] = x.shape;
	if (step === 1) return slice(x, [0, start, 0], [batch, count, size]);
	const indices = Array.from({ length: count }, (_, i) => start + i * step);
	if (gradient) return takenAt(x, indices, 1);
	return gather(x, Int32Array.from(indices) as unknown as Tensor1D, 1);
}
