import { createHash } from "node:crypto";

/** JSON with the keys of every object in order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		inner !== null && typeof inner === "object" && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

/** SHA-256 of any number of byte views or texts, in hexadecimal. */
export function sha256(...parts: readonly (string | ArrayBufferView)[]): string {
	const hash = createHash("sha256");
	for (const part of parts) {
		if (typeof part === "string") hash.update(part);
		// Shared memory is copied out: the hash takes no view of it.
		else hash.update(Uint8Array.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
	}
	return hash.digest("hex");
}
