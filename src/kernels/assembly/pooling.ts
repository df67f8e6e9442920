import { Geometry } from "./image";
import { loadPartly, zero } from "./pack";
import { MAXIMUM, MEAN, columnsInside, firstPixel, placeWindow, rowsInside, slide, spread, storePartly } from "./window";

/**
 * The maximum of each window; NaN where it holds one.
 *
 * @param x   [batch, height, width, channels]
 * @param out [batch, outHeight, outWidth, channels]
 */
export function maxPool(x: usize, out: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	if (isQuartering(g)) poolQuarters(x, out, batch, g, MAXIMUM);
	else slide(MAXIMUM, x, 0, 0, out, batch, g, false);
}

/**
 * What each window of another tensor holds where x has its first greatest value: the derivative of maxPool along that tensor.
 *
 * @param tangent as x
 */
export function maxPoolTangent(x: usize, tangent: usize, out: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	const channels = g.channels;
	const pixel = channels << 2;
	const toTangent = tangent - x;
	for (let image = 0; image < batch; image++) {
		for (let down = 0; down < g.outHeight; down++) {
			for (let across = 0; across < g.outWidth; across++) {
				placeWindow(g, down, across);
				for (let channel = 0; channel < channels; channel += 4) {
					const lanes = min(4, channels - channel);
					let line = x + firstPixel + (channel << 2);
					let greatest = f32x4.splat(-Infinity);
					let result = f32x4.splat(0);
					for (let row = 0; row < rowsInside; row++) {
						let at = line;
						for (let column = 0; column < columnsInside; column++) {
							const value = loadPartly(at, lanes);
							const isGreater = f32x4.gt(value, greatest);
							greatest = v128.bitselect(value, greatest, isGreater);
							result = v128.bitselect(loadPartly(at + toTangent, lanes), result, isGreater);
							at += g.dilationAcross * pixel;
						}
						line += g.dilationDown * g.width * pixel;
					}
					storePartly(out, result, lanes);
					out += lanes << 2;
				}
			}
		}
		x += g.height * g.width * pixel;
	}
}

/** Whether windows are the usual ones, 2×2 side by side and all inside, with whole vectors of channels. */
function isQuartering(g: Geometry): bool {
	if (g.filterHeight !== 2 || g.filterWidth !== 2 || g.strideDown !== 2 || g.strideAcross !== 2) return false;
	if (g.dilationDown !== 1 || g.dilationAcross !== 1 || g.top !== 0 || g.left !== 0 || (g.channels & 3) !== 0) return false;
	return 2 * g.outHeight <= g.height && 2 * g.outWidth <= g.width;
}

/**
 * The greatest of four as f32x4.max has it, NaN where one is and 0 before -0, in fewer instructions than that takes three times. Where
 * the greatest is a zero, what all four have in common is its sign: those below it have the sign bit, too.
 */
@inline
function greatestOf(a: v128, b: v128, c: v128, d: v128): v128 {
	const isNaN = v128.or(v128.or(f32x4.ne(a, a), f32x4.ne(b, b)), v128.or(f32x4.ne(c, c), f32x4.ne(d, d)));
	const most = f32x4.pmax(f32x4.pmax(f32x4.pmax(a, b), c), d);
	const common = v128.and(v128.and(a, b), v128.and(c, d));
	return v128.or(isNaN, v128.bitselect(common, most, f32x4.eq(most, f32x4.splat(0))));
}

/** Apart from slide, for its loops over so small a window would take 30 % longer (Node 20 and 24 on Zen 5). */
@inline
function poolQuarters(x: usize, out: usize, batch: i32, g: Geometry, kind: i32): void {
	const quarter = f32x4.splat(0.25);
	const pixel = g.channels << 2;
	const line = g.width * pixel;
	for (let row = 0; row < batch * g.outHeight; row++) {
		let from = x + ((row / g.outHeight) * g.height + 2 * (row % g.outHeight)) * line;
		for (let column = 0; column < g.outWidth; column++) {
			const end = from + pixel;
			for (; from < end; from += 16) {
				const a = v128.load(from);
				const b = v128.load(from + pixel);
				const c = v128.load(from + line);
				const d = v128.load(from + line + pixel);
				const result = kind === MEAN ? f32x4.add(f32x4.add(f32x4.add(a, b), c), d) : greatestOf(a, b, c, d);
				v128.store(out, kind === MEAN ? f32x4.mul(result, quarter) : result);
				out += 16;
			}
			from += pixel;
		}
	}
}

/** The mean of each window's values inside the image. */
export function averagePool(x: usize, out: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	if (isQuartering(g)) poolQuarters(x, out, batch, g, MEAN);
	else slide(MEAN, x, 0, 0, out, batch, g, false);
}

/**
 * The gradient of averagePool: each window's dy, cut into equal parts for its values inside the image; windows may overlap.
 *
 * @param dy [batch, outHeight, outWidth, channels]
 * @param dx as what was pooled
 */
export function averagePoolGradient(dy: usize, dx: usize, batch: i32, geometry: usize): void {
	spread(MEAN, dy, 0, 0, 0, dx, batch, changetype<Geometry>(geometry));
}

/**
 * The gradient of maxPool: each window's dy goes to its first greatest value; windows may overlap.
 *
 * @param dy     [batch, outHeight, outWidth, channels]
 * @param x      what was pooled
 * @param pooled what came out
 * @param dx     as x
 */
export function maxPoolGradient(dy: usize, x: usize, pooled: usize, dx: usize, batch: i32, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	if (isQuartering(g)) {
		if (((g.height | g.width) & 1) !== 0) zero(dx, (batch * g.height * g.width * g.channels) << 2);
		maxPoolGradientQuarters(dy, x, pooled, dx, batch, g);
	} else {
		spread(MAXIMUM, dy, x, pooled, 0, dx, batch, g);
	}
}

/**
 * Apart from spread, which would take more than twice as long: here each value is written once and never read back. The
 * four stand one by one, for what is left of dy goes from one to the next in a register.
 */
function maxPoolGradientQuarters(dy: usize, x: usize, pooled: usize, dx: usize, batch: i32, g: Geometry): void {
	const pixel = g.channels << 2;
	const line = g.width * pixel;
	for (let row = 0; row < batch * g.outHeight; row++) {
		let at = ((row / g.outHeight) * g.height + 2 * (row % g.outHeight)) * line;
		for (let column = 0; column < g.outWidth; column++) {
			const end = at + pixel;
			for (; at < end; at += 16) {
				const greatest = v128.load(pooled);
				let rest = v128.load(dy);
				let here = f32x4.eq(v128.load(x + at), greatest);
				v128.store(dx + at, v128.and(rest, here));
				rest = v128.andnot(rest, here);
				here = f32x4.eq(v128.load(x + at + pixel), greatest);
				v128.store(dx + at + pixel, v128.and(rest, here));
				rest = v128.andnot(rest, here);
				here = f32x4.eq(v128.load(x + at + line), greatest);
				v128.store(dx + at + line, v128.and(rest, here));
				rest = v128.andnot(rest, here);
				here = f32x4.eq(v128.load(x + at + line + pixel), greatest);
				v128.store(dx + at + line + pixel, v128.and(rest, here));
				pooled += 16;
				dy += 16;
			}
			at += pixel;
		}
	}
}
