import {
	add,
	backend_util,
	cast,
	concat,
	conv2d,
	depthwiseConv2d,
	equal,
	getKernel,
	type KernelConfig,
	matMul,
	mul,
	onesLike,
	pad,
	type Rank,
	registerKernel,
	reshape,
	reverse,
	slice,
	stack,
	stridedSlice,
	sub,
	sum,
	type Tensor,
	type Tensor2D,
	type Tensor4D,
	tidy,
	transpose,
	unregisterKernel,
	zeros,
} from "@tensorflow/tfjs-core";
import type { ConvInfo } from "../../kernels/conv2d.js";
import { depthwiseInfoOf } from "../../kernels/depthwise.js";
import { MAX_POOL_TANGENT } from "../../kernels/pooling.js";

/**
 * Backward kernels that the wasm backend lacks, or has only in a slow form, composed of its fast ones (matrix product
 * without transposes, convolution). What these don't cover goes to the stock kernel, or fails as it did without them.
 *
 * @returns what puts the stock kernels back
 */
export function registerGradientKernels(): () => void {
	const undo = [
		register("Conv2DBackpropFilter", filterGradient),
		register("Conv2DBackpropInput", inputGradient),
		register("BatchMatMul", productOfTransposes),
		register("MaxPoolGrad", maxPoolGradient),
		register(MAX_POOL_TANGENT, maxPoolTangent),
		register("DepthwiseConv2dNativeBackpropInput", depthwiseInputGradient),
		register("DepthwiseConv2dNativeBackpropFilter", depthwiseFilterGradient),
	];
	return () => {
		for (const each of undo) each();
	};
}

interface KernelArguments {
	readonly inputs: Readonly<Record<string, Tensor>>;
	readonly attrs: Readonly<Record<string, unknown>>;
}

/** A composed kernel: undefined where it does not cover the case. */
type ComposedKernel = (kernelArguments: KernelArguments) => Tensor | undefined;

function register(kernelName: string, composed: ComposedKernel): () => void {
	// The declared type leaves out that there may be none.
	const stock = getKernel(kernelName, "wasm") as KernelConfig | undefined;
	if (stock !== undefined) unregisterKernel(kernelName, "wasm");
	registerKernel({
		kernelName,
		backendName: "wasm",
		kernelFunc: (params) => {
			const result = tidy(() => composed(params as unknown as KernelArguments));
			if (result !== undefined) return result;
			if (stock === undefined) throw new RangeError(`${kernelName}: only convolutions without groups are supported`);
			return stock.kernelFunc(params);
		},
	});
	return () => {
		unregisterKernel(kernelName, "wasm");
		if (stock !== undefined) registerKernel(stock);
	};
}

/**
 * ∂L/∂filter [kh, kw, in, out] of a convolution, as one matrix product: row (i, j, c) of the left matrix is channel c of
 * the images shifted by (i, j), every stride-th pixel; the right matrix is dy with a row a pixel. The images are transposed
 * once, before they are shifted, and so are 9 times less to transpose than the shifted ones for a 3×3 filter.
 */
function filterGradient({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const x = inputs.x as Tensor4D;
	const filterShape = attrs.filterShape as [number, number, number, number];
	const [kh, kw, channels, out] = filterShape;
	const strides = attrs.strides as number | [number, number];
	const info = backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, attrs.pad as "valid");
	if (info.inChannels !== channels) return undefined;
	const { top, bottom, left, right } = info.padInfo;
	const dy = inputs.dy as Tensor4D;
	const [batch, height, width] = dy.shape;
	const pixels = batch * height * width;
	const margins: [number, number][] = [
		[0, 0],
		[top, bottom],
		[left, right],
		[0, 0],
	];
	const planes = transpose(pad(x, margins), [3, 0, 1, 2]) as Tensor4D;
	const [down, across] = [info.strideHeight, info.strideWidth];
	const shifted: Tensor2D[] = [];
	for (let i = 0; i < kh; i++) {
		for (let j = 0; j < kw; j++) {
			const size = [channels, batch, (height - 1) * down + 1, (width - 1) * across + 1];
			const seen = slice(planes, [0, 0, i, j], size);
			const taken = down * across === 1 ? seen : stridedSlice(seen, [0, 0, 0, 0], size, [1, 1, down, across]);
			shifted.push(reshape(taken, [channels, pixels]));
		}
	}
	return reshape(matMul(concat(shifted, 0), reshape(dy, [pixels, out]) as Tensor2D), [kh, kw, channels, out]);
}

