import { Packr, Unpackr } from "msgpackr";

/**
 * Files of frames one after another, each a MessagePack array of three, whose numbers and lengths have four bytes whatever
 * they are, so that a frame's first 16 bytes say where it ends:
 *
 *   [lengthCheck: uint32, check: uint32, payload: bin]      0x93  0xce ....  0xce ....  0xc6 ....  payload
 *
 * The payload is a record, packed as MessagePack in its turn. `lengthCheck` is the CRC-32 of the payload's length (four bytes,
 * big-endian), continued from the check of the frame before; `check` that of the payload, continued from `lengthCheck`. So
 * nothing in a file, the places of its records included, can change unnoticed, and a last frame that a killed process has
 * left unfinished is told from a damaged one. Runs in browsers too.
 */

// Plain maps, so that any MessagePack library reads the file.
const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

/** Bytes of a frame before its payload. */
const HEAD = 16;

/** A frame as its bytes, with the check that the next one goes on from. */
export function packFrame(
	record: unknown,
	checkBefore: number,
): { readonly bytes: Uint8Array; readonly check: number } {
	const payload = packr.pack(record);
	const bytes = new Uint8Array(HEAD + payload.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(12, payload.length);
	const lengthCheck = crc32(bytes.subarray(12, HEAD), checkBefore);
	const check = crc32(payload, lengthCheck);
	view.setUint8(0, 0x93);
	view.setUint8(1, 0xce);
	view.setUint32(2, lengthCheck);
	view.setUint8(6, 0xce);
	view.setUint32(7, check);
	view.setUint8(11, 0xc6);
	bytes.set(payload, HEAD);
	return { bytes, check };
}

/** A record that is whole, where its frame starts and ends, and the check there. */
export interface Frame {
	readonly record: unknown;
	readonly start: number;
	readonly end: number;
	readonly check: number;
}

/** The frames of a file, and what follows the last that is whole. */
export interface Frames {
	readonly frames: readonly Frame[];
	/** `torn`: an unfinished frame, or zeros, which a file system may leave after a crash. `damaged`: anything else. */
	readonly rest: "nothing" | "torn" | "damaged";
}

/** Bytes of which parts can be had: in memory, or in a file that is larger than memory. */
export interface Source {
	readonly length: number;
	/** From a place up to another, or to the end. */
	slice(from: number, to: number): Uint8Array;
}

/** Bytes in memory as a source, whose parts are views. */
export function sourceOfBytes(bytes: Uint8Array): Source {
	return { length: bytes.length, slice: (from, to) => bytes.subarray(from, to) };
}

/** The frames of a file up to the first that is torn or damaged. */
export function readFrames(bytes: Uint8Array): Frames {
	const frames: Frame[] = [];
	const rest = eachFrame(sourceOfBytes(bytes), (frame) => frames.push(frame));
	return { frames, rest };
}

/** Shows the frames of a file one after another, each in memory only until it has been looked at; says what follows the last. */
export function eachFrame(source: Source, look: (frame: Frame) => void): Frames["rest"] {
	let [at, check] = [0, 0];
	while (at < source.length) {
		const found = frameAt(source, at, check);
		if (typeof found === "string") return found;
		look(found);
		({ end: at, check } = found);
	}
	return "nothing";
}

/** The record of a frame that was found whole, by where it starts and ends. */
export function recordAt(source: Source, start: number, end: number): unknown {
	return unpackr.unpack(source.slice(start + HEAD, end));
}

function frameAt(source: Source, start: number, checkBefore: number): Frame | "torn" | "damaged" {
	const head = source.slice(start, start + HEAD);
	if (isZero(head) && isZeroFrom(source, start)) return "torn";
	const markers = [0, 1, 6, 11].every(
		(place, i) => place >= head.length || head[place] === [0x93, 0xce, 0xce, 0xc6][i],
	);
	if (!markers) return "damaged";
	if (head.length < HEAD) return "torn";
	const view = new DataView(head.buffer, head.byteOffset, HEAD);
	const lengthCheck = crc32(head.subarray(12), checkBefore);
	if (view.getUint32(2) !== lengthCheck) return "damaged";
	const end = start + HEAD + view.getUint32(12);
	if (end > source.length) return "torn";
	const payload = source.slice(start + HEAD, end);
	const check = crc32(payload, lengthCheck);
	if (view.getUint32(7) !== check) return "damaged";
	return { record: unpackr.unpack(payload), start, end, check };
}

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

/** Bytes that are looked at together. */
const PIECE = 1 << 20;

function isZeroFrom(source: Source, from: number): boolean {
	for (let at = from; at < source.length; at += PIECE) if (!isZero(source.slice(at, at + PIECE))) return false;
	return true;
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
	// By index: eight times as fast as one byte after another from an iterator, of megabytes at each state of a training.
	for (let i = 0; i < bytes.length; i++)
		remainder = (remainder >>> 8) ^ (table[(remainder ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
	return ~remainder >>> 0;
}
