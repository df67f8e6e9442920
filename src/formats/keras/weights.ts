/**
 * The name of a layer's weight among those of a file. Keras puts the layer's name before the weight's, and often those of the
 * models and wrappers that the layer lies in before both, or a cell between them: `bidirectional/forward_lstm/lstm_cell/kernel:0`.
 *
 * @param path   the layer, after what it lies in
 * @param weight as the layer calls it
 * @param asked  what the layer has asked for before, in its order: Keras 3 may have numbers in place of names
 * @returns what it would be called where there is none
 * @throws {RangeError} when several could be meant
 */
export function findWeight(
	names: readonly string[],
	path: readonly string[],
	weight: string,
	asked: readonly string[],
): string {
	const split = names.map((name) => ({ name, parts: name.replace(/:\d+$/, "").split("/") }));
	const number = String(asked.includes(weight) ? asked.indexOf(weight) : asked.length);
	const own = split.filter(
		({ parts }) => parts.at(-1) === weight || (parts.at(-2) === "vars" && parts.at(-1) === number),
	);
	// A wrapper's name may stand for that of the layer in it.
	for (const owner of path.toReversed()) {
		const owned = own.filter(({ parts }) => parts.slice(0, -1).includes(owner));
		if (owned.length === 0) continue;
		const rated = owned.map(({ name, parts }) => ({
			name,
			common: path.filter((part) => parts.includes(part)).length,
			length: parts.length,
		}));
		const best = Math.max(...rated.map(({ common }) => common));
		const fitting = rated.filter(({ common }) => common === best);
		const shortest = Math.min(...fitting.map(({ length }) => length));
		const [first, second] = fitting.filter(({ length }) => length === shortest);
		if (second !== undefined)
			throw new RangeError(
				`its weight ${weight} may be ${first?.name} or ${second.name}: two layers are called ${owner}`,
			);
		return first?.name ?? "";
	}
	return `${path.at(-1) ?? ""}/${weight}`;
}
