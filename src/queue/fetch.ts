import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { FileFormatError, InterruptedError } from "../errors.js";
import type { PayloadCache } from "./cache.js";
import { keys } from "./keys.js";
import { arrayOver, type NamedArray, type NumberArray } from "./manifest.js";
import { PART_BYTES } from "./supply.js";

/** Between two looks for a part that is not there. */
const LOOK_MS = 100;

/** How long a part is waited for before it is asked for anew: Redis may have lost it. */
const ASK_AGAIN_MS = 3000;

/** How long nothing may come at all. */
const PATIENCE_MS = 120_000;

/** How often a payload whose bytes are not those of its digest is asked for. */
const TRIES = 3;

/**
 * The arrays that a manifest names, in memory that threads share: from the cache, else over the queue, part by part and into the cache.
 * Nothing is believed whose SHA-256 is another.
 *
 * @throws {FileFormatError}  when a payload comes damaged again and again, or does not come
 * @throws {InterruptedError} when the signal stops it
 */
export async function fetchArrays(
	redis: Redis,
	cache: PayloadCache,
	named: readonly NamedArray[],
	signal: AbortSignal,
): Promise<ReadonlyMap<string, NumberArray>> {
	const arrays = new Map<string, NumberArray>();
	for (const array of named) {
		const memory = cache.inUse(array.digest) ?? (await fetchOne(redis, cache, array, signal));
		if (memory.byteLength !== array.byteLength)
			throw new FileFormatError("queue", `payload ${array.digest.slice(0, 8)} has ${memory.byteLength} bytes`);
		arrays.set(array.digest, arrayOver(array.kind, memory));
	}
	return arrays;
}

async function fetchOne(
	redis: Redis,
	cache: PayloadCache,
	{ digest, byteLength }: NamedArray,
	signal: AbortSignal,
): Promise<SharedArrayBuffer> {
	const memory = new SharedArrayBuffer(byteLength);
	const bytes = new Uint8Array(memory);
	if (!(await cache.read(digest, bytes))) await download(redis, cache, digest, bytes, signal);
	cache.use(digest, memory);
	return memory;
}

async function download(
	redis: Redis,
	cache: PayloadCache,
	digest: string,
	into: Uint8Array,
	signal: AbortSignal,
): Promise<void> {
	const parts = Math.ceil(into.length / PART_BYTES);
	for (let tries = 1; tries <= TRIES; tries++) {
		const writer = await cache.write(digest, into.length);
		const hash = createHash("sha256");
		try {
			for (let part = 0; part < parts; part++) {
				const bytes = await partOf(redis, digest, part, signal);
				const place = into.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
				if (bytes.length !== place.length) break;
				place.set(bytes);
				hash.update(bytes);
				await writer.add(bytes);
			}
		} catch (error) {
			await writer.drop();
			throw error;
		}
		if (hash.digest("hex") === digest) return writer.keep();
		await writer.drop();
		for (let part = 0; part < parts; part++) await redis.unlink(keys.payload(digest, part));
	}
	throw new FileFormatError("queue", `payload ${digest.slice(0, 8)} came damaged ${TRIES} times`);
}

async function partOf(redis: Redis, digest: string, part: number, signal: AbortSignal): Promise<Buffer> {
	const started = performance.now();
	let asked = Number.NEGATIVE_INFINITY;
	for (;;) {
		if (signal.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
		const bytes = await redis.getBuffer(keys.payload(digest, part));
		if (bytes !== null) return bytes;
		const now = performance.now();
		if (now - started > PATIENCE_MS)
			throw new FileFormatError("queue", `payload ${digest.slice(0, 8)} has not come for ${PATIENCE_MS / 1000} s`);
		if (now - asked > ASK_AGAIN_MS) {
			await redis.sadd(keys.wanted, digest);
			await redis.expire(keys.wanted, PATIENCE_MS / 1000);
			asked = now;
		}
		await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
	}
}
