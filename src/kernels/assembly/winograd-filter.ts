import { loadPartly, loadStrided, zero } from "./pack";
import { roundUp, TILE_COLUMNS } from "./tile";

/** The filters' side of Winograd's algorithm; winograd.ts says how the parts go together. */

/** Bytes of transformed filters: [output channels / 8][positions][input channels, padded to 4][8]. */
export function filterBytes<F>(inputs: i32, outputs: i32): i32 {
	const reach = changetype<F>(0).reach();
	return roundUp(outputs, TILE_COLUMNS) * reach * reach * roundUp(inputs, 4) * 4;
}

/**
 * Transforms filters [3, 3, inputs, outputs] into panels of B, one for each position of F's patch, padded with zeros: G g Gᵀ.
 *
 * @param flipped  take the filter turned by 180° and with inputs and outputs exchanged, as the gradient with respect
 *                 to the input needs it; `inputs` and `outputs` are those of the convolution carried out
 * @param lines    3 · reach vectors of scratch
 */
export function transformFilters<F>(
	to: usize,
	filter: usize,
	inputs: i32,
	outputs: i32,
	flipped: bool,
	lines: usize,
): void {
	const padded = ((inputs & 3) | (outputs & (TILE_COLUMNS - 1))) !== 0;
	if (padded) zero(to, filterBytes<F>(inputs, outputs));
	const reach = changetype<F>(0).reach();
	const deep = roundUp(inputs, 4);
	const tap = (flipped ? -inputs * outputs : inputs * outputs) << 2;
	const first = flipped ? filter - 8 * tap : filter;
	const panel = (reach * reach * deep * TILE_COLUMNS) << 2;
	for (let output = 0; output < outputs; output += 4) {
		const count = min(4, outputs - output);
		let target = to + (output / TILE_COLUMNS) * panel + ((output % TILE_COLUMNS) << 2);
		for (let input = 0; input < inputs; input++) {
			const source = first + ((flipped ? output * inputs + input : input * outputs + output) << 2);
			transformFilter<F>(target, deep << 5, source, tap, flipped ? inputs << 2 : 0, count, lines);
			target += TILE_COLUMNS << 2;
		}
	}
}

/** Four output channels of one tap: adjacent (stride 0), or `stride` bytes apart. */
@inline
export function loadTap(from: usize, stride: i32, count: i32): v128 {
	return stride === 0 ? loadPartly(from, count) : loadStrided(from, stride, count);
}

function transformFilter<F>(
	to: usize,
	toStride: i32,
	from: usize,
	tap: i32,
	stride: i32,
	count: i32,
	lines: usize,
): void {
	const f = changetype<F>(0);
	for (let column = 0; column < 3; column++) {
		const at = from + column * tap;
		const g0 = loadTap(at, stride, count);
		const g1 = loadTap(at + 3 * tap, stride, count);
		const g2 = loadTap(at + 6 * tap, stride, count);
		f.spreadFilter(lines + (column << 4), 48, g0, g1, g2);
	}
	for (let row = 0; row < f.reach(); row++) {
		const line = lines + row * 48;
		f.spreadFilter(to, toStride, v128.load(line), v128.load(line, 16), v128.load(line, 32));
		to += f.reach() * toStride;
	}
}

