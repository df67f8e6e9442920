import type { ConvTranspose2dAttributes } from "../../../../src/network/ops/conv-transpose2d.js";
import type { Conv2dAttributes } from "../../../../src/network/ops/conv2d.js";
import type { Conv3dAttributes } from "../../../../src/network/ops/conv3d.js";
import type { DepthwiseConv2dAttributes } from "../../../../src/network/ops/depthwise-conv2d.js";
import type { PoolAttributes } from "../../../../src/network/ops/max-pool.js";
import { type Case, Draw } from "./draw.js";
import { apart, uniform } from "./numbers.js";
import { clearOfZero } from "./rectified.js";

interface Convolution<Attributes> {
	readonly kernel: readonly number[];
	readonly attributes: Attributes;
}

const margins = [
	[1, 0],
	[2, 1],
] as const;
const wide = [
	[0, 1],
	[1, 2],
] as const;

const convolutions: readonly Convolution<Conv2dAttributes>[] = [
	{ kernel: [3, 3], attributes: { strides: [1, 1], padding: "valid" } },
	{ kernel: [3, 2], attributes: { strides: [2, 1], padding: "same" } },
	{ kernel: [2, 3], attributes: { strides: [1, 2], padding: margins } },
	{ kernel: [1, 1], attributes: { strides: [2, 2], padding: "valid" } },
	{ kernel: [2, 2], attributes: { strides: [1, 1], padding: "same", dilations: [2, 1] } },
	{ kernel: [2, 3], attributes: { strides: [1, 1], padding: wide, dilations: [1, 2] } },
	{ kernel: [3, 3], attributes: { strides: [1, 1], padding: "same", groups: 2 } },
	{ kernel: [2, 2], attributes: { strides: [2, 1], padding: margins, groups: 2 } },
	{ kernel: [2, 1], attributes: { strides: [1, 1], padding: "valid", groups: 2, dilations: [2, 1] } },
];

function conv2dCase(draw: Draw, { kernel, attributes }: Convolution<Conv2dAttributes>, hasBias: boolean): Case {
	const { groups = 1 } = attributes;
	const [share, out] = [draw.length(1, 2), draw.length(1, 2) * groups];
	return draw.case(
		"conv2d",
		attributes,
		draw.values([draw.length(3, 4), draw.length(3, 4), share * groups], uniform()),
		draw.whole([...kernel, share, out], uniform()),
		hasBias ? draw.whole([out], uniform()) : undefined,
	);
}

export function conv2d(random: () => number): Case[] {
	const draw = new Draw(random);
	return convolutions.flatMap((each) => [
		conv2dCase(draw, each, false),
		conv2dCase(draw, each, true),
		clearOfZero(() => conv2dCase(draw, each, draw.length(0, 1) === 1)),
	]);
}

const depthwise: readonly Convolution<DepthwiseConv2dAttributes>[] = [
	{ kernel: [3, 3], attributes: { strides: [1, 1], padding: "same" } },
	{ kernel: [2, 3], attributes: { strides: [2, 1], padding: "valid" } },
	{ kernel: [2, 2], attributes: { strides: [2, 2], padding: margins } },
	{ kernel: [2, 3], attributes: { strides: [1, 1], padding: wide, dilations: [2, 2] } },
	{ kernel: [2, 2], attributes: { strides: [1, 1], padding: "same", dilations: [1, 2] } },
	{ kernel: [2, 2], attributes: { strides: [2, 2], padding: "valid", dilations: [2, 2] } },
];

export function depthwiseConv2d(random: () => number): Case[] {
	const draw = new Draw(random);
	return depthwise.flatMap(({ kernel, attributes }) =>
		[1, 2].map((multiplier) => {
			const channels = draw.length(1, 3);
			return draw.case(
				"depthwiseConv2d",
				attributes,
				draw.values([draw.length(3, 4), draw.length(3, 4), channels], uniform()),
				draw.whole([...kernel, channels, multiplier], uniform()),
				multiplier === 2 ? draw.whole([channels * multiplier], uniform()) : undefined,
			);
		}),
	);
}

const none = [
	[0, 0],
	[0, 0],
] as const;

