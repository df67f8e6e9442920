import type { Operator } from "../../src/curvature/lanczos.js";
import type { Entry, Notebook } from "../../src/curvature/notebook.js";

/** A symmetric operator with eigenvalues of one's choice: a reflection around a diagonal. */
export function operatorOf(values: readonly number[]): Operator {
	return async (vector) => {
		const inner = reflected(Float64Array.from(vector)).map((x, i) => x * (values[i] ?? 0));
		return Float32Array.from(reflected(inner));
	};
}

/** The reflection that takes the unit vectors to the eigenvectors of `operatorOf`, and back. */
export function reflected(vector: Float64Array): Float64Array {
	const mirror = vector.map((_, i) => Math.sin(i + 1));
	const square = mirror.reduce((sum, x) => sum + x * x, 0);
	const along = (2 * vector.reduce((sum, x, i) => sum + x * (mirror[i] ?? 0), 0)) / square;
	return vector.map((x, i) => x - along * (mirror[i] ?? 0));
}

/** Nothing stays still. */
export const hold = <V extends Float32Array | Float64Array>(vector: V): V => vector;

/** A notebook in memory, which ends the work after some notes, as a killed process would. */
export function notebookEndingAfter(
	most: number,
	entries = new Map<string, Entry>(),
): Notebook & { readonly size: number } {
	const copy = ({ numbers, vector }: Entry): Entry => ({ numbers, ...(vector && { vector: vector.slice() }) });
	return {
		get size() {
			return entries.size;
		},
		find: (key) => {
			const entry = entries.get(key);
			return entry && copy(entry);
		},
		async note(key, entry) {
			if (entries.size >= most) throw new Error("killed");
			entries.set(key, copy(entry));
		},
	};
}
