import type { TestAttribute } from "../onnx-file.js";
import { list, type OperatorCase, weights } from "./case.js";

type Attributes = Readonly<Record<string, TestAttribute>>;

function described(attributes: Attributes): string {
	return Object.entries(attributes)
		.map(([name, value]) => ` ${name} ${String(value)}`)
		.join(",");
}

/** A convolution of samples [channels, ...space] by a kernel [out, in, ...space]. */
function conv(
	channels: number,
	space: readonly number[],
	kernel: readonly number[],
	attributes: Attributes,
): OperatorCase {
	const name = `Conv [${space}] by [${kernel}]${described(attributes)}`;
	return {
		name,
		inputs: { x: { shape: [channels, ...space] } },
		tensors: { w: weights(`${name} w`, kernel), b: weights(`${name} b`, kernel.slice(0, 1)) },
		nodes: [{ op: "Conv", inputs: ["x", "w", "b"], attributes }],
	};
}

function transposed(
	channels: number,
	space: readonly number[],
	kernel: readonly number[],
	attributes: Attributes,
): OperatorCase {
	const name = `ConvTranspose [${space}] by [${kernel}]${described(attributes)}`;
	const groups = Number(attributes.group ?? 1);
	return {
		name,
		inputs: { x: { shape: [channels, ...space] } },
		tensors: { w: weights(`${name} w`, kernel), b: weights(`${name} b`, [(kernel[1] ?? 1) * groups]) },
		nodes: [{ op: "ConvTranspose", inputs: ["x", "w", "b"], attributes }],
	};
}

function pool(op: "MaxPool" | "AveragePool", space: readonly number[], attributes: Attributes): OperatorCase {
	return {
		name: `${op} [${space}]${described(attributes)}`,
		inputs: { x: { shape: [2, ...space] } },
		nodes: [{ op, inputs: ["x"], attributes }],
	};
}

const pools = (["MaxPool", "AveragePool"] as const).flatMap((op) => [
	pool(op, [9], { kernel_shape: [3] }),
	pool(op, [9], { kernel_shape: [3], strides: [2], pads: [1, 0] }),
	pool(op, [7, 8], { kernel_shape: [2, 3], strides: [2, 2] }),
	pool(op, [7, 8], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
	pool(op, [7, 8], { kernel_shape: [3, 3], strides: [2, 3], ceil_mode: 1 }),
	pool(op, [7, 8], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: "SAME_UPPER" }),
	pool(op, [7, 8], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: "SAME_LOWER" }),
	pool(op, [4, 6, 6], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] }),
	pool(op, [5, 6, 7], { kernel_shape: [3, 2, 3], strides: [1, 2, 2], pads: [1, 0, 1, 1, 1, 1] }),
	pool(op, [5, 6, 7], { kernel_shape: [3, 2, 3], strides: [2, 2, 2], ceil_mode: 1 }),
]);

