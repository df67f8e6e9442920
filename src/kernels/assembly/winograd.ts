import { roundUp } from "./tile";
import { convolve, scratchBytes } from "./winograd-convolve";
import { filterBytes, transformFilters } from "./winograd-filter";
import { Four } from "./winograd-four";
import { Six } from "./winograd-six";

/**
 * 3×3 convolution of stride 1 by Winograd's minimal filtering. F(4×4, 3×3): a tile of 4×4 outputs costs 36 multiplications a
 * channel pair instead of 144. F(6×6, 3×3): one of 6×6 costs 64 instead of 324, at about twice the
 * rounding error.
 *
 * Per tile Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A; the products are summed over input channels as 36 or 64 small matrix products,
 * TILE_ROWS tiles by 8 output channels at a time, whose results stay in the first-level cache until they are
 * transformed back, given bias, relu and max-pool, and written once.
 *
 * Rounding errors: an output differs from exact arithmetic by at most 301 · γ(inputs + 24) · Σ over input channels of
 * (largest |w| of the channel's filter) · Σ|x| over the 6×6 patch, with γ(n) = n u / (1 − n u) and u = 2⁻²⁴; of a tile of
 * 6×6 by 555 · γ(inputs + 24) of the same over the 8×8 patch. 301 and 555 are the square of the largest entry of
 * |Aᵀ| |G 1| |Bᵀ|, 24 the roundings of the three transformations. On random numbers the error is far smaller, 4e-6 of Σ|x||w|
 * at most in the tests and 1e-6 with 32 channels (stock direct convolution: 2e-7), of tiles of 6×6 6e-6 and 2e-6.
 *
 * Where a tile has a result that is not finite, because of its inputs or because an intermediate overflowed, its
 * channels are computed again by direct convolution: NaN and infinity are where that gives them.
 *
 * @see Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.3
 */

/**
 * The most input channels that tiles of 6×6 are given. What is transformed of more outgrows the second-level cache: of outputs
 * 14×14, which take as many products either way, tiles of 6×6 took 3 % longer with 64 channels, a third longer with 256.
 */
const MOST_INPUTS_OF_SIX: i32 = 128;

/**
 * Rows and columns of the tiles that a convolution had better be carried out by. 4 in the deterministic build, whose bits are
 * promised; 6 in the relaxed one, where that saves an eighth of the products, what tiles cut off at the edges waste included:
 * of outputs 24×24 it saves 21 %, of 14×14 nothing. Whether outputs are pooled or how many images there are has no part in it.
 */
export function winogradSide(inputs: i32, outHeight: i32, outWidth: i32): i32 {
	if (ASC_FEATURE_RELAXED_SIMD) {
		const products = productsOf<Four>(outHeight, outWidth);
		if (inputs <= MOST_INPUTS_OF_SIX && 8 * productsOf<Six>(outHeight, outWidth) <= 7 * products) return 6;
	}
	return 4;
}

/** Of a channel pair of one image. */
function productsOf<F>(outHeight: i32, outWidth: i32): i32 {
	const f = changetype<F>(0);
	const tiles = (roundUp(outHeight, f.side()) / f.side()) * (roundUp(outWidth, f.side()) / f.side());
	return tiles * f.reach() * f.reach();
}

/** Bytes of filters transformed for tiles of side × side. */
export function winogradFilterBytes(side: i32, inputs: i32, outputs: i32): i32 {
	if (ASC_FEATURE_RELAXED_SIMD) {
		if (side === 6) return filterBytes<Six>(inputs, outputs);
	}
	return filterBytes<Four>(inputs, outputs);
}

/** Bytes of scratch besides the filters. */
export function winogradScratch(side: i32, inputs: i32, outputs: i32): i32 {
	if (ASC_FEATURE_RELAXED_SIMD) {
		if (side === 6) return scratchBytes<Six>(inputs, outputs);
	}
	return scratchBytes<Four>(inputs, outputs);
}

/** Transforms filters for tiles of side × side; see transformFilters. */
export function prepareFilters(
	to: usize,
	filter: usize,
	side: i32,
	inputs: i32,
	outputs: i32,
	flipped: bool,
	lines: usize,
): void {
	if (ASC_FEATURE_RELAXED_SIMD) {
		if (side === 6) {
			transformFilters<Six>(to, filter, inputs, outputs, flipped, lines);
			return;
		}
	}
	transformFilters<Four>(to, filter, inputs, outputs, flipped, lines);
}

/**
 * out = pool(relu(x * filter + bias)), normalised before relu where norm says by what; not where pooling.
 *
 * @param images     [batch, height, width, inputs]
 * @param filter     [3, 3, inputs, outputs], or [3, 3, outputs, inputs] where flipped
 * @param bias       [outputs], or 0 for none
 * @param out        [batch, outHeight, outWidth, outputs], or half of that height and width, rounded down, when pooling
 * @param top, left  rows and columns of zeros around the image
 * @param outHeight  height before pooling
 * @param side       rows and columns of a tile, 4, or what winogradSide says
 * @param filters    winogradFilterBytes for the transformed filters
 * @param ready      whether they are there already
 * @param scratch    winogradScratch bytes
 * @param norm       what prepareNorm has written for the outputs, or 0 for none
 */
export function winograd(
	images: usize,
	filter: usize,
	bias: usize,
	out: usize,
	batch: i32,
	height: i32,
	width: i32,
	inputs: i32,
	outputs: i32,
	top: i32,
	left: i32,
	outHeight: i32,
	outWidth: i32,
	flipped: bool,
	relu: bool,
	pool: bool,
	side: i32,
	filters: usize,
	ready: bool,
	scratch: usize,
	norm: usize,
): void {
	if (ASC_FEATURE_RELAXED_SIMD) {
		if (side === 6) {
			convolve<Six>(
				images, filter, bias, out, batch, height, width, inputs, outputs, top, left, outHeight, outWidth, flipped,
				relu, pool, filters, ready, scratch, norm,
			);
			return;
		}
	}
	convolve<Four>(
		images, filter, bias, out, batch, height, width, inputs, outputs, top, left, outHeight, outWidth, flipped, relu,
		pool, filters, ready, scratch, norm,
	);
}
