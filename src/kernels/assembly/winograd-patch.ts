import { constant } from "./constants";
import { copyValues } from "./image";
import { zero } from "./pack";
import { multiplyAdd, roundUp } from "./tile";
import { loadTap } from "./winograd-filter";
import { POSITIONS } from "./winograd-tile";

/** The input's side of Winograd's algorithm; winograd.ts says how the parts go together. */

/**
 * Bᵀ times a column of six, fromStride bytes apart, in ten additions and multiplications:
 * [4d₀−5d₂+d₄, −4d₁−4d₂+d₃+d₄, 4d₁−4d₂−d₃+d₄, −2d₁−d₂+2d₃+d₄, 2d₁−d₂−2d₃+d₄, 4d₁−5d₃+d₅].
 */
@inline
function spreadSix(to: usize, stride: i32, from: usize, fromStride: i32): void {
	const d0 = v128.load(from);
	const d1 = v128.load(from + fromStride);
	const d2 = v128.load(from + 2 * fromStride);
	const d3 = v128.load(from + 3 * fromStride);
	const d4 = v128.load(from + 4 * fromStride);
	const d5 = v128.load(from + 5 * fromStride);
	const four = constant(4);
	const minusFour = constant(-4);
	const minusFive = constant(-5);
	const even = multiplyAdd(minusFour, d2, d4);
	const odd = multiplyAdd(minusFour, d1, d3);
	const evenNear = f32x4.sub(d4, d2);
	const difference = f32x4.sub(d3, d1);
	const oddNear = f32x4.add(difference, difference);
	v128.store(to, f32x4.add(multiplyAdd(minusFive, d2, f32x4.mul(four, d0)), d4));
	v128.store(to + stride, f32x4.add(even, odd));
	v128.store(to + 2 * stride, f32x4.sub(even, odd));
	v128.store(to + 3 * stride, f32x4.add(evenNear, oddNear));
	v128.store(to + 4 * stride, f32x4.sub(evenNear, oddNear));
	v128.store(to + 5 * stride, f32x4.add(multiplyAdd(minusFive, d3, f32x4.mul(four, d1)), d5));
}

/**
 * Transforms four channels of one 6×6 patch: Bᵀ d B.
 *
 * @param from       first value; columns and rows lie columnStride and rowStride bytes apart
 * @param to         position p goes to to + p · toStride
 * @param lines      36 vectors of scratch
 */
@inline
export function transformPatch(
	to: usize,
	toStride: i32,
	from: usize,
	columnStride: i32,
	rowStride: i32,
	lines: usize,
): void {
	// unrolled: V8 of Node 24 takes 4 to 9 % less for the whole convolution, that of Node 20 1 to 4 % more
	for (let column = 0; column < 6; column++) {
		spreadSix(lines + (column << 4), 96, from + column * columnStride, rowStride);
	}
	// unrolled: likewise
	for (let row = 0; row < 6; row++) {
		spreadSix(to, toStride, lines + row * 96, 16);
		to += 6 * toStride;
	}
}

/**
 * Copies the 6×6 patch at (top, left) of an image [height, width, channels] to [6, 6, deep]; what lies outside the
 * image, and the channels added to make `deep` a multiple of four, become zero.
 */
export function copyPatch(
	to: usize,
	image: usize,
	height: i32,
	width: i32,
	channels: i32,
	deep: i32,
	top: i32,
	left: i32,
): void {
	zero(to, (POSITIONS * deep) << 2);
	const first = max(0, -left);
	const columns = min(6, width - left) - first;
	// Pixels side by side are one run where nothing is added to their channels.
	const runs = deep === channels ? 1 : columns;
	const values = deep === channels ? columns * channels : channels;
	for (let row = max(0, -top); row < min(6, height - top); row++) {
		let from = image + ((((top + row) * width + left + first) * channels) << 2);
		let target = to + (((row * 6 + first) * deep) << 2);
		for (let run = 0; run < runs; run++) {
			copyValues(target, from, values);
			from += values << 2;
			target += deep << 2;
		}
	}
}

/**
 * Reads one value of each cache line of some bytes, in order, so that what is read or written there soon, a tile at a time and
 * from lines far apart, is found in the second-level cache: processors wait for many such readings at once, but hardly for more
 * than one writing. On batches that do not fit there images read ahead take 7 % less time, outputs another 9 % with 32 and 64
 * channels and nothing with 128 or more.
 *
 * @param to where a value goes that depends on all those read, so that no compiler may leave them out
 */
export function readAhead(to: usize, from: usize, bytes: i32): void {
	const end = from + bytes;
	let all: i32 = 0;
	for (; from < end; from += 64) all |= load<i32>(from);
	store<i32>(to, all);
}

/**
 * The 4×4 outputs of one tile and four channels by direct convolution of its 6×6 patch [6, 6, deep].
 *
 * @param output first of the four output channels; `count` of them exist
 */
export function convolvePatch(
	to: usize,
	patch: usize,
	filter: usize,
	inputs: i32,
	outputs: i32,
	flipped: bool,
	output: i32,
	count: i32,
): void {
	const deep = roundUp(inputs, 4);
	const tap = (flipped ? -inputs * outputs : inputs * outputs) << 2;
	const first = flipped ? filter - 8 * tap : filter;
	for (let row = 0; row < 4; row++) {
		for (let column = 0; column < 4; column++) {
			let sum = f32x4.splat(0);
			for (let t = 0; t < 9; t++) {
				let pixel = patch + ((((row + t / 3) * 6 + column + (t % 3)) * deep) << 2);
				for (let input = 0; input < inputs; input++) {
					const source = first + t * tap + ((flipped ? output * inputs + input : input * outputs + output) << 2);
					const weights = loadTap(source, flipped ? inputs << 2 : 0, count);
					sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(pixel), weights));
					pixel += 4;
				}
			}
			v128.store(to + ((row * 4 + column) << 4), sum);
		}
	}
}