export const windowCases: readonly OperatorCase[] = [
	conv(2, [9], [4, 2, 3], { pads: [1, 1] }),
	conv(4, [9], [4, 2, 3], { group: 2, strides: [2] }),
	conv(4, [9], [8, 1, 3], { group: 4, pads: [2, 0], dilations: [2] }),
	conv(2, [9], [4, 2, 3], { strides: [2], dilations: [2] }),
	conv(3, [6, 7], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
	conv(3, [6, 7], [4, 3, 3, 2], { strides: [2, 1], pads: [1, 0, 0, 1] }),
	conv(3, [8, 7], [4, 3, 3, 3], { strides: [2, 2], auto_pad: "SAME_UPPER" }),
	conv(3, [8, 7], [4, 3, 4, 2], { strides: [2, 2], auto_pad: "SAME_LOWER" }),
	conv(3, [8, 7], [4, 3, 3, 3], { auto_pad: "VALID", dilations: [2, 1] }),
	conv(4, [8, 7], [6, 2, 3, 3], { group: 2, dilations: [2, 2], pads: [2, 2, 2, 2] }),
	conv(4, [8, 7], [4, 1, 3, 3], { group: 4, strides: [2, 2], pads: [1, 1, 1, 1] }),
	conv(4, [9, 9], [4, 1, 3, 3], { group: 4, strides: [2, 2], dilations: [2, 2], pads: [2, 2, 2, 2] }),
	conv(3, [9, 9], [2, 3, 3, 3], { strides: [2, 2], dilations: [2, 2], pads: [2, 2, 2, 2] }),
	conv(2, [4, 5, 6], [3, 2, 3, 3, 3], { pads: [1, 1, 1, 1, 1, 1] }),
	conv(2, [5, 6, 7], [3, 2, 2, 3, 2], { strides: [2, 1, 2], pads: [1, 0, 1, 0, 1, 0] }),
	conv(4, [5, 6, 7], [4, 2, 3, 2, 3], { group: 2, strides: [1, 2, 2] }),
	conv(4, [5, 6, 7], [4, 1, 2, 3, 3], { group: 4, dilations: [2, 1, 2] }),
	conv(2, [7, 7, 7], [3, 2, 3, 3, 3], { strides: [2, 2, 2], dilations: [2, 2, 2], pads: [2, 2, 2, 2, 2, 2] }),
	conv(2, [5, 6, 7], [3, 2, 3, 3, 3], { auto_pad: "SAME_UPPER", strides: [2, 2, 2] }),
	transposed(2, [5], [2, 3, 3], { strides: [2], pads: [1, 1] }),
	transposed(2, [5], [2, 3, 3], { strides: [2], dilations: [3], output_padding: [1] }),
	transposed(4, [4, 5], [4, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] }),
	transposed(4, [4, 5], [4, 3, 2, 2], { strides: [2, 2], group: 2 }),
	transposed(4, [4, 5], [4, 2, 3, 3], { dilations: [2, 2] }),
	transposed(4, [4, 5], [4, 2, 3, 2], { dilations: [3, 2], strides: [2, 3], pads: [1, 2, 0, 1], group: 2 }),
	transposed(2, [4, 5], [2, 3, 3, 3], { strides: [2, 2], auto_pad: "SAME_UPPER" }),
	transposed(2, [4, 5], [2, 3, 3, 3], { strides: [2, 2], auto_pad: "SAME_LOWER" }),
	transposed(2, [4, 5], [2, 3, 3, 3], { strides: [2, 2], output_shape: [9, 10] }),
	...pools,
	...(
		[
			["Conv", { pads: [1, 1, 1, 1], strides: [2, 1] }],
			["ConvTranspose", { strides: [2, 2] }],
			["MaxPool", { kernel_shape: [2, 2], strides: [2, 2] }],
			["AveragePool", { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }],
		] as const
	).map(
		([op, attributes]): OperatorCase => ({
			name: `${op} of the frames of videos, one by one`,
			inputs: { x: { shape: [3, 2, 6, 5] } },
			tensors: { w: weights(`${op} frames`, [2, 2, 3, 3]), frames: list(-1, 2, 6, 5), flat: list(-1, 3, 2) },
			nodes: [
				{ op: "Reshape", inputs: ["x", "frames"], outputs: ["images"] },
				{ op, inputs: ["images", ...(op.startsWith("Conv") ? ["w"] : [])], outputs: ["y"], attributes },
				{ op: "GlobalMaxPool", inputs: ["y"], outputs: ["most"] },
				{ op: "Reshape", inputs: ["most", "flat"] },
			],
		}),
	),
	pool("AveragePool", [7, 8], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }),
	pool("AveragePool", [5, 6, 7], { kernel_shape: [3, 3, 3], pads: [1, 1, 1, 1, 1, 1], count_include_pad: 1 }),
	...["GlobalAveragePool", "GlobalMaxPool"].flatMap((op) =>
		[[6], [4, 5], [3, 4, 5]].map((space) => ({
			name: `${op} [${space}]`,
			inputs: { x: { shape: [3, ...space] } },
			nodes: [{ op, inputs: ["x"] }],
		})),
	),
];
