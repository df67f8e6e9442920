/** A tensor of an ONNX file; integers are whole doubles. */
export interface OnnxTensor {
	readonly shape: readonly number[];
	readonly kind: "float" | "int" | "bool";
	readonly values: Float32Array | Float64Array;
	/** Of whole numbers, what their type can hold. */
	readonly range?: readonly [least: number, most: number];
}

export type OnnxAttribute =
	| number
	| string
	| readonly number[]
	| readonly string[]
	| OnnxTensor
	| OnnxGraph
	| OnnxReference;

/** A graph in an attribute: a branch. */
export interface OnnxGraph {
	readonly nodes: readonly OnnxNode[];
	readonly initialisers: ReadonlyMap<string, OnnxTensor>;
	readonly outputs: readonly string[];
}

/** An attribute of a function's node that the function's caller gives. */
export interface OnnxReference {
	readonly parameter: string;
}

export function isGraph(value: OnnxAttribute | undefined): value is OnnxGraph {
	return typeof value === "object" && "nodes" in value;
}

export function isReference(value: OnnxAttribute): value is OnnxReference {
	return typeof value === "object" && "parameter" in value;
}

/** A function of the model's own: a name for some nodes. */
export interface OnnxFunction {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** Values of attributes that a caller need not give. */
	readonly defaults: ReadonlyMap<string, OnnxAttribute>;
	readonly nodes: readonly OnnxNode[];
}

export interface OnnxNode {
	readonly op: string;
	readonly domain: string;
	/** The node's own name, or its first output where it has none. */
	readonly name: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly attributes: ReadonlyMap<string, OnnxAttribute>;
	/** Of the function that it comes from, where that is another than the model's. */
	readonly opset?: number;
}

export interface OnnxInput {
	readonly name: string;
	readonly kind: "float" | "int" | "bool";
	/** undefined where the file leaves a length open. */
	readonly shape: readonly (number | undefined)[];
	/** What the file calls open lengths; empty where it gives them no name. */
	readonly names: readonly string[];
}

/** What an ONNX file says, without the layers of its format. */
export interface OnnxModel {
	readonly name: string;
	readonly opset: number;
	readonly inputs: readonly OnnxInput[];
	readonly outputs: readonly string[];
	readonly nodes: readonly OnnxNode[];
	readonly initialisers: ReadonlyMap<string, OnnxTensor>;
}

/** Nodes with those in their branches. */
export function allNodes(nodes: readonly OnnxNode[]): OnnxNode[] {
	return nodes.flatMap((node) => [
		node,
		...[...node.attributes.values()].flatMap((value) => (isGraph(value) ? allNodes(value.nodes) : [])),
	]);
}

/** All that the branches of a node read. */
export function readWithin(node: OnnxNode): string[] {
	return allNodes([node])
		.slice(1)
		.flatMap(({ inputs }) => inputs);
}

/** The nodes that read each value, as often as they do. */
export function consumersOf(nodes: readonly OnnxNode[]): ReadonlyMap<string, readonly OnnxNode[]> {
	const consumers = new Map<string, OnnxNode[]>();
	for (const node of nodes)
		for (const name of node.inputs) {
			const known = consumers.get(name);
			if (known === undefined) consumers.set(name, [node]);
			else known.push(node);
		}
	return consumers;
}