const transposed: readonly Convolution<ConvTranspose2dAttributes>[] = [
	{ kernel: [2, 2], attributes: { strides: [1, 1], cut: none, groups: 1 } },
	{ kernel: [3, 2], attributes: { strides: [2, 1], cut: margins, groups: 1 } },
	{
		kernel: [2, 3],
		attributes: {
			strides: [2, 3],
			cut: [
				[0, -1],
				[1, -2],
			],
			groups: 2,
		},
	},
	{
		kernel: [3, 3],
		attributes: {
			strides: [1, 2],
			cut: [
				[-1, 0],
				[1, 1],
			],
			groups: 1,
			dilations: [2, 1],
		},
	},
	{ kernel: [2, 2], attributes: { strides: [2, 1], cut: none, groups: 2, dilations: [1, 3] } },
];

export function convTranspose2d(random: () => number): Case[] {
	const draw = new Draw(random);
	return transposed.flatMap(({ kernel, attributes }) =>
		[false, true].map((hasBias) => {
			const [share, out] = [draw.length(1, 2), draw.length(1, 2)];
			const channels = share * attributes.groups;
			return draw.case(
				"convTranspose2d",
				attributes,
				draw.values([draw.length(2, 3), draw.length(2, 3), channels], uniform()),
				draw.whole([...kernel, out, channels], uniform()),
				hasBias ? draw.whole([out * attributes.groups], uniform()) : undefined,
			);
		}),
	);
}

const volumes: readonly Convolution<Conv3dAttributes>[] = [
	{
		kernel: [2, 2, 2],
		attributes: {
			strides: [1, 1, 1],
			padding: [
				[0, 0],
				[0, 0],
				[0, 0],
			],
			dilations: [1, 1, 1],
			groups: 1,
		},
	},
	{
		kernel: [2, 3, 1],
		attributes: {
			strides: [2, 1, 2],
			padding: [
				[1, 0],
				[1, 1],
				[0, 1],
			],
			dilations: [1, 1, 1],
			groups: 2,
		},
	},
	{
		kernel: [2, 2, 2],
		attributes: {
			strides: [2, 1, 1],
			padding: [
				[1, 1],
				[0, 1],
				[1, 0],
			],
			dilations: [2, 2, 1],
			groups: 1,
		},
	},
];

export function conv3d(random: () => number): Case[] {
	const draw = new Draw(random);
	return volumes.flatMap(({ kernel, attributes }) =>
		[false, true].map((hasBias) => {
			const { groups } = attributes;
			const [share, out] = [draw.length(1, 2), draw.length(1, 2) * groups];
			return draw.case(
				"conv3d",
				attributes,
				draw.values([2, 3, 2, share * groups], uniform()),
				draw.whole([...kernel, share, out], uniform()),
				hasBias ? draw.whole([out], uniform()) : undefined,
			);
		}),
	);
}

/** Each window has a value that is no padding. */
const pools: readonly PoolAttributes[] = [
	{ window: [2, 2], strides: [2, 2], padding: "valid" },
	{ window: [3, 2], strides: [1, 2], padding: "same" },
	{ window: [2, 2], strides: [3, 3], padding: "same" },
	{
		window: [3, 3],
		strides: [2, 2],
		padding: [
			[1, 1],
			[0, 1],
		],
	},
	{
		window: [2, 3],
		strides: [2, 1],
		padding: [
			[0, 1],
			[2, 1],
		],
	},
	{ window: [1, 1], strides: [2, 1], padding: "valid" },
];

const imageOf = (draw: Draw) => [draw.length(3, 5), draw.length(3, 4), draw.length(1, 2)];

export function averagePool(random: () => number): Case[] {
	const draw = new Draw(random);
	return pools.map((attributes) => draw.case("averagePool", attributes, draw.values(imageOf(draw), uniform())));
}

export function maxPool(random: () => number): Case[] {
	const draw = new Draw(random);
	return pools.map((attributes) => draw.case("maxPool", attributes, draw.values(imageOf(draw), apart())));
}

export function maxPoolTangent(random: () => number): Case[] {
	const draw = new Draw(random);
	return pools.map((attributes) => {
		const image = imageOf(draw);
		return draw.case("maxPoolTangent", attributes, draw.values(image, apart()), draw.values(image, uniform()));
	});
}
