import { loadPartly } from "./pack";
import { roundUp, TILE_COLUMNS } from "./tile";
import { POSITIONS } from "./winograd-tile";

/** The filters' side of Winograd's algorithm; winograd.ts says how the parts go together. */

/**
 * Transforms filters [3, 3, inputs, outputs] into panels of B, one for each of the 36 positions: G g Gᵀ.
 *
 * @param flipped  take the filter turned by 180° and with inputs and outputs exchanged, as the gradient with respect
 *                 to the input needs it; `inputs` and `outputs` are those of the convolution carried out
 * @param lines    18 vectors of scratch
 */
export function transformFilters(to: usize, filter: usize, inputs: i32, outputs: i32, flipped: bool, lines: usize): void {
	const deep = roundUp(inputs, 4);
	const tap = (flipped ? -inputs * outputs : inputs * outputs) << 2;
	const first = flipped ? filter - 8 * tap : filter;
	const panel = (POSITIONS * deep * TILE_COLUMNS) << 2;
	for (let output = 0; output < outputs; output += 4) {
		const count = min(4, outputs - output);
		let target = to + (output / TILE_COLUMNS) * panel + ((output % TILE_COLUMNS) << 2);
		for (let input = 0; input < inputs; input++) {
			const source = first + ((flipped ? output * inputs + input : input * outputs + output) << 2);
			transformFilter(target, deep << 5, source, tap, flipped ? inputs << 2 : 0, count, lines);
			target += TILE_COLUMNS << 2;
		}
	}
}

/** Four output channels of one tap: adjacent (stride 0), or `stride` bytes apart. */
@inline
export function loadTap(from: usize, stride: i32, count: i32): v128 {
	if (stride === 0) return loadPartly(from, count);
	let value = v128.load32_zero(from);
	if (count > 1) value = v128.load32_lane(from + stride, value, 1);
	if (count > 2) value = v128.load32_lane(from + 2 * stride, value, 2);
	if (count > 3) value = v128.load32_lane(from + 3 * stride, value, 3);
	return value;
}

/** G times a column of three: [g₀/4, −(g₀+g₁+g₂)/6, −(g₀−g₁+g₂)/6, g₀/24+g₁/12+g₂/6, g₀/24−g₁/12+g₂/6, g₂]. */
@inline
function spreadThree(to: usize, stride: i32, g0: v128, g1: v128, g2: v128): void {
	const outer = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(-1.0 / 6.0));
	const middle = f32x4.mul(g1, f32x4.splat(1.0 / 6.0));
	const far = f32x4.add(f32x4.mul(g0, f32x4.splat(1.0 / 24.0)), f32x4.mul(g2, f32x4.splat(1.0 / 6.0)));
	const half = f32x4.mul(g1, f32x4.splat(1.0 / 12.0));
	v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
	v128.store(to + stride, f32x4.sub(outer, middle));
	v128.store(to + 2 * stride, f32x4.add(outer, middle));
	v128.store(to + 3 * stride, f32x4.add(far, half));
	v128.store(to + 4 * stride, f32x4.sub(far, half));
	v128.store(to + 5 * stride, g2);
}

function transformFilter(to: usize, toStride: i32, from: usize, tap: i32, stride: i32, count: i32, lines: usize): void {
	for (let column = 0; column < 3; column++) {
		const at = from + column * tap;
		const g0 = loadTap(at, stride, count);
		const g1 = loadTap(at + 3 * tap, stride, count);
		const g2 = loadTap(at + 6 * tap, stride, count);
		spreadThree(lines + (column << 4), 48, g0, g1, g2);
	}
	for (let row = 0; row < 6; row++) {
		const line = lines + row * 48;
		spreadThree(to, toStride, v128.load(line), v128.load(line, 16), v128.load(line, 32));
		to += 6 * toStride;
	}
}

