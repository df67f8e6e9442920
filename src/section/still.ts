import { type Layout, slice } from "../network/parameters.js";

/** A vector with zeros for the tensors that don't move; itself where all do. */
export function keptStill<V extends Float32Array | Float64Array>(
	vector: V,
	layout: Layout,
	still: ReadonlySet<string> | undefined,
): V {
	const slots = layout.slots.filter(({ name }) => still?.has(name) === true);
	if (slots.length === 0) return vector;
	const kept = vector.slice() as V;
	for (const slot of slots) slice(kept, slot).fill(0);
	return kept;
}
