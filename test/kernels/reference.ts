import "@tensorflow/tfjs-backend-wasm";
import { engine, setBackend, type Tensor, type TensorInfo, tensor, tidy } from "@tensorflow/tfjs-core";
import type { KernelPrecision } from "../../src/kernels/module.js";
import { registerKernels, unregisterKernels } from "../../src/kernels/register.js";

/** Unit roundoff of float32: half the distance from 1 to the next number. */
export const UNIT = 2 ** -24;

let registered: KernelPrecision = "fast";

export async function startFastKernels(): Promise<void> {
	await setBackend("wasm");
	takeKernels("fast");
}

/** Has `run` use the kernels of a precision from now on. */
export function takeKernels(precision: KernelPrecision): void {
	const result = registerKernels(precision);
	if (!result.ok) throw new Error(result.reason);
	registered = precision;
}

export interface Values {
	readonly shape: number[];
	readonly values: Float32Array;
}

/** Numbers in [-scale, scale), the same for the same seed. */
export function random(shape: number[], seed: number, scale = 1): Values {
	let state = (seed * 2654435761 + 12345) >>> 0;
	const values = Float32Array.from({ length: sizeOf(shape) }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state / 2 ** 31 - 1) * scale;
	});
	return { shape, values };
}

export function sizeOf(shape: readonly number[]): number {
	return shape.reduce((size, length) => size * length, 1);
}

/** Runs a kernel on fresh tensors, which are disposed, and returns a copy of its result. */
export function run(name: string, inputs: Record<string, Values>, attrs: Record<string, unknown>): Values {
	return tidy(() => {
		const tensors: Record<string, Tensor> = {};
		for (const [key, { shape, values }] of Object.entries(inputs)) tensors[key] = tensor(values, shape, "float32");
		const result = engine().runKernel(name, tensors as never, attrs as never) as Tensor | TensorInfo;
		return { shape: [...result.shape], values: Float32Array.from((result as Tensor).dataSync()) };
	});
}

/** The same with the kernels tfjs brings. */
export function runStock(name: string, inputs: Record<string, Values>, attrs: Record<string, unknown>): Values {
	unregisterKernels();
	try {
		return run(name, inputs, attrs);
	} finally {
		registerKernels(registered);
	}
}

/** Sums in float64, and beside each the sum of the absolute values of its terms. */
export interface Sums {
	readonly value: Float64Array;
	readonly magnitude: Float64Array;
}

export function sums(size: number): Sums {
	return { value: new Float64Array(size), magnitude: new Float64Array(size) };
}

export function addTerm({ value, magnitude }: Sums, at: number, term: number): void {
	value[at] = (value[at] ?? 0) + term;
	magnitude[at] = (magnitude[at] ?? 0) + Math.abs(term);
}

/** A convolution: NHWC, filter [kh, kw, in, out], rows and columns of zeros above and to the left. */
export interface Convolution {
	readonly batch: number;
	readonly height: number;
	readonly width: number;
	readonly inputs: number;
	readonly outputs: number;
	readonly filterHeight: number;
	readonly filterWidth: number;
	readonly stride: number;
	readonly dilation: number;
	readonly pad: "valid" | "same";
}

export interface Extent {
	readonly length: number;
	readonly before: number;
}

/** How long the output is along one axis, and how many zeros come first (SAME puts the odd one last). */
export function extent(length: number, filter: number, stride: number, dilation: number, pad: string): Extent {
	const reach = (filter - 1) * dilation + 1;
	if (pad === "valid") return { length: Math.max(0, Math.ceil((length - reach + 1) / stride)), before: 0 };
	const out = Math.ceil(length / stride);
	return { length: out, before: Math.floor(Math.max(0, (out - 1) * stride + reach - length) / 2) };
}

/** Calls back for each multiplication of a convolution with the flat indices of its three values. */
export function eachTerm(c: Convolution, visit: (x: number, filter: number, out: number) => void): Extent[] {
	const down = extent(c.height, c.filterHeight, c.stride, c.dilation, c.pad);
	const across = extent(c.width, c.filterWidth, c.stride, c.dilation, c.pad);
	for (let n = 0; n < c.batch; n++)
		for (let oy = 0; oy < down.length; oy++)
			for (let ox = 0; ox < across.length; ox++)
				for (let fy = 0; fy < c.filterHeight; fy++)
					for (let fx = 0; fx < c.filterWidth; fx++) {
						const y = oy * c.stride + fy * c.dilation - down.before;
						const x = ox * c.stride + fx * c.dilation - across.before;
						if (y < 0 || y >= c.height || x < 0 || x >= c.width) continue;
						const pixel = ((n * c.height + y) * c.width + x) * c.inputs;
						const tap = (fy * c.filterWidth + fx) * c.inputs;
						const out = ((n * down.length + oy) * across.length + ox) * c.outputs;
						for (let i = 0; i < c.inputs; i++)
							for (let o = 0; o < c.outputs; o++) visit(pixel + i, (tap + i) * c.outputs + o, out + o);
					}
	return [down, across];
}

/** The largest |got − want| / magnitude; 0 where both are zero. */
export function worstError(got: Float32Array, { value, magnitude }: Sums): number {
	let worst = 0;
	for (let at = 0; at < value.length; at++) {
		const error = Math.abs((got[at] ?? Number.NaN) - (value[at] ?? 0));
		if (error !== 0) worst = Math.max(worst, error / (magnitude[at] ?? 0));
		if (Number.isNaN(error)) return Number.NaN;
	}
	return worst;
}

/** Bit patterns, so that NaN and −0 compare as what they are. */
export function bits(values: Float32Array): Uint32Array {
	return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** The kinds of number a result holds, position by position: finite numbers as ".", others by name. */
export function kinds(values: Float32Array): string {
	return Array.from(values, (value) => (Number.isFinite(value) ? "." : `${value} `)).join("");
}
