/** 8-bit pixels in rows, [height, width, channels]. */
export interface Pixels {
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly values: Uint8Array;
}

/** Bits after the point of the weights: products with 8-bit pixels then fit 32 bits. */
const BITS = 22;

/** What each pixel of an axis is made of: where its neighbours begin, and what each weighs. */
interface Taps {
	readonly first: number;
	readonly weights: Int32Array;
}

/**
 * Pixels of another size by PIL's bilinear filter, to the bit: a triangle as wide as the step where the image becomes smaller, so
 * that nothing is left out; weights and the pixels between the two passes are whole numbers.
 *
 * @see Pillow, src/libImaging/Resample.c: the resampling of 8-bit images
 */
export function resample(pixels: Pixels, width: number, height: number): Pixels {
	const across = pixels.width === width ? pixels : alongRows(pixels, width);
	return across.height === height ? across : alongColumns(across, height);
}

function tapsOf(from: number, to: number): Taps[] {
	const scale = from / to;
	const stretch = Math.max(1, scale);
	return Array.from({ length: to }, (_, at) => {
		const center = (at + 0.5) * scale;
		const first = Math.max(0, Math.trunc(center - stretch + 0.5));
		const end = Math.min(from, Math.trunc(center + stretch + 0.5));
		const triangle = Array.from({ length: end - first }, (_, i) =>
			Math.max(0, 1 - Math.abs((i + first - center + 0.5) / stretch)),
		);
		const sum = triangle.reduce((total, weight) => total + weight, 0);
		return { first, weights: Int32Array.from(triangle, (weight) => Math.trunc(0.5 + (weight / sum) * 2 ** BITS)) };
	});
}

const HALF = 1 << (BITS - 1);

function clip(sum: number): number {
	return Math.min(255, Math.max(0, sum >> BITS));
}

function alongRows({ width, height, channels, values }: Pixels, to: number): Pixels {
	const out = new Uint8Array(height * to * channels);
	for (const [column, { first, weights }] of tapsOf(width, to).entries())
		for (let row = 0; row < height; row++)
			for (let channel = 0; channel < channels; channel++) {
				let sum = HALF;
				const start = (row * width + first) * channels + channel;
				for (let i = 0; i < weights.length; i++) sum += (values[start + i * channels] ?? 0) * (weights[i] ?? 0);
				out[(row * to + column) * channels + channel] = clip(sum);
			}
	return { width: to, height, channels, values: out };
}

function alongColumns({ width, height, channels, values }: Pixels, to: number): Pixels {
	const line = width * channels;
	const out = new Uint8Array(to * line);
	for (const [row, { first, weights }] of tapsOf(height, to).entries())
		for (let at = 0; at < line; at++) {
			let sum = HALF;
			for (let i = 0; i < weights.length; i++) sum += (values[(first + i) * line + at] ?? 0) * (weights[i] ?? 0);
			out[row * line + at] = clip(sum);
		}
	return { width, height: to, channels, values: out };
}
