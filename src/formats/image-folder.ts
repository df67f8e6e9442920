import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import type { RawData } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { describeSystemError } from "../files/read.js";
import type { ReadData } from "./format.js";

/** What sharp decodes everywhere. */
const endings = new Set([".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".avif"]);

/** Images in memory, uncompressed; a folder with more is better made into a .npz file once. */
const MAX_BYTES = 2 ** 30;

/**
 * Reads a folder of images: one folder a class, classes and files in the order of their names. Each image is decoded and
 * resized (its sides stretched to fit) to the input of a network; a colour image loses its colours where the
 * network sees one channel. With render/encode.ts the only importer of sharp, which is loaded with the first image.
 *
 * @param path  how errors call the folder, too
 * @param options `input`, what the network takes: [height, width, channels]
 * @throws {FileFormatError} when the folder has no such images, or one of them can't be decoded
 */
export const readImageFolder: ReadData = async (path, { input }): Promise<RawData> => {
	const [height, width, channels] = input.shape;
	if (height === undefined || width === undefined || (channels !== 1 && channels !== 3))
		throw new FileFormatError(path, `images don't fit an input of shape [${input.shape}]`);
	const classes = namesIn(path, (entry) => entry.isDirectory());
	const files = classes.flatMap((name, number) =>
		namesIn(join(path, name), (entry) => endings.has(extname(entry.name).toLowerCase())).map((file) => ({
			file: join(path, name, file),
			number,
		})),
	);
	if (files.length === 0) throw new FileFormatError(path, "expected a folder a class with images in it");
	const size = height * width * channels;
	if (files.length * size > MAX_BYTES) throw new FileFormatError(path, `${files.length} images take more than 1 GiB`);
	const values = new Uint8Array(files.length * size);
	for (const [index, { file }] of files.entries())
		values.set(await decode(file, height, width, channels), index * size);
	// As a file of the network's framework would have them: channels last is found from the shape.
	const inputs = { shape: [files.length, height, width, channels], type: "uint8" as const, values };
	const labels = Int32Array.from(files, ({ number }) => number);
	return { name: path, inputs, targets: { shape: [files.length], type: "int32", values: labels }, classes };
};

function namesIn(path: string, keep: (entry: { name: string; isDirectory(): boolean }) => boolean): string[] {
	try {
		const entries = readdirSync(path, { withFileTypes: true });
		return entries
			.filter((entry) => !entry.name.startsWith(".") && keep(entry))
			.map(({ name }) => name)
			.sort();
	} catch (error) {
		throw new FileFormatError(path, describeSystemError(error));
	}
}

async function decode(file: string, height: number, width: number, channels: 1 | 3): Promise<Uint8Array> {
	try {
		const { default: sharp } = await import("sharp");
		const image = sharp(file).rotate().flatten().resize(width, height, { fit: "fill" });
		return await image
			.toColourspace(channels === 1 ? "b-w" : "srgb")
			.raw()
			.toBuffer();
	} catch (error) {
		throw new FileFormatError(file, `can't be decoded (${error instanceof Error ? error.message : error})`);
	}
}
