import { statSync } from "node:fs";
import { FileFormatError } from "../../errors.js";
import { claimBound } from "../../files/limits.js";
import type { Pixels } from "./resample.js";

/**
 * The pixels of an image file as PIL gives them, and with it the loaders of torchvision and Keras: converted to RGB or to grey,
 * transparency dropped, no colour profile and no rotation by EXIF applied. With render/encode.ts the only importer of sharp,
 * which is loaded with the first image.
 *
 * @throws {FileFormatError} when it can't be decoded
 */
export async function decode(file: string, channels: 1 | 3): Promise<Pixels> {
	try {
		const { default: sharp } = await import("sharp");
		const image = sharp(file, { ignoreIcc: true });
		const { space, width, height, channels: own } = await image.metadata();
		const needed = width * height * own;
		const most = claimBound(statSync(file).size);
		if (needed > most)
			throw new RangeError(
				`${width}×${height} pixels take ${needed} bytes, more than the ${most} for a file of its size`,
			);
		const kept = space === "cmyk" ? image.toColourspace("cmyk") : image.removeAlpha();
		const { data, info } = await kept.raw().toBuffer({ resolveWithObject: true });
		const pixels = { width: info.width, height: info.height, channels: info.channels, values: data };
		const rgb = space === "cmyk" ? fromCmyk(pixels) : pixels;
		return channels === 1 ? toGrey(rgb) : toRgb(rgb);
	} catch (error) {
		throw new FileFormatError(file, `can't be decoded (${error instanceof Error ? error.message : error})`);
	}
}

/** Grey from the weights of ITU-R 601, in 16 bits after the point. @see Pillow, src/libImaging/Convert.c, L24 */
function toGrey({ channels, values, ...size }: Pixels): Pixels {
	if (channels < 3) return { ...size, channels: 1, values: values.filter((_, at) => at % channels === 0) };
	const grey = Uint8Array.from({ length: values.length / channels }, (_, at) => {
		const [red = 0, green = 0, blue = 0] = values.subarray(at * channels, at * channels + 3);
		return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
	});
	return { ...size, channels: 1, values: grey };
}

function toRgb(pixels: Pixels): Pixels {
	const { channels, values } = pixels;
	if (channels === 3) return pixels;
	const count = values.length / channels;
	const rgb = Uint8Array.from({ length: 3 * count }, (_, at) => {
		const pixel = Math.trunc(at / 3) * channels;
		return values[channels < 3 ? pixel : pixel + (at % 3)] ?? 0;
	});
	return { ...pixels, channels: 3, values: rgb };
}

/** Inks without a profile: each covers what black leaves. @see Pillow, src/libImaging/Convert.c, cmyk2rgb */
function fromCmyk(pixels: Pixels): Pixels {
	const { values } = pixels;
	const rgb = Uint8Array.from({ length: (3 * values.length) / 4 }, (_, at) => {
		const pixel = Math.trunc(at / 3) * 4;
		const light = 255 - (values[pixel + 3] ?? 0);
		const product = light * (values[pixel + (at % 3)] ?? 0) + 128;
		return Math.max(0, light - ((product + (product >> 8)) >> 8));
	});
	return { ...pixels, channels: 3, values: rgb };
}
