import { type Layout, slice } from "../network/parameters.js";

/** A vector with zeros for the tensors that don't move; itself where all do. */
export function keptStill<V extends Float32Array | Float64Array>(
	vector: V,
	layout: Layout,
	still: ReadonlySet<string> | undefined,
): V {
	const slots = layout.slots.filter(({ name }) => still?.has(name) === true);
	if (slots.length === 0) return vector;
	return holdStill(vector.slice() as V, layout, still);
}

/** Sets to 0 what a vector has for tensors that don't move. */
export function holdStill<V extends Float32Array | Float64Array>(
	vector: V,
	layout: Layout,
	still: ReadonlySet<string> = new Set(),
): V {
	for (const slot of layout.slots) if (still.has(slot.name)) slice(vector, slot).fill(0);
	return vector;
}
