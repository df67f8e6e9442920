import type { Redis } from "ioredis";
import { within } from "./connection.js";
import { keys } from "./keys.js";
import { bytesOf, type NumberArray } from "./manifest.js";

/** Bytes of a payload that travel at a time: enough to be quick, and no more than any machine has at hand. */
export const PART_BYTES = 4 << 20;

/** Up to so many bytes nobody is waited for who wants them. */
const SMALL_BYTES = 1 << 20;

/** For how long a part lies in Redis: until workers that were told of it together have had the time to take it. */
const PART_LIES_S = 600;

/** How often is looked for what workers want. */
const LOOK_MS = 200;

/**
 * Puts payloads where workers can have them, when one of them wants some: workers that have them already, from an earlier sweep, cost
 * nothing. A part travels at a time, so that the largest payload takes no memory besides its own.
 */
export class Supplier {
	readonly #redis: Redis;
	readonly #offered = new Map<string, { readonly bytes: Uint8Array; users: number }>();
	readonly #timer: NodeJS.Timeout;
	#busy = false;
	/** Bytes put there. */
	sent = 0;

	constructor(redis: Redis) {
		this.#redis = redis;
		this.#timer = setInterval(() => void this.#look().catch(() => undefined), LOOK_MS);
	}

	/** Offers payloads until they are withdrawn. Small ones are put there at once: being asked for them takes longer. */
	async offer(payloads: ReadonlyMap<string, NumberArray>): Promise<void> {
		for (const [digest, array] of payloads) {
			const there = this.#offered.get(digest);
			if (there !== undefined) {
				there.users++;
				continue;
			}
			const bytes = bytesOf(array);
			this.#offered.set(digest, { bytes, users: 1 });
			if (bytes.length <= SMALL_BYTES) await this.#send(digest, bytes);
		}
	}

	/** Takes an offer back. */
	withdraw(payloads: ReadonlyMap<string, NumberArray>): void {
		for (const digest of payloads.keys()) {
			const there = this.#offered.get(digest);
			if (there !== undefined && --there.users === 0) this.#offered.delete(digest);
		}
	}

	async #look(): Promise<void> {
		if (this.#busy || this.#offered.size === 0) return;
		this.#busy = true;
		try {
			const wanted = await this.#redis.smembers(keys.wanted);
			for (const digest of wanted) {
				const offered = this.#offered.get(digest);
				if (offered === undefined) continue;
				await this.#redis.srem(keys.wanted, digest);
				await this.#send(digest, offered.bytes);
			}
		} finally {
			this.#busy = false;
		}
	}

	async #send(digest: string, bytes: Uint8Array): Promise<void> {
		for (let part = 0; part * PART_BYTES < bytes.length; part++) {
			const key = keys.payload(digest, part);
			// Renewed where an earlier worker has had it.
			if ((await this.#redis.expire(key, PART_LIES_S)) === 1) continue;
			// A copy: what lies in shared memory can't be sent as it is.
			const copy = Buffer.from(bytes.slice(part * PART_BYTES, (part + 1) * PART_BYTES));
			await this.#redis.set(key, copy, "EX", PART_LIES_S);
			this.sent += copy.length;
		}
	}

	/** Stops, and takes away what nobody else can want any more: the parts go by themselves. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		const digests = [...this.#offered.keys()];
		this.#offered.clear();
		if (digests.length > 0) await within(500, this.#redis.srem(keys.wanted, ...digests));
	}
}
