import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import sharp, { type Sharp } from "sharp";
import { FileFormatError } from "../../src/errors.js";
import { fittings } from "../../src/formats/images/fit.js";
import { readImageFolder } from "../../src/formats/images/folder.js";
import { resample } from "../../src/formats/images/resample.js";
import { mnistCnn } from "../../src/network/zoo/index.js";
import { loadDataFor } from "../../src/resolve/data.js";
import { run, temporaryDirectory } from "../fixtures.js";

/** An image of one colour, with its upper left pixel in another. */
async function writeImage(
	path: string,
	width: number,
	height: number,
	rgb: readonly number[],
	corner = rgb,
): Promise<void> {
	const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i < 3 ? corner : rgb)[i % 3] ?? 0);
	await sharp(pixels, { raw: { width, height, channels: 3 } })
		.png()
		.toFile(path);
}

async function writeFolder(directory: string): Promise<void> {
	await mkdir(join(directory, "zebra"), { recursive: true });
	await mkdir(join(directory, "ant"));
	await writeImage(join(directory, "ant", "2.png"), 4, 2, [10, 20, 30], [255, 0, 0]);
	await writeImage(join(directory, "ant", "1.png"), 4, 2, [1, 2, 3]);
	await writeImage(join(directory, "zebra", "1.png"), 8, 8, [200, 100, 50]);
	await writeFile(join(directory, "zebra", "notes.txt"), "no image");
}

test("a folder a class: classes and images in the order of their names, pixels as they are", async (t) => {
	const directory = await temporaryDirectory(t);
	await writeFolder(directory);
	const { inputs, targets, classes } = await readImageFolder(directory, { input: { name: "x", shape: [2, 4, 3] } });
	t.deepEqual(classes, ["ant", "zebra"]);
	t.deepEqual([...targets.values], [0, 0, 1]);
	t.deepEqual(inputs.shape, [3, 2, 4, 3]);
	t.deepEqual([...inputs.values.subarray(0, 3)].map(Number), [1, 2, 3]);
	t.deepEqual([...inputs.values.subarray(24, 30)].map(Number), [255, 0, 0, 10, 20, 30]);
	// One colour stays that colour, whatever size it is resized to.
	for (let i = 48; i < 72; i++) t.is(Number(inputs.values[i]), [200, 100, 50][i % 3] ?? 0);
});

test("for a network that sees one channel, images lose their colours and are fractions of 255, normalised", async (t) => {
	const directory = await temporaryDirectory(t);
	await mkdir(join(directory, "grey"));
	await writeImage(join(directory, "grey", "a.png"), 28, 28, [51, 51, 51]);
	const data = await loadDataFor(mnistCnn(), directory, { split: "train", samples: "all", mean: [0.1], std: [0.5] });
	t.deepEqual(data.sampleShape, [28, 28, 1]);
	t.true(data.inputs.every((value) => Math.abs(value - (51 / 255 - 0.1) / 0.5) < 1e-6));
});

test("a folder without images, and an image that is none, are refused by name", async (t) => {
	const directory = await temporaryDirectory(t);
	await mkdir(join(directory, "empty"));
	const input = { name: "x", shape: [2, 2, 3] };
	await t.throwsAsync(async () => readImageFolder(directory, { input }), {
		instanceOf: FileFormatError,
		message: /expected a folder a class with images in it/,
	});
	await writeFile(join(directory, "empty", "broken.png"), "not a picture");
	await t.throwsAsync(async () => readImageFolder(directory, { input }), {
		instanceOf: FileFormatError,
		message: /broken.png: can't be decoded/,
	});
	await t.throwsAsync(async () => readImageFolder(directory, { input: { name: "x", shape: [5] } }), {
		instanceOf: FileFormatError,
		message: /images don't fit an input of shape \[5\]/,
	});
});

test.serial("a sweep takes a folder of images", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeFolder(join(cwd, "images"));
	const args = [
		"--data",
		"images",
		"--samples",
		"all",
		"--x",
		"-1:1:3",
		"--y",
		"none",
		"--no-pictures",
		"--quiet",
		"--json",
	];
	const { code, stdout, stderr } = await run("sweep.js", args, cwd);
	t.is(code, 0, stderr);
	t.is(JSON.parse(stdout).samples, 3);
});

const input = { name: "x", shape: [2, 2, 3] };

/** The pixels of one picture of 2×2, given as raw values. */
async function pixelsOf(
	directory: string,
	values: readonly number[],
	channels: 1 | 2 | 3 | 4,
	shape: readonly number[] = input.shape,
	change: (image: Sharp) => Sharp = (image) => image.png(),
	ending = "png",
): Promise<number[]> {
	const folder = join(directory, `a${Math.random()}`);
	await mkdir(join(folder, "c"), { recursive: true });
	const raw = { width: 2, height: 2, channels };
	await change(sharp(Uint8Array.from(values), { raw })).toFile(join(folder, "c", `p.${ending}`));
	const { inputs } = await readImageFolder(folder, { input: { name: "x", shape } });
	return [...inputs.values];
}

