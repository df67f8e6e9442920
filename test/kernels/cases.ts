/** The shapes, attributes and inputs that the tests of several kernels share. */
import type { ExecutionContext } from "ava";
import fc from "fast-check";
import { type Convolution, random, type Values } from "./reference.js";

type Range = readonly [least: number, most: number];

const between = ([min, max]: Range) => fc.integer({ min, max });
const pads = fc.constantFrom("valid" as const, "same" as const);

/** Checks so many random cases; whatever assertion of `check` fails, the smallest case for which it does is reported. */
export function forCases<Case>(
	t: ExecutionContext,
	cases: fc.Arbitrary<Case>,
	numRuns: number,
	check: (one: Case) => void,
	examples: Case[] = [],
): void {
	fc.assert(fc.property(cases, check), { numRuns, examples: examples.map((example) => [example]) });
	t.pass();
}

interface Sizes {
	readonly batch: Range;
	readonly side: Range;
	readonly inputs: Range;
	readonly outputs: Range;
	readonly filter: Range;
	readonly stride?: Range;
	readonly dilation?: Range;
}

function convolutionsOf(sizes: Sizes): fc.Arbitrary<Convolution> {
	return fc.record({
		batch: between(sizes.batch),
		height: between(sizes.side),
		width: between(sizes.side),
		inputs: between(sizes.inputs),
		outputs: between(sizes.outputs),
		filterHeight: between(sizes.filter),
		filterWidth: between(sizes.filter),
		stride: between(sizes.stride ?? [1, 1]),
		dilation: between(sizes.dilation ?? [1, 1]),
		pad: pads,
	});
}

export const convolutions = {
	any: convolutionsOf({
		batch: [1, 3],
		side: [1, 14],
		inputs: [1, 13],
		outputs: [1, 18],
		filter: [1, 5],
		stride: [1, 3],
		dilation: [1, 2],
	}),
	/** 3×3 of so many channels that they go by Winograd's algorithm. */
	winograd: convolutionsOf({ batch: [1, 3], side: [3, 15], inputs: [8, 21], outputs: [8, 21], filter: [3, 3] }),
	/** Such that the relaxed kernels take tiles of 6×6, cut off at the edges or not. */
	winogradOfSix: fc
		.record({
			batch: between([1, 3]),
			outHeight: fc.constantFrom(5, 6, 9, 10, 11, 12, 17, 18),
			outWidth: fc.constantFrom(5, 6, 9, 10, 11, 12, 17, 18),
			inputs: between([8, 21]),
			outputs: between([8, 21]),
			pad: pads,
		})
		.map(({ outHeight, outWidth, ...rest }): Convolution => {
			const border = rest.pad === "valid" ? 2 : 0;
			const sizes = { height: outHeight + border, width: outWidth + border };
			return { ...rest, ...sizes, filterHeight: 3, filterWidth: 3, stride: 1, dilation: 1 };
		}),
	/** Those whose gradients are looked at, which take a loop in float64 each. */
	withGradients: convolutionsOf({
		batch: [1, 3],
		side: [3, 12],
		inputs: [1, 12],
		outputs: [1, 12],
		filter: [1, 3],
		stride: [1, 2],
	}),
	winogradWithGradients: convolutionsOf({
		batch: [1, 2],
		side: [5, 13],
		inputs: [8, 17],
		outputs: [8, 17],
		filter: [3, 3],
	}),
};

/** One that goes by Winograd's algorithm, with tiles cut off at both edges and channels that are no whole panel. */
export const CONVOLUTION: Convolution = {
	batch: 2,
	height: 13,
	width: 11,
	inputs: 12,
	outputs: 20,
	filterHeight: 3,
	filterWidth: 3,
	stride: 1,
	dilation: 1,
	pad: "valid",
};

export function inputsOf(c: Convolution, seed = 1): { x: Values; filter: Values; bias: Values } {
	return {
		x: random([c.batch, c.height, c.width, c.inputs], seed),
		filter: random([c.filterHeight, c.filterWidth, c.inputs, c.outputs], seed + 1),
		bias: random([c.outputs], seed + 2),
	};
}

export const attrsOf = (
	{ stride, dilation, pad }: Pick<Convolution, "stride" | "dilation" | "pad">,
	activation = "linear",
) => ({ strides: stride, dilations: dilation, pad, dataFormat: "NHWC", activation });

/** The usual pooling. */
export const POOL = { filterSize: 2, strides: 2, pad: "valid" } as const;

export const windows = fc.record({
	batch: between([1, 2]),
	height: between([3, 10]),
	width: between([3, 10]),
	channels: fc.oneof(between([1, 9]), between([16, 37])),
	filterSize: between([1, 3]),
	strides: between([1, 3]),
	pad: pads,
});
export type Window = typeof windows extends fc.Arbitrary<infer Type> ? Type : never;

/** The usual pooling, which has a way of its own; the last row is left over. */
export const QUARTERING: Window = { ...POOL, batch: 2, height: 9, width: 8, channels: 20 };

/** Matrix products neither of whose operands is transposed. */
export const PLAIN = { transposeA: false, transposeB: false };

export const products = fc.record({
	batch: between([1, 3]),
	rows: between([1, 60]),
	columns: between([1, 40]),
	depth: between([1, 70]),
	transposeA: fc.boolean(),
	transposeB: fc.boolean(),
	seed: fc.nat(1000),
});

/** a [batch, rows, depth] and b [batch, depth, columns], or as they are stored where transposed. */
export function operands(
	{ batch, rows, depth, columns }: { batch: number; rows: number; depth: number; columns: number },
	{ transposeA, transposeB }: typeof PLAIN,
	seeds: readonly [a: number, b: number],
): { a: Values; b: Values } {
	return {
		a: random([batch, ...(transposeA ? [depth, rows] : [rows, depth])], seeds[0]),
		b: random([batch, ...(transposeB ? [columns, depth] : [depth, columns])], seeds[1]),
	};
}

/** Values that are summed or normalised by columns. */
export const layers = fc.record({ rows: between([1, 300]), channels: between([1, 21]) });

export const normalisations = fc.record({
	batch: between([1, 3]),
	side: between([1, 5]),
	channels: between([1, 21]),
	hasOffset: fc.boolean(),
	hasScale: fc.boolean(),
});

export const columnSums = fc.record({
	first: between([1, 20]),
	second: between([1, 20]),
	columns: between([1, 40]),
	keepDims: fc.boolean(),
});
