import type { OnnxModel, OnnxTensor } from "./model.js";

/**
 * Matrices that an exporter has written a second time, transposed, for a layer that shares them: those of an embedding, which the
 * output layer multiplies with.
 *
 * @returns the name of the second by that of the first
 */
export function tiedMatrices({ nodes, initialisers }: OnnxModel, moves: ReadonlySet<string>): Map<string, string> {
	const tied = new Map<string, string>();
	const tables = nodes.flatMap(({ op, inputs }) => (op === "Gather" && inputs[0] !== undefined ? [inputs[0]] : []));
	for (const table of new Set(tables)) {
		const original = initialisers.get(table);
		if (original === undefined || !moves.has(table)) continue;
		for (const [name, tensor] of initialisers)
			if (name !== table && moves.has(name) && isTransposed(original, tensor)) tied.set(name, table);
	}
	return tied;
}

function isTransposed(a: OnnxTensor, b: OnnxTensor): boolean {
	const [rows = 0, columns = 0] = a.shape;
	if (a.shape.length !== 2 || b.shape.length !== 2 || b.shape[0] !== columns || b.shape[1] !== rows) return false;
	return b.values.every((value, i) => Object.is(value, a.values[(i % rows) * columns + Math.floor(i / rows)]));
}
