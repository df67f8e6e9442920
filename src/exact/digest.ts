import { createHash, type Hash } from "node:crypto";

/** JSON with the keys of every object in order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		inner !== null && typeof inner === "object" && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

/** Bytes that are hashed at a time. */
const PART = 1 << 20;

/** Shared memory is copied out, a part at a time: the hash takes no view of it. */
function updateBy(hash: Hash, bytes: Uint8Array): void {
	const room = new Uint8Array(Math.min(PART, bytes.length));
	for (let at = 0; at < bytes.length; at += PART) {
		const part = bytes.subarray(at, at + PART);
		room.set(part);
		hash.update(room.subarray(0, part.length));
	}
}

/** SHA-256 of any number of byte views or texts, in hexadecimal; of some views that come one after another, as of one. */
export function sha256(...parts: readonly (string | ArrayBufferView | Iterable<ArrayBufferView>)[]): string {
	const hash = createHash("sha256");
	for (const part of parts) {
		if (typeof part === "string") hash.update(part);
		else
			for (const { buffer, byteOffset, byteLength } of ArrayBuffer.isView(part) ? [part] : part)
				updateBy(hash, new Uint8Array(buffer, byteOffset, byteLength));
	}
	return hash.digest("hex");
}