test("pixels are those of PIL: transparency dropped, grey by 0.299, 0.587 and 0.114, no rotation by EXIF", async (t) => {
	const directory = await temporaryDirectory(t);
	const rgba = [10, 20, 30, 0, 40, 50, 60, 128, 70, 80, 90, 255, 100, 110, 120, 1];
	const rgb = rgba.filter((_, i) => i % 4 !== 3);
	t.deepEqual(await pixelsOf(directory, rgba, 4), rgb);
	// (10·19595 + 20·38470 + 30·7471 + 32768) >> 16, and so on.
	t.deepEqual(await pixelsOf(directory, rgb, 3, [2, 2, 1]), [18, 48, 78, 108]);
	t.deepEqual(await pixelsOf(directory, [7, 0, 9, 255, 1, 3, 200, 4], 2, [2, 2, 1]), [7, 9, 1, 200]);
	t.deepEqual(await pixelsOf(directory, [7, 9, 1, 200], 1), [7, 7, 7, 9, 9, 9, 1, 1, 1, 200, 200, 200]);
	const turned = (image: Sharp) => image.withMetadata({ orientation: 6 }).png();
	t.deepEqual(await pixelsOf(directory, rgb, 3, input.shape, turned), rgb);
});

test("inks become light as PIL has it: what black leaves, less what the ink takes of it", async (t) => {
	const directory = await temporaryDirectory(t);
	const cmyk = (image: Sharp) => image.toColourspace("cmyk").jpeg({ quality: 100, chromaSubsampling: "4:4:4" });
	const grey = await pixelsOf(directory, Array<number>(12).fill(128), 3, input.shape, cmyk, "jpg");
	// All four pixels are alike; which grey it is, the printer's profile says.
	t.is(new Set([0, 3, 6, 9].map((at) => String(grey.slice(at, at + 3)))).size, 1);
});

test("other sizes are PIL's bilinear filter, worked out by hand, and their number is told", async (t) => {
	const row = (...values: readonly number[]) => ({
		width: values.length,
		height: 1,
		channels: 1,
		values: Uint8Array.from(values),
	});
	// Two neighbours weigh the same; half up.
	t.deepEqual([...resample(row(0, 255), 1, 1).values], [128]);
	// Triangles of width 2 about 1 and 3: weights 3, 3 and 1 of 7 on pixels 0 to 2, and 1, 3 and 3 on 1 to 3.
	t.deepEqual([...resample(row(0, 0, 255, 0), 2, 1).values], [36, 109]);
	// Enlarged: a quarter of the neighbour.
	t.deepEqual([...resample(row(0, 100), 4, 1).values], [0, 25, 75, 100]);
	const square = { width: 4, height: 2, channels: 1, values: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
	t.deepEqual([...fittings.crop(square, 2, 2).values], [2, 3, 6, 7]);
	t.deepEqual(
		[...fittings.pad({ ...square, width: 2, height: 4 }, 4, 4).values],
		[0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 7, 8, 0],
	);
	const directory = await temporaryDirectory(t);
	await writeFolder(directory);
	const { assumptions } = await readImageFolder(directory, { input: { name: "x", shape: [2, 4, 3] }, resize: "pad" });
	t.deepEqual(assumptions, [
		"1 of 3 images are of another size, and were scaled and padded to 4×2 (PIL's bilinear filter)",
	]);
});

test("images of a kind that is not read are named, those in folders within a class are found", async (t) => {
	const directory = await temporaryDirectory(t);
	await mkdir(join(directory, "a", "deep"), { recursive: true });
	await writeImage(join(directory, "a", "deep", "1.png"), 2, 2, [1, 2, 3]);
	t.is((await readImageFolder(directory, { input })).inputs.shape[0], 1);
	await writeFile(join(directory, "a", "x.PPM"), "P6");
	await t.throwsAsync(async () => readImageFolder(directory, { input }), {
		message: /x.PPM: images of .ppm are not read; expected/,
	});
});

test("of folders train and test the split takes one, and an other than those there are is refused", async (t) => {
	const directory = await temporaryDirectory(t);
	for (const [part, count] of [
		["Train", 1],
		["val", 2],
	] as const)
		for (let i = 0; i < count; i++) {
			await mkdir(join(directory, part, "a"), { recursive: true });
			await writeImage(join(directory, part, "a", `${i}.png`), 2, 2, [i, 0, 0]);
		}
	const { inputs, assumptions = [] } = await readImageFolder(directory, { input });
	t.is(inputs.shape[0], 1);
	t.regex(assumptions[0] ?? "", /^images of .*Train, not of val$/);
	t.is((await readImageFolder(directory, { input, split: "test" })).inputs.shape[0], 2);
	await rm(join(directory, "val"), { recursive: true });
	await t.throwsAsync(async () => readImageFolder(directory, { input, split: "test" }), {
		message: /no folder for test; there are Train/,
	});
});

test("a picture whose pixels would take far more than its file may is refused before it is decoded", async (t) => {
	const directory = await temporaryDirectory(t);
	await mkdir(join(directory, "a"));
	await sharp({ create: { width: 7000, height: 7000, channels: 3, background: "black" } })
		.png()
		.toFile(join(directory, "a", "large.png"));
	await t.throwsAsync(async () => readImageFolder(directory, { input }), {
		instanceOf: FileFormatError,
		message: /large.png: can't be decoded \(7000×7000 pixels take 147000000 bytes, more than the 134217728/,
	});
});
