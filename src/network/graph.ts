import type { GraphNode } from "./ops/index.js";

/**
 * A network as plain data: built by the zoo or an importer, carried out by execute.ts, copied to workers as it is.
 * Images are NHWC inside; the batch axis is not part of any shape here.
 */
export interface Graph {
	/** What people call the network. */
	readonly name: string;
	/** Names of the values fed in; the first is the samples. */
	readonly inputs: readonly GraphInput[];
	/** In an order in which every input of a node is computed before the node. */
	readonly nodes: readonly GraphNode[];
	/** The tensors it is computed with, in the order of the flat vector. */
	readonly parameters: readonly Parameter[];
	/** Values that nothing changes: masks, positions, the numbers of a normalisation that came with the model. */
	readonly constants?: readonly Constant[];
	/** The value that the loss takes: logits [classes] for a classifier. */
	readonly output: string;
}

export interface GraphInput {
	/** As nodes call it. */
	readonly name: string;
	/** Of one sample: [height, width, channels] for an image. */
	readonly shape: readonly number[];
	/** What the elements are; float32 where nothing is said, int32 for tokens. */
	readonly type?: "float32" | "int32";
	/** How files hold a sample (channels first where the exporter's framework has them so); as `shape` where missing. */
	readonly native?: NativeLayout;
}

/** A fixed tensor, without a batch axis. */
export interface Constant {
	/** As nodes call it. */
	readonly name: string;
	readonly shape: readonly number[];
	readonly type: "float32" | "int32" | "bool";
	readonly values: Float32Array | Int32Array;
}

/** What a tensor is for. Normalisation and "leave biases and batch-norm alone" are decided from it, never from a name. */
export type ParameterKind = "kernel" | "bias" | "scale" | "shift" | "running-mean" | "running-variance";

export interface Parameter {
	/** As nodes and files call it. */
	readonly name: string;
	/** As the ops take it: [height, width, in, out] for a convolution, [in, out] for a dense layer. */
	readonly shape: readonly number[];
	/** What it is for. */
	readonly kind: ParameterKind;
	/** The axes that count the filters (PyTorch's axis 0); empty where there are none. */
	readonly filterAxes: readonly number[];
	/** How many inputs one output of the layer sums up: sets the range of the initial values. */
	readonly fanIn: number;
	/** How files hold it. */
	readonly native: NativeLayout;
}

/**
 * How files hold the tensor (PyTorch's layout): its shape there; a view of it, the same values with the axes taken apart;
 * and the order in which the view's axes come here: permuting the view and flattening gives `Parameter.shape`.
 */
export interface NativeLayout {
	readonly shape: readonly number[];
	readonly view: readonly number[];
	readonly permutation: readonly number[];
}

/** Running statistics of batch normalisation belong to the network, but are not parameters: a sweep leaves them alone. */
export function isStatistic(parameter: Pick<Parameter, "kind">): boolean {
	return parameter.kind === "running-mean" || parameter.kind === "running-variance";
}

/** The shape of one sample of every value in the graph, by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** How many nodes read each value; outputs are read once more, by their caller. */
export function countReaders(nodes: Graph["nodes"], outputs: readonly string[]): Map<string, number> {
	const readers = new Map(outputs.map((name) => [name, 1]));
	for (const node of nodes) for (const name of node.inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
	return readers;
}
