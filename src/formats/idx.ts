import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { chooseSamples, type Dataset, type SampleCount } from "../data/dataset.js";
import type { Split } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { type ByteSource, blockedSource, plainSource } from "../files/blocked-gzip.js";
import { unpackBound } from "../files/limits.js";
import { readInput } from "../files/read.js";

/** Unsigned bytes with a shape: all that MNIST and its kin use of the format. */
export interface IdxArray {
	readonly shape: readonly number[];
	readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads an IDX file: two zero bytes, the type, the number of axes, each axis as a big-endian uint32, then the values.
 *
 * @param axes how many axes the file must have: 3 for images, 1 for labels
 * @param path how errors call the file
 * @throws {FileFormatError} when it is another kind of file, or does not have exactly the bytes its header promises
 * @see http://yann.lecun.com/exdb/mnist, "the IDX file format"
 */
export function parseIdx(bytes: Uint8Array, axes: number, path: string): IdxArray {
	const { shape, headerBytes } = parseHeader(plainSource(bytes), axes, path);
	return { shape, values: bytes.subarray(headerBytes) };
}

function parseHeader(source: ByteSource, axes: number, path: string): { shape: number[]; headerBytes: number } {
	const magic = (UNSIGNED_BYTE << 8) | axes;
	const headerBytes = 4 + 4 * axes;
	const bytes = source.read(0, Math.min(headerBytes, source.length));
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const found = bytes.length < 4 ? undefined : view.getUint32(0);
	if (found !== magic)
		throw new FileFormatError(
			path,
			`expected an IDX file with magic number ${magic} (unsigned bytes, ${axes} axes), got ${found ?? `${bytes.length} bytes`}`,
		);
	if (bytes.length < headerBytes)
		throw new FileFormatError(path, `truncated: the header takes ${headerBytes} bytes, the file has ${bytes.length}`);
	const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
	const expected = headerBytes + shape.reduce((product, length) => product * length, 1);
	if (source.length !== expected)
		throw new FileFormatError(
			path,
			`${source.length < expected ? "truncated" : "too long"}: [${shape}] takes ${expected} bytes, the file has ${source.length}`,
		);
	return { shape, headerBytes };
}

/** Mean and deviation of the pixels of the training images, on a scale of 0 to 1, to four digits. */
export interface Moments {
	readonly mean: number;
	readonly deviation: number;
}

/** Images and their labels as a directory of IDX files holds them. */
export interface IdxImages extends Moments {
	readonly images: ImageSource;
	readonly labels: Uint8Array;
}

/** Images of unsigned bytes, read where they are asked for. */
export interface ImageSource {
	/** [samples, height, width] */
	readonly shape: readonly number[];
	/**
	 * The pixels of one image.
	 *
	 * @throws {FileFormatError} where the file is damaged there
	 */
	image(sample: number): Uint8Array;
}

const fileNames: Readonly<Record<Split, { images: string; labels: string }>> = {
	train: { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" },
	test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
};

/**
 * Reads one split of a directory with the four files of MNIST, Fashion-MNIST and their kin, plain or as .gz or .br.
 *
 * @param known mean and deviation, where they need not be worked out of the training images
 * @throws {FileFormatError} when a file is missing or not what it should be, or when images and labels disagree in count
 */
export async function readIdxDirectory(directory: string, split: Split, known?: Moments): Promise<IdxImages> {
	const { images, labels } = readSplit(directory, split);
	if (known !== undefined) return { images, labels: labels.values, ...known };
	const train = split === "train" || !hasSplit(directory, "train") ? images : readSplit(directory, "train").images;
	return { images, labels: labels.values, ...moments(train) };
}

function readSplit(directory: string, split: Split): { images: ImageSource; labels: IdxArray } {
	const names = fileNames[split];
	const images = readImages(directory, names.images);
	const labels = readLabels(directory, names.labels);
	if (images.shape[0] !== labels.shape[0])
		throw new FileFormatError(
			directory,
			`${names.images} has ${images.shape[0]} images, but ${names.labels} has ${labels.shape[0]} labels; expected as many of each`,
		);
	return { images, labels };
}

function hasSplit(directory: string, split: Split): boolean {
	return pathOf(directory, fileNames[split].images) !== undefined;
}

function pathOf(directory: string, name: string): string | undefined {
	// Some collections write the dot: train-images.idx3-ubyte.
	const dotted = name.replace("-idx", ".idx");
	const packed = ["", ...Object.keys(unpackers)];
	return [name, dotted].flatMap((file) => packed.map((ending) => join(directory, file + ending))).find(existsSync);
}

function readLabels(directory: string, name: string): IdxArray {
	const { bytes, path } = readIdxFile(directory, name);
	return parseIdx(unpacked(bytes, path), 1, path);
}

/** Of a blocked file only the blocks are unpacked that hold images which are asked for. */
function readImages(directory: string, name: string): ImageSource {
	const { bytes, path } = readIdxFile(directory, name);
	const source = (extname(path) === ".gz" ? blockedSource(bytes) : undefined) ?? plainSource(unpacked(bytes, path));
	const { shape, headerBytes } = whole(path, "gzip", () => parseHeader(source, 3, path));
	const [, height = 0, width = 0] = shape;
	const pixels = height * width;
	return {
		shape,
		image: (sample) => whole(path, "gzip", () => source.read(headerBytes + sample * pixels, pixels)),
	};
}

function readIdxFile(directory: string, name: string): { bytes: Uint8Array; path: string } {
	const path = pathOf(directory, name);
	if (path === undefined)
		throw new FileFormatError(directory, `no file ${name} or ${name}.gz here; expected a directory of IDX files`);
	return { bytes: readInput(path), path };
}

const unpackers = {
	".gz": { format: "gzip", unpack: gunzipSync },
	".br": { format: "Brotli", unpack: brotliDecompressSync },
} as const;

/**
 * How much to unpack at a time: a file of gzip's says in its last four bytes how long it was, and parts would have to be put
 * together, which for MNIST's images takes as long as unpacking them. In Node's 16 kB at a time they take half as long again.
 *
 * @see RFC 1952, section 2.3.1, ISIZE
 */
function unpackedAtATime(bytes: Uint8Array, ending: string, bound: number): number {
	const usual = 4 << 20;
	if (ending !== ".gz" || bytes.length < 4) return usual;
	const said = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);
	// One more than it holds, or there would be an empty part after it.
	return said > 0 && said < bound ? said + 1 : usual;
}

function unpacked(bytes: Uint8Array, path: string): Uint8Array {
	const ending = extname(path);
	if (ending !== ".gz" && ending !== ".br") return bytes;
	const { format, unpack } = unpackers[ending];
	const bound = unpackBound(bytes.length);
	const chunkSize = Math.max(64, unpackedAtATime(bytes, ending, bound));
	return whole(path, format, () => unpack(bytes, { maxOutputLength: bound, chunkSize }));
}

/** @throws {FileFormatError} where unpacking fails */
function whole<Result>(path: string, format: string, unpack: () => Result): Result {
	try {
		return unpack();
	} catch (error) {
		if (error instanceof FileFormatError) throw error;
		throw new FileFormatError(path, `not a whole ${format} file (${error instanceof Error ? error.message : error})`);
	}
}

/**
 * Mean and standard deviation of bytes on a scale of 0 to 1, rounded to four digits, as the field quotes them:
 * 0.1307 and 0.3081 for MNIST, 0.286 and 0.353 for Fashion-MNIST.
 */
function moments({ shape, image }: ImageSource): Moments {
	const [samples = 0, height = 0, width = 0] = shape;
	const counts = new Uint32Array(256);
	for (let sample = 0; sample < samples; sample++) {
		// Most pixels are 0, and counting them one by one would wait for the same counter each time.
		for (const value of image(sample)) if (value !== 0) counts[value] = (counts[value] ?? 0) + 1;
	}
	const pixels = samples * height * width;
	counts[0] = pixels - counts.reduce((sum, count) => sum + count);
	let sum = 0;
	let squares = 0;
	for (const [value, count] of counts.entries()) {
		sum += count * value;
		squares += count * value * value;
	}
	const mean = sum / pixels;
	const deviation = Math.sqrt(squares / pixels - mean * mean);
	const round = (x: number) => Math.round((x / 255) * 1e4) / 1e4;
	return { mean: round(mean), deviation: round(deviation) || 1 };
}

/** The chosen samples of images with labels, normalised, [height, width, 1]. */
export function imagesToDataset(name: string, source: IdxImages, samples: SampleCount): Dataset<Float32Array> {
	const { images, labels, mean, deviation } = source;
	const [available = 0, height = 0, width = 0] = images.shape;
	const chosen = chooseSamples(available, samples);
	const pixels = height * width;
	const normalised = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / deviation);
	const inputs = new Float32Array(chosen.length * pixels);
	// In the order of the file, so that each of its blocks is unpacked once.
	for (const position of chosen.map((_, i) => i).sort((a, b) => (chosen[a] ?? 0) - (chosen[b] ?? 0))) {
		const image = images.image(chosen[position] ?? 0);
		for (let i = 0; i < pixels; i++) inputs[position * pixels + i] = normalised[image[i] ?? 0] ?? 0;
	}
	return {
		name,
		samples: chosen.length,
		sampleShape: [height, width, 1],
		inputs,
		targets: Int32Array.from(chosen, (sample) => labels[sample] ?? 0),
		available,
		classes: labels.reduce((highest, label) => Math.max(highest, label), 0) + 1,
	};
}
