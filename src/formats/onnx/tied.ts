import { sha256 } from "../../exact/digest.js";
import { isUnnamed } from "./contents.js";
import { consumersOf, type OnnxModel, type OnnxNode, type OnnxTensor } from "./model.js";
import { isCopy } from "./trainable.js";

/**
 * Matrices that an exporter has written a second time for a layer that shares them: those of an embedding, which the output layer
 * multiplies with, transposed; and those of a layer that is called again.
 *
 * @returns which tensor each second one is
 */
export function tiedMatrices({ nodes, initialisers }: OnnxModel, moves: ReadonlySet<string>): Map<string, Tie> {
	const tied = new Map<string, Tie>();
	const tables = nodes.flatMap(({ op, inputs }) => (op === "Gather" && inputs[0] !== undefined ? [inputs[0]] : []));
	for (const table of new Set(tables)) {
		const original = initialisers.get(table);
		if (original === undefined || !moves.has(table)) continue;
		for (const [name, tensor] of initialisers)
			if (name !== table && moves.has(name) && isTransposed(original, tensor))
				tied.set(name, { name: table, isTransposed: true });
	}
	for (const [name, other] of equalMatrices(initialisers, moves))
		if (!tied.has(name)) tied.set(name, { name: other, isTransposed: false });
	return tied;
}

/**
 * Matrices under names that an exporter made up, each with the one before that holds the same: a layer that is called again was written
 * out again.
 */
function equalMatrices(initialisers: OnnxModel["initialisers"], moves: ReadonlySet<string>): Map<string, string> {
	const equal = new Map<string, string>();
	const known = new Map<string, string>();
	for (const [name, { shape, values }] of initialisers) {
		if (shape.length !== 2 || !moves.has(name) || !isUnnamed(name) || values.every((value) => value === values[0]))
			continue;
		const key = sha256(String(shape), values);
		const same = known.get(key);
		if (same === undefined) known.set(key, name);
		else equal.set(name, same);
	}
	return equal;
}

/** Which tensor another is, and whether turned. */
export interface Tie {
	readonly name: string;
	readonly isTransposed: boolean;
}

/**
 * Whether a node hands a tensor on under another name because the exporter found two layers' equal: vectors, and matrices with names of
 * the network's own. A matrix under a name that the exporter made up is that of a layer that is called again.
 */
export function isCopyOfItsOwn(node: OnnxNode, initialisers: OnnxModel["initialisers"]): boolean {
	const shape = initialisers.get(node.inputs[0] ?? "")?.shape ?? [];
	return isCopy(node, initialisers) && !(shape.length >= 2 && isUnnamed(node.outputs[0] ?? ""));
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
export function sharedTensors({ nodes, initialisers }: OnnxModel, tied: ReadonlyMap<string, Tie>): Sharing[] {
	const matrices = [...initialisers].filter(([, { kind, shape }]) => kind === "float" && shape.length >= 2);
	const consumers = consumersOf(nodes.filter(({ op }) => op !== "Identity"));
	const shared = matrices.flatMap(([name]): Sharing[] => {
		const count = new Set(consumers.get(name)).size;
		return count < 2 ? [] : [{ name, line: `${name} is read ${count} times: one tensor` }];
	});
	const again = [...tied].map(
		([copy, { name, isTransposed }]): Sharing => ({
			name,
			line: `${copy} is ${name}${isTransposed ? ", transposed" : ""}: one tensor`,
		}),
	);
	const copies = nodes
		.filter((node) => isCopyOfItsOwn(node, initialisers))
		.map(
			({ inputs: [name = ""], outputs: [copy = ""] }): Sharing => ({
				name: copy,
				line: `${copy} equals ${name} in the file: a tensor of its own`,
			}),
		);
	return [...shared, ...again, ...copies];
}