/** ∂L/∂x of a convolution: dy with margins, convolved with the filter turned around and its in and out exchanged. */
function inputGradient({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const filter = inputs.filter as Tensor4D;
	const [kh, kw] = filter.shape;
	const margin = margins(kh, kw, attrs);
	if (margin === undefined) return undefined;
	const [[top, bottom], [left, right]] = margin;
	const dy = pad(inputs.dy as Tensor4D, [
		[0, 0],
		[kh - 1 - top, kh - 1 - bottom],
		[kw - 1 - left, kw - 1 - right],
		[0, 0],
	]);
	const turned = transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]) as Tensor4D;
	return conv2d(dy, turned, 1, "valid");
}

type Margins = [[number, number], [number, number]];

/** What the convolution's padding adds above and below, left and right; undefined unless its stride is 1. */
function margins(kh: number, kw: number, { strides, pad: padding }: KernelArguments["attrs"]): Margins | undefined {
	if (String(strides) !== "1" && String(strides) !== "1,1") return undefined;
	if (padding === "valid")
		return [
			[0, 0],
			[0, 0],
		];
	const around = (window: number): [number, number] => [Math.floor((window - 1) / 2), Math.ceil((window - 1) / 2)];
	return padding === "same" ? [around(kh), around(kw)] : undefined;
}

/**
 * ∂L/∂x of max-pooling: dy goes to the maximum of its window, to the last of equal ones, as in the stock kernel, which gives
 * it to the first value of the batch where a maximum is not above 0.
 */
