import { consumersOf, type OnnxModel, type OnnxNode } from "./model.js";

/** Norms, and their inputs that are vectors of a layer's own. */
const norms: Readonly<Record<string, readonly number[]>> = {
	BatchNormalization: [1, 2, 3, 4],
	GroupNormalization: [1, 2],
	InstanceNormalization: [1, 2],
	LayerNormalization: [1, 2],
	RMSNormalization: [1],
};

/** Layers that multiply with their second input and add their third. */
const layers: ReadonlySet<string> = new Set(["Conv", "ConvTranspose", "Gemm"]);

/**
 * Vectors that an exporter merged because they were equal, as biases of fresh layers are: biases of layers with other weights, and
 * scales and shifts that are read more often than any matrix, which a layer that is called again would read as often. What is read in
 * any other way is shared.
 */
export function mergedVectors({ nodes, initialisers }: OnnxModel, moves: ReadonlySet<string>): Set<string> {
	const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
	const isMatrix = (name: string | undefined) => (initialisers.get(name ?? "")?.shape.length ?? 0) >= 2;
	const readings = consumersOf(nodes);
	const again = new Set([...readings].flatMap(([name, all]) => (isMatrix(name) && all.length > 1 ? [all.length] : [])));
	const merged = new Set<string>();
	for (const [name, { kind, shape }] of initialisers) {
		const readers = readings.get(name) ?? [];
		if (
			kind !== "float" ||
			shape.length !== 1 ||
			readers.length < 2 ||
			!(moves.has(name) || isStatistic(name, readers))
		)
			continue;
		const partners = readers.map((node) => partnerOf(node, name, producers, isMatrix));
		if (partners.includes(undefined)) continue;
		const matrices = new Set(partners.filter((partner) => partner !== NORM));
		const areNorms = partners.every((partner) => partner === NORM);
		if (areNorms ? !again.has(readers.length) : matrices.size + (partners.includes(NORM) ? 1 : 0) > 1) merged.add(name);
	}
	return merged;
}

/** Stands for the matrix of a layer that has none. */
const NORM = "";

/** The matrix of the layer whose bias a node adds; `NORM` where it is a norm's, nothing where it is none of a layer's vectors. */
function partnerOf(
	node: OnnxNode,
	name: string,
	producers: ReadonlyMap<string, OnnxNode>,
	isMatrix: (name: string | undefined) => boolean,
): string | undefined {
	const index = node.inputs.indexOf(name);
	if (norms[node.op]?.includes(index) === true) return NORM;
	if (layers.has(node.op)) return index === 2 && isMatrix(node.inputs[1]) ? node.inputs[1] : undefined;
	if (node.op !== "Add") return undefined;
	const product = producers.get(node.inputs[1 - index] ?? "");
	return product?.op === "MatMul" && isMatrix(product.inputs[1]) ? product.inputs[1] : undefined;
}

/** Running statistics don't move with random directions, but belong to a layer each all the same. */
function isStatistic(name: string, readers: readonly OnnxNode[]): boolean {
	return readers.some(({ op, inputs }) => op === "BatchNormalization" && inputs.indexOf(name) >= 3);
}
