import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import sharp from "sharp";
import { FileFormatError } from "../../src/errors.js";
import { readImageFolder } from "../../src/formats/image-folder.js";
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
	const args = ["--data", "images", "--samples", "all", "--x", "-1:1:3", "--y", "none", "--quiet", "--json"];
	const { code, stdout, stderr } = await run("sweep.js", args, cwd);
	t.is(code, 0, stderr);
	t.is(JSON.parse(stdout).samples, 3);
});
