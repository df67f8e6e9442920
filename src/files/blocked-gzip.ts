import { gunzipSync } from "node:zlib";

/** Bytes of which any part can be had: those of a file as it lies, or of one that is unpacked where it is read. */
export interface ByteSource {
	readonly length: number;
	/** @throws {Error} where what is packed there is damaged */
	read(from: number, length: number): Uint8Array;
}

/** A member of a blocked file: where it lies, and where what it holds belongs. */
interface Block {
	readonly at: number;
	readonly bytes: number;
	readonly from: number;
	readonly length: number;
}

/** The fixed part of a member's header with the extra field that says how long the member is. */
const HEADER_BYTES = 18;

export function plainSource(bytes: Uint8Array): ByteSource {
	return { length: bytes.length, read: (from, length) => bytes.subarray(from, from + length) };
}

/**
 * A gzip file in members of at most 64 KiB, each of which says its own length (BGZF): any part is read by unpacking the members
 * it lies in, and any reader of gzip reads the whole. Undefined for other files.
 *
 * @see SAM/BAM format specification v1, section 4.1, "The BGZF compression format"
 */
export function blockedSource(bytes: Uint8Array): ByteSource | undefined {
	const blocks = blocksOf(bytes);
	const last = blocks?.at(-1);
	if (blocks === undefined || last === undefined) return undefined;
	let opened: Block | undefined;
	let content = new Uint8Array();
	const open = (block: Block) => {
		if (block === opened) return content;
		content = gunzipSync(bytes.subarray(block.at, block.at + block.bytes), {
			chunkSize: Math.max(64, block.length + 1),
		});
		opened = block;
		return content;
	};
	return {
		length: last.from + last.length,
		read(from, length) {
			const out = new Uint8Array(length);
			for (let at = from, i = indexOf(blocks, from); at < from + length; i++) {
				const block = blocks[i];
				if (block === undefined) throw new RangeError(`no byte ${at} in ${last.from + last.length}`);
				const end = Math.min(from + length, block.from + block.length);
				out.set(open(block).subarray(at - block.from, end - block.from), at - from);
				at = end;
			}
			return out;
		},
	};
}

/** The last block that begins at a place or before. */
function indexOf(blocks: readonly Block[], place: number): number {
	let [low, high] = [0, blocks.length];
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if ((blocks[middle]?.from ?? 0) <= place) low = middle;
		else high = middle;
	}
	return low;
}

/** Undefined where a member does not say its length, or says one that does not fit. */
function blocksOf(bytes: Uint8Array): Block[] | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const blocks: Block[] = [];
	for (let at = 0, from = 0; at < bytes.length; ) {
		const size = blockSize(view, at);
		if (size === undefined || at + size > bytes.length) return undefined;
		const length = view.getUint32(at + size - 4, true);
		if (length > 1 << 16) return undefined;
		if (length > 0) blocks.push({ at, bytes: size, from, length });
		at += size;
		from += length;
	}
	return blocks;
}

/** What the extra field "BC" of the member at a place says: its length, less 1. */
function blockSize(view: DataView, at: number): number | undefined {
	if (at + HEADER_BYTES > view.byteLength) return undefined;
	const isBlocked =
		view.getUint32(at) === 0x1f8b0804 && view.getUint16(at + 10, true) === 6 && view.getUint32(at + 12) === 0x42430200;
	const size = view.getUint16(at + 16, true) + 1;
	return isBlocked && size > HEADER_BYTES + 8 ? size : undefined;
}
