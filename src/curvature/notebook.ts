/**
 * What is written down as it comes, so that a computation that was ended goes on from there: results by a key that says which step
 * they are of. The same steps with the same problem have the same results, so what is written down is taken for computed.
 */
export interface Notebook {
	/** What an earlier start has left of a step. */
	find(key: string): Entry | undefined;
	note(key: string, entry: Entry): Promise<void>;
}

/** Numbers and a vector, of which either may be empty. */
export interface Entry {
	readonly numbers: readonly number[];
	readonly vector?: Float32Array;
}

/** Keeps nothing. */
export const noNotebook: Notebook = { find: () => undefined, note: async () => undefined };

/** The result of a step: as it was noted, or computed now and noted. */
export async function noted(notebook: Notebook, key: string, compute: () => Promise<Entry>): Promise<Entry> {
	const found = notebook.find(key);
	if (found !== undefined) return found;
	const entry = await compute();
	await notebook.note(key, entry);
	return entry;
}
