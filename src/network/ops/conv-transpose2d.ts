import { add, concat, conv2dTranspose, pad, slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { axisAt } from "./axes.js";
import { bilinearTangent, type Op, required } from "./op.js";
import { spreadFilter } from "./window.js";

/** Inputs: images [height, width, in], kernel [kh, kw, out / groups, in], and optionally bias [out]. */
export interface ConvTranspose2dAttributes {
	readonly strides: readonly [number, number];
	/** What is cut off [before, after] each axis of the full result; negative where it is made longer by zeros. */
	readonly cut: readonly [readonly [number, number], readonly [number, number]];
	readonly groups: number;
	/** The distance of the kernel's rows and columns; 1 where nothing is said. */
	readonly dilations?: readonly [number, number];
}

/** The transpose of a convolution: each input value adds its multiple of the kernel to the output. */
export const convTranspose2d: Op<ConvTranspose2dAttributes> = {
	shape(inputs, { strides, cut, groups, dilations: [rows, columns] = [1, 1] }) {
		const [height = 0, width = 0, channels = 0] = required(inputs, 0);
		const [kernelHeight = 0, kernelWidth = 0, out = 0, kernelIn = 0] = required(inputs, 1);
		if (channels !== kernelIn) throw new RangeError(`${channels} channels meet a kernel for ${kernelIn}`);
		return [
			(height - 1) * strides[0] + (kernelHeight - 1) * rows + 1 - cut[0][0] - cut[0][1],
			(width - 1) * strides[1] + (kernelWidth - 1) * columns + 1 - cut[1][0] - cut[1][1],
			out * groups,
		];
	},

	run(inputs, { strides, cut, groups, dilations: [rows, columns] = [1, 1] }) {
		const x = required(inputs, 0) as Tensor4D;
		const filter = spreadFilter(required(inputs, 1) as Tensor4D, [rows, columns]);
		const [batch, height, width, channels] = x.shape;
		const [kernelHeight, kernelWidth, out] = filter.shape;
		const [down, right] = strides;
		const full: [number, number] = [(height - 1) * down + kernelHeight, (width - 1) * right + kernelWidth];
		const share = channels / groups;
		const parts = Array.from({ length: groups }, (_, group) => {
			const part = groups === 1 ? x : slice(x, [0, 0, 0, group * share], [batch, height, width, share]);
			const kernel =
				groups === 1 ? filter : slice(filter, [0, 0, 0, group * share], [kernelHeight, kernelWidth, out, share]);
			return conv2dTranspose(part, kernel, [batch, ...full, out], [down, right], "valid");
		});
		const whole = groups === 1 ? required(parts, 0) : concat(parts, 3);
		const y = trim(whole, cut);
		return inputs[2] === undefined ? y : add(y, inputs[2]);
	},

	multiplyAdds(inputs) {
		const [height = 0, width = 0] = required(inputs, 0);
		const [kernelHeight = 0, kernelWidth = 0, out = 0, kernelIn = 0] = required(inputs, 1);
		return height * width * kernelHeight * kernelWidth * out * kernelIn;
	},

	axes([x = [], kernel = [], bias], axes, { groups }, output) {
		const channels = axisAt(x, -1);
		axes.join(channels, axisAt(kernel, 3));
		const seen = axes.factors(channels, [groups, channels.length / groups]);
		const out = axes.product([axisAt(seen, 0), axisAt(kernel, 2)]);
		if (bias) axes.join(axisAt(bias, 0), out);
		for (const place of [...x.slice(0, 2), ...kernel.slice(0, 2)]) axes.fix(place, "");
		return [...output.slice(0, 2).map((length) => axes.still(length)), out];
	},

	tangent: bilinearTangent("convTranspose2d"),
};

function trim(x: Tensor4D, cut: ConvTranspose2dAttributes["cut"]): Tensor4D {
	const [rows, columns] = cut;
	const longer = (length: number) => Math.max(0, -length);
	const shorter = (length: number) => Math.max(0, length);
	const padded = cut.flat().some((length) => length < 0)
		? pad(x, [
				[0, 0],
				[longer(rows[0]), longer(rows[1])],
				[longer(columns[0]), longer(columns[1])],
				[0, 0],
			])
		: x;
	const [batch, height, width, channels] = padded.shape;
	if (!cut.flat().some((length) => length > 0)) return padded;
	return slice(
		padded,
		[0, shorter(rows[0]), shorter(columns[0]), 0],
		[batch, height - shorter(rows[0]) - shorter(rows[1]), width - shorter(columns[0]) - shorter(columns[1]), channels],
	);
}
