import { Packr, Unpackr } from "msgpackr";

/**
 * Files that are only ever appended to, as frames one after another, each a MessagePack array of two:
 *
 *   [check: uint32, payload: bin]
 *
 * The payload is a record, packed as MessagePack in its turn; `check` is the CRC-32 of all payloads up to and with this one,
 * so that nothing in a record, its place among the others included, can change unnoticed. A process that is killed leaves
 * at most a torn last frame. Runs in browsers too.
 */

// Plain maps, so that any MessagePack library reads the file.
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** A frame as its bytes, with the check that the next one goes on from. */
export function packFrame(
	record: unknown,
	checkBefore: number,
): { readonly bytes: Uint8Array; readonly check: number } {
	const payload = packr.pack(record);
	const check = crc32(payload, checkBefore);
	return { bytes: packr.pack([check, payload]), check };
}

/** A record that is whole, where its frame ends, and the check there. */
export interface Frame {
	readonly record: unknown;
	readonly end: number;
	readonly check: number;
}

/** The frames of a file up to the first that is torn or damaged. */
export function readFrames(bytes: Uint8Array): Frame[] {
	const frames: Frame[] = [];
	let check = 0;
	const take = (value: unknown, end: number): boolean => {
		const [expected, payload] = Array.isArray(value) ? (value as unknown[]) : [];
		if (!(payload instanceof Uint8Array) || crc32(payload, check) !== expected) return false;
		check = expected;
		frames.push({ record: unpackr.unpack(payload), end, check });
		return true;
	};
	try {
		unpackr.unpackMultiple(bytes, (value: unknown, _start?: number, end?: number) => take(value, end ?? 0));
	} catch (error) {
		// What msgpackr can't decode is a torn frame: all that follows the last whole one is left out.
		if (!(error instanceof Error)) throw error;
	}
	return frames;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
	let remainder = byte;
	for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
	return remainder;
});

/**
 * CRC-32 as in zip and PNG (ISO 3309), continued from that of the bytes before. Node has one of its own; this is for where
 * there is no Node.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
	let remainder = ~before;
	for (const byte of bytes) remainder = (remainder >>> 8) ^ (table[(remainder ^ byte) & 0xff] ?? 0);
	return ~remainder >>> 0;
}
