import { type Pixels, resample } from "./resample.js";

/** How an image comes to the size that a network takes. */
export const fittings = {
	/** Each side on its own, whatever becomes of the proportions. */
	stretch: (pixels: Pixels, width: number, height: number) => resample(pixels, width, height),
	/** As large as it must be to cover, then the middle of it: torchvision's Resize and CenterCrop. */
	crop: (pixels: Pixels, width: number, height: number) =>
		placed(scaled(pixels, Math.max(width / pixels.width, height / pixels.height)), width, height),
	/** As large as it may be to fit in, black around it. */
	pad: (pixels: Pixels, width: number, height: number) =>
		placed(scaled(pixels, Math.min(width / pixels.width, height / pixels.height)), width, height),
} as const;

export type Fitting = keyof typeof fittings;

function scaled(pixels: Pixels, factor: number): Pixels {
	const side = (length: number) => Math.max(1, Math.round(length * factor));
	return resample(pixels, side(pixels.width), side(pixels.height));
}

/** The middle of an image, or an image in the middle of black. */
function placed({ width, height, channels, values }: Pixels, toWidth: number, toHeight: number): Pixels {
	const out = new Uint8Array(toWidth * toHeight * channels);
	const [left, top] = [Math.round((width - toWidth) / 2), Math.round((height - toHeight) / 2)];
	const [from, to] = [Math.max(0, left), Math.min(width, left + toWidth)];
	for (let row = Math.max(0, top); row < Math.min(height, top + toHeight); row++) {
		const line = values.subarray((row * width + from) * channels, (row * width + to) * channels);
		out.set(line, ((row - top) * toWidth + from - left) * channels);
	}
	return { width: toWidth, height: toHeight, channels, values: out };
}
