import { spawnSync } from "node:child_process";
import { fstatSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import test from "ava";
import { sha256 } from "../../src/exact/digest.js";
import { cosine, dot, norm } from "../../src/section/products.js";
import { formPoint } from "../../src/section/section.js";
import { inMemory, isStored, partOf, partsOf } from "../../src/section/vector.js";
import { VectorStore } from "../../src/section/vector-store.js";
import { gaussians, temporaryDirectory } from "../fixtures.js";

/** Longer than what is read at a time, and no multiple of it. */
const LENGTH = 150_001;

test("a stored vector has the numbers it was made of, whole and in parts, and the folder holds no file of it", async (t) => {
	const folder = await temporaryDirectory(t);
	const store = new VectorStore(folder, 1);
	for (const vector of [gaussians(LENGTH), Float64Array.from(gaussians(LENGTH), (value) => value / 3)]) {
		const stored = store.keep(vector);
		t.true(isStored(stored));
		t.deepEqual(inMemory(stored), vector);
		t.deepEqual(partOf(stored, 70_000, 9), vector.slice(70_000, 70_009));
		t.is(sha256(partsOf(stored)), sha256(vector));
	}
	t.deepEqual(await readdir(folder), []);
});

test("a room takes parts in any order, rounded to float32, and has zeros where nothing was put", async (t) => {
	const expected = new Float32Array(LENGTH);
	const values = Float64Array.from(gaussians(70_000, 3), (value) => value / 7);
	expected.set(values, 80_000);
	expected.set([1, 2], 5);
	for (const store of [new VectorStore(), new VectorStore(await temporaryDirectory(t), 1)]) {
		const room = store.room(LENGTH);
		room.put(values, 80_000);
		room.put(Float64Array.of(1, 2), 5);
		t.deepEqual(inMemory(room.done()), expected);
	}
});

test("lengths, angles and points have the same bits wherever the vectors lie", async (t) => {
	const store = new VectorStore(await temporaryDirectory(t), 1);
	const [a, b, c] = [gaussians(LENGTH), gaussians(LENGTH, 1), Float64Array.from(gaussians(LENGTH, 2), (x) => x / 3)];
	const [storedB, storedC] = [store.keep(b), store.keep(c)];
	t.is(dot(a, storedC), dot(a, c));
	t.is(norm(storedB), norm(b));
	t.is(cosine(storedB, storedC), cosine(b, c));
	const [here, there] = [new Float32Array(LENGTH), new Float32Array(LENGTH)];
	formPoint(here, [a, b, c], [1, 0.3, -1.7]);
	formPoint(there, [a, storedB, storedC], [1, 0.3, -1.7]);
	t.deepEqual(there, here);
});

test("small vectors, and all where no folder is given, stay in memory", async (t) => {
	const vector = gaussians(100);
	t.is(new VectorStore(await temporaryDirectory(t), 401).keep(vector), vector);
	t.is(new VectorStore(null, 1).keep(vector), vector);
});

test("where the disk takes no more, vectors stay in memory, and a warning says why", async (t) => {
	if (process.platform === "win32") {
		t.pass("left out: no limit on the size of files here");
		return;
	}
	const folder = await temporaryDirectory(t);
	const program = `
		import { isStored } from ${JSON.stringify(new URL("../../src/section/vector.js", import.meta.url))};
		import { VectorStore } from ${JSON.stringify(new URL("../../src/section/vector-store.js", import.meta.url))};
		const store = new VectorStore(${JSON.stringify(folder)}, 1);
		const room = store.room(1_000_000);
		room.put(Float64Array.of(5), 999_999);
		console.log([isStored(room.done()), room.done()[999_999], isStored(store.keep(new Float32Array(1_000_000))), isStored(store.keep(new Float32Array(9)))].join());`;
	// Blocks of 512 or 1,024 bytes: less than the four million of the vectors, whichever.
	const limited = 'ulimit -f 1000; trap "" XFSZ; exec "$0" --input-type=module -e "$1"';
	const { stdout, stderr } = spawnSync("sh", ["-c", limited, process.execPath, program], { encoding: "utf8" });
	t.is(stdout, "false,5,false,true\n", stderr);
	t.regex(
		stderr,
		/Warning: directions stay in memory, since .* takes no file of them \(larger than a file may be here\)/,
	);
	t.deepEqual(await readdir(folder), []);
});

test("the file of a vector is closed once nobody refers to it", async (t) => {
	setFlagsFromString("--expose-gc");
	const collect = runInNewContext("gc") as () => void;
	const store = new VectorStore(await temporaryDirectory(t), 1);
	const descriptor = (() => {
		const stored = store.keep(gaussians(100));
		return isStored(stored) ? stored.descriptor : -1;
	})();
	t.true(fstatSync(descriptor).isFile());
	const size = () => {
		try {
			return fstatSync(descriptor).size;
		} catch {
			return undefined;
		}
	};
	for (let turn = 0; turn < 50 && size() === 400; turn++) {
		collect();
		await new Promise((done) => setTimeout(done, 20));
	}
	t.not(size(), 400);
});
