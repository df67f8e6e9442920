import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type CompiledModule, engine, type SharedMemory } from "./engine.js";
import type { Functions } from "./instructions.js";

/** `fast` gives the same bits on every machine; `relaxed` uses fused multiply-add, which some machines round differently. */
export type KernelPrecision = "fast" | "relaxed";

/**
 * What the WebAssembly module exports, those of instructions included: addresses are byte offsets into the backend's memory, the rest
 * plain numbers.
 */
export interface KernelExports extends Functions {
	/** Of the table of constants; CONSTANTS_BYTES at most. */
	constantsBytes(): number;
	gemmScratch(): number;
	packedBytes(depth: number, columns: number): number;
	/** Rows and columns of the tiles that Winograd's algorithm had better take, 4 or 6; it takes no others. */
	winogradSide(inputs: number, outHeight: number, outWidth: number): number;
	winogradFilters(side: number, inputs: number, outputs: number): number;
	winogradScratch(side: number, inputs: number, outputs: number): number;
	packMatrix(
		from: number,
		to: number,
		depth: number,
		columns: number,
		first: number,
		rows: number,
		block: number,
	): void;
	prepareFilters(
		to: number,
		filter: number,
		side: number,
		inputs: number,
		outputs: number,
		flipped: boolean,
		lines: number,
	): void;
	formPoint(out: number, a: number, b: number, c: number, w0: number, w1: number, w2: number, count: number): void;
	fillNormals(
		out: number,
		first: number,
		count: number,
		part: number,
		purpose: number,
		seedLow: number,
		seedHigh: number,
	): void;
	addGram(rows: number, origin: number, count: number, size: number, scratch: number, gram: number): void;
	combineRows(rows: number, origin: number, count: number, size: number, weights: number, out: number): void;
	addAlong(rows: number, origin: number, count: number, size: number, directions: number, out: number): void;
	addRest(
		rows: number,
		origin: number,
		count: number,
		size: number,
		directions: number,
		places: number,
		out: number,
	): void;
	/** Carries out a program that `encode` of instructions.ts has written. */
	run(from: number, to: number): void;
	/** Of a geometry where it lies. */
	directScratch(geometry: number, outputs: number): number;
	winogradGradientScratch(inputs: number, outputs: number): number;
	winogradFilterGradient(
		x: number,
		dy: number,
		out: number,
		batch: number,
		height: number,
		width: number,
		inputs: number,
		outputs: number,
		top: number,
		left: number,
		outHeight: number,
		outWidth: number,
		scratch: number,
	): number;
	addColumns(image: number, columns: number, geometry: number): void;
	transpose(to: number, from: number, rows: number, columns: number): void;
	batchStatistics(x: number, mean: number, variance: number, rows: number, channels: number): void;
	batchNormGradient(
		dy: number,
		x: number,
		mean: number,
		variance: number,
		scale: number,
		epsilon: number,
		dx: number,
		dScale: number,
		dShift: number,
		rows: number,
		channels: number,
		slope: number,
	): void;
	erf(x: number, out: number, count: number): void;
	slice(
		from: number,
		out: number,
		n0: number,
		n1: number,
		n2: number,
		run: number,
		s0: number,
		s1: number,
		s2: number,
	): void;
	sumRows(x: number, out: number, rows: number, columns: number): void;
	normBytes(channels: number): number;
	prepareNorm(
		to: number,
		mean: number,
		variance: number,
		shift: number,
		scale: number,
		epsilon: number,
		most: number,
		channels: number,
	): void;
	logSumExp(x: number, out: number, rows: number, columns: number): void;
	maxPoolTangent(x: number, tangent: number, out: number, batch: number, geometry: number): void;
	depthwiseInputGradient(dy: number, filter: number, dx: number, batch: number, geometry: number): void;
	depthwiseFilterGradient(x: number, dy: number, dfilter: number, batch: number, geometry: number): void;
	averagePoolGradient(dy: number, dx: number, batch: number, geometry: number): void;
	maxPoolGradient(dy: number, x: number, pooled: number, dx: number, batch: number, geometry: number): void;
}

/**
 * Compiles the kernels once; the module can be handed to worker threads as it is.
 *
 * @throws {WebAssembly.CompileError} for `relaxed` where the engine has no relaxed SIMD; ask `hasRelaxedSimd` first
 */
export async function compileKernels(precision: KernelPrecision): Promise<CompiledModule> {
	return engine.compile(await readFile(moduleUrl(precision)));
}

/** As compileKernels, at once. */
export function compileKernelsSync(precision: KernelPrecision): CompiledModule {
	return new engine.Module(readFileSync(moduleUrl(precision)));
}

/** Room for the table of constants that the kernels fill as they start; assembly/constants.ts says what it is for. */
export const CONSTANTS_BYTES = 2048;

/**
 * Kernels bound to a memory.
 *
 * @param constants address of CONSTANTS_BYTES in it that nothing else writes to
 */
export function instantiate(module: CompiledModule, memory: SharedMemory, constants: number): KernelExports {
	return new engine.Instance(module, { env: { memory, constants } }).exports as unknown as KernelExports;
}

/** Where the kernels of a precision lie. */
export function moduleUrl(precision: KernelPrecision): URL {
	return new URL(`./${precision}.wasm`, import.meta.url);
}

/** Whether the engine has relaxed SIMD: Node 22 and newer; Node 20 with --experimental-wasm-relaxed-simd. */
export function hasRelaxedSimd(): boolean {
	return engine.validate(RELAXED_PROBE);
}

/** A module with one function, () -> v128: three zeros into f32x4.relaxed_madd (0xfd 0x85 0x02). */
const RELAXED_PROBE = Uint8Array.of(
	...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
	...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
	...[0x03, 0x02, 0x01, 0x00],
	...[0x0a, 0x13, 0x01, 0x11, 0x00],
	...[0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11],
	...[0xfd, 0x85, 0x02, 0x0b],
);
