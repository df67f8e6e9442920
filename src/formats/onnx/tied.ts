import type { OnnxModel, OnnxTensor } from "./model.js";
import { isCopy } from "./trainable.js";

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

/** How one tensor was taken that appears more than once. */
export interface Sharing {
	/** Under which the graph has it. */
	readonly name: string;
	readonly line: string;
}

/** How tensors were taken that several nodes read, that are written twice, or that the exporter found equal. */
export function sharedTensors({ nodes, initialisers }: OnnxModel, tied: ReadonlyMap<string, string>): Sharing[] {
	const matrices = [...initialisers].filter(([, { kind, shape }]) => kind === "float" && shape.length >= 2);
	const shared = matrices.flatMap(([name]): Sharing[] => {
		const count = nodes.filter(({ op, inputs }) => op !== "Identity" && inputs.includes(name)).length;
		return count < 2 ? [] : [{ name, line: `${name} is read ${count} times: one tensor` }];
	});
	const transposed = [...tied].map(
		([copy, name]): Sharing => ({ name, line: `${copy} is ${name}, transposed: one tensor` }),
	);
	const copies = nodes
		.filter((node) => isCopy(node, initialisers))
		.map(
			({ inputs: [name = ""], outputs: [copy = ""] }): Sharing => ({
				name: copy,
				line: `${copy} equals ${name} in the file: a tensor of its own`,
			}),
		);
	return [...shared, ...transposed, ...copies];
}
