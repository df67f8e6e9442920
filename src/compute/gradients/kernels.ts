import {
	backend_util,
	concat,
	conv2d,
	getKernel,
	type KernelConfig,
	matMul,
	pad,
	registerKernel,
	reshape,
	reverse,
	slice,
	stridedSlice,
	type Tensor,
	type Tensor2D,
	type Tensor4D,
	tidy,
	transpose,
	unregisterKernel,
} from "@tensorflow/tfjs-core";

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
