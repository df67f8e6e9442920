/** A call of a layer: what others read it by, and what it reads. */
export interface Call {
	readonly key: string;
	readonly needs: readonly string[];
}

/**
 * The order in which calls can be carried out: of those that have all they need always the first, as files mostly have them in order
 * already. Those that never have it are left out.
 *
 * @see Kahn 1962, "Topological sorting of large networks"
 */
export function inOrder<T extends Call>(calls: readonly T[]): T[] {
	const missing = calls.map(({ needs }) => new Set(needs).size);
	const readers = new Map<string, number[]>();
	for (const [place, { needs }] of calls.entries())
		for (const key of new Set(needs)) {
			const known = readers.get(key) ?? [];
			known.push(place);
			readers.set(key, known);
		}
	const ready = [...calls.keys()].filter((place) => missing[place] === 0);
	const order: T[] = [];
	for (let place = ready.shift(); place !== undefined; place = ready.shift()) {
		const call = calls[place] as T;
		order.push(call);
		for (const reader of readers.get(call.key) ?? []) {
			const left = (missing[reader] ?? 0) - 1;
			missing[reader] = left;
			if (left === 0) insert(ready, reader);
		}
		// A second call of the same name makes nothing more ready.
		readers.delete(call.key);
	}
	return order;
}

/** Keeps numbers in order. */
function insert(sorted: number[], value: number): void {
	let [from, to] = [0, sorted.length];
	while (from < to) {
		const middle = (from + to) >>> 1;
		if ((sorted[middle] ?? 0) < value) from = middle + 1;
		else to = middle;
	}
	sorted.splice(from, 0, value);
}
