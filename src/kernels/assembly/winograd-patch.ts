import { copyValues } from "./image";
import { zero } from "./pack";
import { roundUp } from "./tile";
import { loadTap } from "./winograd-filter";

/** The input's side of Winograd's algorithm; winograd.ts says how the parts go together. */

/**
 * Transforms four channels of one patch of F: Bᵀ d B.
 *
 * @param from       first value; columns and rows lie columnStride and rowStride bytes apart
 * @param to         position p goes to to + p · toStride
 * @param lines      a vector of scratch for each position
 */
@inline
export function transformPatch<F>(
	to: usize,
	toStride: i32,
	from: usize,
	columnStride: i32,
	rowStride: i32,
	lines: usize,
): void {
	const f = changetype<F>(0);
	const reach = f.reach();
	// unrolled: V8 of Node 24 takes 4 to 9 % less for the whole convolution, that of Node 20 1 to 4 % more
	for (let column = 0; column < 8; column++) {
		if (column < reach) f.spread(lines + (column << 4), reach << 4, from + column * columnStride, rowStride);
	}
	// unrolled: likewise
	for (let row = 0; row < 8; row++) {
		if (row < reach) f.spread(to + row * reach * toStride, toStride, lines + row * (reach << 4), 16);
	}
}

/**
 * Copies the patch at (top, left) of an image [height, width, channels] to [reach, reach, deep]; what lies outside the
 * image, and the channels added to make `deep` a multiple of four, become zero.
 */
export function copyPatch(
	to: usize,
	reach: i32,
	image: usize,
	height: i32,
	width: i32,
	channels: i32,
	deep: i32,
	top: i32,
	left: i32,
): void {
	zero(to, (reach * reach * deep) << 2);
	const first = max(0, -left);
	const columns = min(reach, width - left) - first;
	// Pixels side by side are one run where nothing is added to their channels.
	const runs = deep === channels ? 1 : columns;
	const values = deep === channels ? columns * channels : channels;
	for (let row = max(0, -top); row < min(reach, height - top); row++) {
		let from = image + ((((top + row) * width + left + first) * channels) << 2);
		let target = to + (((row * reach + first) * deep) << 2);
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
 * The outputs [side][side] of one tile and four channels by direct convolution of its patch [side + 2, side + 2, deep].
 *
 * @param output first of the four output channels; `count` of them exist
 */
export function convolvePatch(
	to: usize,
	side: i32,
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
	for (let row = 0; row < side; row++) {
		for (let column = 0; column < side; column++) {
			let sum = f32x4.splat(0);
			for (let t = 0; t < 9; t++) {
				let pixel = patch + ((((row + t / 3) * (side + 2) + column + (t % 3)) * deep) << 2);
				for (let input = 0; input < inputs; input++) {
					const source = first + t * tap + ((flipped ? output * inputs + input : input * outputs + output) << 2);
					const weights = loadTap(source, flipped ? inputs << 2 : 0, count);
					sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(pixel), weights));
					pixel += 4;
				}
			}
			v128.store(to + ((row * side + column) << 4), sum);
		}
	}
}
