/**
 * How much memory a file may ask for. A small file can claim or unpack to any size; what it may take is bounded by its own
 * size, with enough for whatever people have on a laptop.
 */
const LEAST = 256 * 2 ** 20;

/** Bytes that what a file claims to hold may take: 256 MB, or four times the file. */
export function claimBound(fileBytes: number): number {
	return Math.max(LEAST, 4 * fileBytes);
}

/** Bytes that a packed file may unpack to: images pack to a fifth at best, so 256 MB, or eight times the file. */
export function unpackBound(fileBytes: number): number {
	return Math.max(LEAST, 8 * fileBytes);
}
