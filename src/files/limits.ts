/**
 * How much memory a file may ask for. A small file can claim or unpack to any size, or hold millions of empty things; what
 * it may take is bounded by its own size, with enough for whatever people have on a laptop. Every reader asks here.
 */

/** What any file may take: with what Node.js itself needs, a process that reads a small file stays under 256 MB. */
const LEAST = 128 * 2 ** 20;

/** Bytes that what a file claims to hold may take: 128 MB, or three times the file, which is in memory as well. */
export function claimBound(fileBytes: number): number {
	return Math.max(LEAST, 3 * fileBytes);
}

/** Bytes that a packed file may unpack to: images pack to a fifth at best, so 128 MB, or eight times the file. */
export function unpackBound(fileBytes: number): number {
	return Math.max(LEAST, 8 * fileBytes);
}

/**
 * How many things a file may hold that take memory of their own, however few bytes they have in the file.
 *
 * @param itemBytes what each takes in memory, as measured
 */
export function itemBound(fileBytes: number, itemBytes: number): number {
	return Math.floor(claimBound(fileBytes) / itemBytes);
}

/** Bytes of the images of a folder, which has no size of its own; with more it is better made into a .npz file once. */
export const FOLDER_BOUND = 2 ** 30;

/** How deep lists, graphs and objects may lie within each other: beyond what any exporter writes. */
export const DEPTH_BOUND = 200;
