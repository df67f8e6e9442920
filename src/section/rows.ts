/** Vectors of one length, such as the checkpoints of a training, which need not fit into memory together. */
export interface VectorRows {
	/** How many vectors. */
	readonly count: number;
	/** How many numbers each has. */
	readonly length: number;
	/** The same stretch of every vector, from number `first` on; the arrays are the caller's until the next call. */
	stretch(first: number, size: number): Promise<readonly Float32Array[]>;
}

/** Numbers of all vectors together that are held at a time. */
const HELD = 1 << 24;

/** Of each vector at a time, so that all of them together stay in a cache or, of many, in little memory. */
export function stretchOf({ count, length }: Pick<VectorRows, "count" | "length">): number {
	return Math.max(1, Math.min(length, 1 << 16, Math.floor(HELD / Math.max(1, count))));
}

/** Every stretch of some vectors in order, with the number of its first element. */
export async function* stretches(
	rows: VectorRows,
): AsyncGenerator<{ readonly first: number; readonly parts: readonly Float32Array[] }> {
	const size = stretchOf(rows);
	for (let first = 0; first < rows.length; first += size)
		yield { first, parts: await rows.stretch(first, Math.min(size, rows.length - first)) };
}

/** Vectors that are in memory as they are. */
export function rowsOf(vectors: readonly Float32Array[]): VectorRows {
	return {
		count: vectors.length,
		length: vectors[0]?.length ?? 0,
		stretch: async (first, size) => vectors.map((vector) => vector.subarray(first, first + size)),
	};
}
