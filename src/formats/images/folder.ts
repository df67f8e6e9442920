import { type Dirent, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import type { RawData, Split } from "../../data/raw.js";
import { FileFormatError } from "../../errors.js";
import { FOLDER_BOUND } from "../../files/limits.js";
import { describeSystemError } from "../../files/read.js";
import type { ReadData } from "../format.js";
import { decode } from "./decode.js";
import { type Fitting, fittings } from "./fit.js";

/** What sharp decodes everywhere. */
const endings = new Set([".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".avif"]);

/** Images that are not read, and are not passed over in silence. */
const unread = new Set([".bmp", ".ppm", ".pgm", ".pnm", ".heic", ".jp2", ".jxl", ".ico", ".tga", ".dcm", ".npy"]);

/** What people call the folders of the parts of data. */
const parts: Readonly<Record<Split, readonly string[]>> = {
	train: ["train", "training"],
	test: ["test", "val", "valid", "validation", "testing"],
};

/**
 * Reads a folder of images: one folder a class, classes and files in the order of their names, images in folders within them,
 * too; or folders `train` and `test` of such folders. Each image is decoded as PIL does, and fitted to the input of a network.
 *
 * @param path  how errors call the folder, too
 * @param options `input`, what the network takes: [height, width, channels]
 * @throws {FileFormatError} when the folder has no such images, or one of them can't be decoded or is of a kind that is not read
 */
export const readImageFolder: ReadData = async (path, { input, split, resize = "stretch" }): Promise<RawData> => {
	const [height, width, channels] = input.shape;
	if (height === undefined || width === undefined || (channels !== 1 && channels !== 3))
		throw new FileFormatError(path, `images don't fit an input of shape [${input.shape}]`);
	const part = partOf(path, split);
	const classes = foldersIn(part.path);
	const files = classes.flatMap((name, number) => imagesIn(join(part.path, name)).map((file) => ({ file, number })));
	if (files.length === 0) throw new FileFormatError(part.path, "expected a folder a class with images in it");
	const size = height * width * channels;
	if (files.length * size > FOLDER_BOUND)
		throw new FileFormatError(path, `${files.length} images take more than 1 GiB`);
	const values = new Uint8Array(files.length * size);
	let resized = 0;
	for (const [index, { file }] of files.entries()) {
		const pixels = await decode(file, channels);
		const fits = pixels.width === width && pixels.height === height;
		if (!fits) resized += 1;
		values.set(fits ? pixels.values : fittings[resize](pixels, width, height).values, index * size);
	}
	// As a file of the network's framework would have them: channels last is found from the shape.
	const inputs = { shape: [files.length, height, width, channels], type: "uint8" as const, values };
	const labels = Int32Array.from(files, ({ number }) => number);
	return {
		name: path,
		inputs,
		targets: { shape: [files.length], type: "int32", values: labels },
		classes,
		parts: part.parts,
		assumptions: [...part.assumptions, ...toldOfSizes(resized, files.length, resize, `${width}×${height}`)],
	};
};

function toldOfSizes(resized: number, all: number, resize: Fitting, size: string): string[] {
	if (resized === 0) return [];
	const how = { stretch: "stretched", crop: "scaled and cropped", pad: "scaled and padded" }[resize];
	return [`${resized} of ${all} images are of another size, and were ${how} to ${size} (PIL's bilinear filter)`];
}

/** The folder of one part of the data, where there are several. */
function partOf(
	path: string,
	split: Split | undefined,
): { readonly path: string; readonly parts: readonly Split[]; readonly assumptions: readonly string[] } {
	const folders = foldersIn(path);
	const found = (Object.entries(parts) as [Split, readonly string[]][]).flatMap(([part, names]) => {
		const folder = folders.find((name) => names.includes(name.toLowerCase()));
		return folder === undefined || foldersIn(join(path, folder)).length === 0 ? [] : [{ part, folder }];
	});
	const [first] = found;
	if (first === undefined) return { path, parts: [], assumptions: [] };
	const chosen = found.find(({ part }) => part === (split ?? "train")) ?? (split === undefined ? first : undefined);
	if (chosen === undefined)
		throw new FileFormatError(
			path,
			`has no folder for ${split}; there are ${found.map(({ folder }) => folder).join(", ")}`,
		);
	const others = folders.filter((name) => name !== chosen.folder);
	return {
		path: join(path, chosen.folder),
		parts: found.map(({ part }) => part),
		assumptions: [
			`images of ${join(path, chosen.folder)}${others.length === 0 ? "" : `, not of ${others.join(", ")}`}`,
		],
	};
}

function entriesOf(path: string): Dirent[] {
	try {
		const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith("."));
		return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch (error) {
		throw new FileFormatError(path, describeSystemError(error));
	}
}

function foldersIn(path: string): string[] {
	return entriesOf(path)
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
}

/** The images of a class, those in folders within it too, in the order of their paths. */
function imagesIn(path: string): string[] {
	return entriesOf(path).flatMap((entry) => {
		const file = join(path, entry.name);
		if (entry.isDirectory()) return imagesIn(file);
		const ending = extname(entry.name).toLowerCase();
		if (unread.has(ending))
			throw new FileFormatError(file, `images of ${ending} are not read; expected ${[...endings].join(", ")}`);
		return endings.has(ending) ? [file] : [];
	});
}