function maxPoolGradient({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const [dy, x, y] = [inputs.dy as Tensor4D, inputs.input as Tensor4D, inputs.output as Tensor4D];
	const { down, across, rows, columns, top, left, apart, places } = windowsOf(x, y, attrs as unknown as PoolAttributes);
	const images = apart(x, Number.NEGATIVE_INFINITY);
	const gradients = images.map((): Tensor4D | undefined => undefined);
	for (const [place, taken] of maxima(images, y, places)) {
		const gradient = placed(mul(dy, taken), [rows, columns], [place.row, place.column], 0);
		const before = gradients[place.image];
		gradients[place.image] = before === undefined ? gradient : add(before, gradient);
	}
	const all = gradients.map((each) => each ?? zeros<Rank.R4>([y.shape[0], rows, columns, y.shape[3]]));
	return slice(putTogether(all, down, across), [0, top, left, 0], x.shape);
}

/** What a tangent holds at the maximum of each window: the transpose of that gradient. */
function maxPoolTangent({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const [x, tangent, y] = [inputs.x as Tensor4D, inputs.tangent as Tensor4D, inputs.pooled as Tensor4D];
	const { apart, places } = windowsOf(x, y, attrs as unknown as PoolAttributes);
	const tangents = apart(tangent, 0);
	let sum: Tensor | undefined;
	for (const [{ image, row, column }, taken] of maxima(apart(x, Number.NEGATIVE_INFINITY), y, places)) {
		const part = mul(taken, slice(tangents[image] as Tensor4D, [0, row, column, 0], y.shape));
		sum = sum === undefined ? part : add(sum, part);
	}
	return sum;
}

/** A place of a window: one of the images of every s-th pixel, shifted. */
interface Place {
	readonly image: number;
	readonly row: number;
	readonly column: number;
}

/** Where windows are s apart, the pixels fall into s·s images of every s-th pixel; a place of the windows is one of these, shifted. */
function windowsOf(x: Tensor4D, y: Tensor4D, { filterSize, strides, pad: padding, dimRoundingMode }: PoolAttributes) {
	const info = backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, padding, dimRoundingMode);
	const { padInfo, strideHeight: down, strideWidth: across, filterHeight, filterWidth } = info;
	const [, height, width] = y.shape;
	const { top, left } = padInfo;
	const rows = Math.ceil(Math.max(top + x.shape[1], (height - 1) * down + filterHeight) / down);
	const columns = Math.ceil(Math.max(left + x.shape[2], (width - 1) * across + filterWidth) / across);
	const places = Array.from({ length: filterHeight * filterWidth }, (_, at): Place => {
		const [i, j] = [Math.floor(at / filterWidth), at % filterWidth];
		return { image: (i % down) * across + (j % across), row: Math.floor(i / down), column: Math.floor(j / across) };
	});
	const apart = (image: Tensor4D, margin: number) =>
		takeApart(placed(image, [rows * down, columns * across], [top, left], margin), down, across);
	return { down, across, rows, columns, top, left, apart, places };
}

/** For each place, from the last on, 1 where it has the maximum of its window and none after it does. */
function* maxima(images: readonly Tensor4D[], y: Tensor4D, places: readonly Place[]): Generator<[Place, Tensor4D]> {
	let open: Tensor = onesLike(y);
	for (const place of places.toReversed()) {
		const seen = slice(images[place.image] as Tensor4D, [0, place.row, place.column, 0], y.shape);
		const taken = mul<Tensor4D>(open, cast(equal(seen, y), "float32"));
		open = sub(open, taken);
		yield [place, taken];
	}
}

/** As TensorFlow.js gives them to a pooling kernel. */
interface PoolAttributes {
	readonly filterSize: [number, number] | number;
	readonly strides: [number, number] | number;
	readonly pad: Parameters<typeof backend_util.computePool2DInfo>[4];
	readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

type Size = readonly [height: number, width: number];

/** Images within larger ones, at a place, and a value all around. */
function placed(x: Tensor4D, [height, width]: Size, [top, left]: Size, value: number): Tensor4D {
	const [, rows, columns] = x.shape;
	if (height === rows && width === columns) return x;
	return pad(
		x,
		[
			[0, 0],
			[top, height - rows - top],
			[left, width - columns - left],
			[0, 0],
		],
		value,
	);
}

/** Images as those of every `down`-th row and `across`-th column, by where they begin. */
function takeApart(x: Tensor4D, down: number, across: number): Tensor4D[] {
	const [batch, height, width, channels] = x.shape;
	const [rows, columns] = [height / down, width / across];
	const blocks = reshape(x, [batch * rows, down, columns, across * channels]);
	return Array.from({ length: down * across }, (_, at) => {
		const begin = [0, Math.floor(at / across), 0, (at % across) * channels];
		return reshape(slice(blocks, begin, [batch * rows, 1, columns, channels]), [batch, rows, columns, channels]);
	});
}

function putTogether(images: readonly Tensor4D[], down: number, across: number): Tensor4D {
	const [batch = 0, rows = 0, columns = 0, channels = 0] = images[0]?.shape ?? [];
	const lines = Array.from({ length: down }, (_, i) => {
		const parts = images.slice(i * across, (i + 1) * across);
		return concat(
			parts.map((part) => reshape(part, [batch * rows, 1, columns, channels])),
			3,
		);
	});
	return reshape(concat(lines, 1), [batch, rows * down, columns * across, channels]);
}

/** What each place of a filter sees of an image with margins: every stride-th pixel from that place on. */
function seenBy(place: readonly [number, number], image: Tensor4D, [height, width]: Size, info: ConvInfo): Tensor4D {
	const [down, across] = [info.strideHeight, info.strideWidth];
	const size: [number, number, number, number] = [
		image.shape[0],
		(height - 1) * down + 1,
		(width - 1) * across + 1,
		image.shape[3],
	];
	const seen = slice(image, [0, place[0], place[1], 0], size);
	return down * across === 1 ? seen : (stridedSlice(seen, [0, 0, 0, 0], size, [1, down, across, 1]) as Tensor4D);
}

/** ∂L/∂filter of a depthwise convolution of one filter a channel: for each tap the sum over all pixels of what it sees times dy. */
function depthwiseFilterGradient({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const [x, dy] = [inputs.x as Tensor4D, inputs.dy as Tensor4D];
	const shape = attrs.filterShape as Tensor4D["shape"];
	const info = depthwiseInfoOf(x.shape, shape, attrs);
	if (info === undefined) return undefined;
	const { top, bottom, left, right } = info.padInfo;
	const image = pad(x, [
		[0, 0],
		[top, bottom],
		[left, right],
		[0, 0],
	]);
	const taps = Array.from({ length: shape[0] * shape[1] }, (_, at) => {
		const place = [Math.floor(at / shape[1]), at % shape[1]] as const;
		return sum(mul(seenBy(place, image, [dy.shape[1], dy.shape[2]], info), dy), [0, 1, 2]);
	});
	return reshape(stack(taps), shape as number[]);
}

/** ∂L/∂x of it: dy with zeros between its pixels and around, convolved with the filter turned around. */
function depthwiseInputGradient({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const [dy, filter] = [inputs.dy as Tensor4D, inputs.filter as Tensor4D];
	const shape = attrs.inputShape as Tensor4D["shape"];
	const info = depthwiseInfoOf(shape, filter.shape, attrs);
	if (info === undefined) return undefined;
	const [kh, kw] = filter.shape;
	const apart = withZerosBetween(dy, info.strideHeight, info.strideWidth);
	const before = [kh - 1 - info.padInfo.top, kw - 1 - info.padInfo.left] as const;
	const after = [
		shape[1] + kh - 1 - before[0] - apart.shape[1],
		shape[2] + kw - 1 - before[1] - apart.shape[2],
	] as const;
	// More margin than the filter is long, or pixels that no window has seen: cut off, or filled up.
	const framed = pad(apart, [
		[0, 0],
		[Math.max(0, before[0]), Math.max(0, after[0])],
		[Math.max(0, before[1]), Math.max(0, after[1])],
		[0, 0],
	]);
	const [batch, , , channels] = framed.shape;
	const image = slice(
		framed,
		[0, Math.max(0, -before[0]), Math.max(0, -before[1]), 0],
		[batch, shape[1] + kh - 1, shape[2] + kw - 1, channels],
	);
	return depthwiseConv2d(image, reverse(filter, [0, 1]), 1, "valid");
}

function withZerosBetween(x: Tensor4D, down: number, across: number): Tensor4D {
	const [batch, height, width, channels] = x.shape;
	if (down * across === 1) return x;
	const none: [number, number] = [0, 0];
	const pixels = reshape<Rank.R4>(x, [batch * height, width, 1, channels]);
	const wide = pad(pixels, [none, none, [0, across - 1], none]);
	const lines = reshape<Rank.R4>(wide, [batch, height, 1, width * across * channels]);
	const high = pad(lines, [none, none, [0, down - 1], none]);
	const whole = reshape<Rank.R4>(high, [batch, height * down, width * across, channels]);
	return slice(whole, [0, 0, 0, 0], [batch, (height - 1) * down + 1, (width - 1) * across + 1, channels]);
}

/** A matrix product with transposed operands: transposing first and multiplying then is faster by an order of magnitude. */
function productOfTransposes({ inputs, attrs }: KernelArguments): Tensor | undefined {
	const { a, b } = inputs;
	if (a === undefined || b === undefined || !(attrs.transposeA || attrs.transposeB)) return undefined;
	return matMul(attrs.transposeA ? swapLastAxes(a) : a, attrs.transposeB ? swapLastAxes(b) : b);
}

function swapLastAxes(matrix: Tensor): Tensor {
	const axes = [...matrix.shape.keys()];
	return transpose(matrix, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
