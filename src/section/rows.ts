/** Vectors of one length, such as the checkpoints of a training, which need not fit into memory together. */
export interface VectorRows {
	/** How many vectors. */
	readonly count: number;
	/** How many numbers each has. */
	readonly length: number;
	/**
	 * The same stretch of every vector, from number `first` on.
	 *
	 * @param room in shared memory, for `count` times `size` numbers that have to be read; what is in memory comes as it is
	 */
	stretch(first: number, size: number, room: Float32Array): Promise<readonly Float32Array[]>;
}

/** Numbers of all vectors together in a stretch: 16 MB, of which there are few at a time. */
const HELD = 1 << 22;

/** Of few vectors more at a time gains nothing. */
const MOST = 1 << 16;

/** What is added up together; no stretch ends within it but the last. */
const WHOLE = 256;

/** Numbers of each vector in a stretch. The same for as many vectors as long, so that sums over stretches have the same bits. */
export function stretchOf({ count, length }: Pick<VectorRows, "count" | "length">): number {
	const most = Math.max(1, Math.floor(Math.min(MOST, HELD / count) / WHOLE)) * WHOLE;
	return Math.max(1, Math.min(length, most));
}

/** Vectors that are in memory as they are. */
export function rowsOf(vectors: readonly Float32Array[]): VectorRows {
	return {
		count: vectors.length,
		length: vectors[0]?.length ?? 0,
		stretch: async (first, size) => vectors.map((vector) => vector.subarray(first, first + size)),
	};
}

/** The same vectors in another order, by their numbers. */
export function reordered(rows: VectorRows, order: readonly number[]): VectorRows {
	if (order.length < rows.count) return someOf(rows, order);
	return {
		...rows,
		stretch: async (first, size, room) => {
			const parts = await rows.stretch(first, size, room);
			return order.map((number) => parts[number] ?? new Float32Array(size));
		},
	};
}

/** Some of the vectors: the others are read along, for which the room given is too small. */
function someOf(rows: VectorRows, order: readonly number[]): VectorRows {
	let whole: Float32Array = new Float32Array();
	return {
		...rows,
		count: order.length,
		stretch: async (first, size, room) => {
			if (whole.length < rows.count * size) whole = new Float32Array(rows.count * size);
			const parts = await rows.stretch(first, size, whole);
			return order.map((number, i) => {
				const part = parts[number] ?? new Float32Array(size);
				if (part.buffer !== whole.buffer) return part;
				const own = room.subarray(i * size, (i + 1) * size);
				own.set(part);
				return own;
			});
		},
	};
}
