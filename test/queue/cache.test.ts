import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { sha256 } from "../../src/exact/digest.js";
import { PayloadCache } from "../../src/queue/cache.js";
import { temporaryDirectory } from "../fixtures.js";

async function keep(cache: PayloadCache, bytes: Uint8Array): Promise<string> {
	const digest = sha256(bytes);
	const writer = await cache.write(digest, bytes.length);
	await writer.add(bytes.subarray(0, 10));
	await writer.add(bytes.subarray(10));
	await writer.keep();
	return digest;
}

const payload = (seed: number) => new Uint8Array(1000).fill(seed);

async function cacheOf(t: ExecutionContext, limit: number): Promise<PayloadCache> {
	return PayloadCache.open(await temporaryDirectory(t), limit);
}

test("a payload is read as it was written, and a file that has changed is not believed but removed", async (t) => {
	const cache = await cacheOf(t, 1e6);
	const digest = await keep(cache, payload(7));
	const into = new Uint8Array(1000);
	t.true(await cache.read(digest, into));
	t.deepEqual(into, payload(7));
	const path = join(cache.directory, digest);
	const bytes = await readFile(path);
	bytes[500] = 8;
	await writeFile(path, bytes);
	t.false(await cache.read(digest, into));
	t.deepEqual(await readdir(cache.directory), []);
	t.false(await cache.read(sha256("none"), into));
});

test("what has gone unused for longest makes room within the limit", async (t) => {
	const cache = await cacheOf(t, 2500);
	const [a, b] = [await keep(cache, payload(1)), await keep(cache, payload(2))];
	for (const [digest, seconds] of [
		[a, 2],
		[b, 1],
	] as const)
		await utimes(join(cache.directory, digest), seconds, seconds);
	const c = await keep(cache, payload(3));
	t.deepEqual((await readdir(cache.directory)).sort(), [a, c].sort());
});

test("a payload that breaks off leaves nothing", async (t) => {
	const cache = await cacheOf(t, 1e6);
	const writer = await cache.write(sha256("x"), 1000);
	await writer.add(payload(1));
	await writer.drop();
	t.deepEqual(await readdir(cache.directory), []);
});
