import { isGraph, isReference, type OnnxAttribute, type OnnxFunction, type OnnxGraph, type OnnxNode } from "./model.js";

/** By domain and name, as `keyOf` writes them. */
export type OnnxFunctions = ReadonlyMap<string, OnnxFunction>;

export function keyOf(domain: string, name: string): string {
	return `${domain}:${name}`;
}

/** More nodes than any network has; functions of functions come to any number in a small file. */
const MOST_NODES = 2 ** 16;

/**
 * Nodes with those that call a function of the model's own replaced by what that is made of, names within it after the name of the
 * node that calls.
 *
 * @throws {RangeError} when there are too many, or a function calls itself
 */
export function inlined(nodes: readonly OnnxNode[], functions: OnnxFunctions, depth = 0): OnnxNode[] {
	if (functions.size === 0) return [...nodes];
	if (depth > functions.size) throw new RangeError("its functions call each other in a circle");
	const all: OnnxNode[] = [];
	for (const node of nodes) {
		const body = functions.get(keyOf(node.domain, node.op));
		for (const each of body === undefined
			? [withinBranches(node, functions, depth)]
			: inlined(called(node, body), functions, depth + 1))
			all.push(each);
		if (all.length > MOST_NODES) throw new RangeError(`its functions come to more than ${MOST_NODES} nodes`);
	}
	return all;
}

/** The nodes of a function as one node calls it. */
function called(caller: OnnxNode, { inputs, outputs, defaults, nodes }: OnnxFunction): OnnxNode[] {
	const names = new Map<string, string>([["", ""]]);
	inputs.forEach((name, index) => {
		names.set(name, caller.inputs[index] ?? "");
	});
	outputs.forEach((name, index) => {
		const given = caller.outputs[index];
		if (given !== undefined && given !== "") names.set(name, given);
	});
	const rename = (name: string) => names.get(name) ?? `${caller.name}/${name}`;
	return nodes.map((node) => renamed(node, rename, caller, defaults));
}

function renamed(
	node: OnnxNode,
	rename: (name: string) => string,
	caller: OnnxNode,
	defaults: ReadonlyMap<string, OnnxAttribute>,
): OnnxNode {
	const attributes = new Map<string, OnnxAttribute>();
	for (const [name, value] of node.attributes) {
		const own = isReference(value) ? (caller.attributes.get(value.parameter) ?? defaults.get(value.parameter)) : value;
		if (own === undefined) continue;
		attributes.set(name, isGraph(own) ? renamedGraph(own, rename, caller, defaults) : own);
	}
	return {
		...node,
		name: `${caller.name}/${node.name}`,
		inputs: node.inputs.map(rename),
		outputs: node.outputs.map(rename),
		attributes,
	};
}

function renamedGraph(
	{ nodes, outputs, initialisers }: OnnxGraph,
	rename: (name: string) => string,
	caller: OnnxNode,
	defaults: ReadonlyMap<string, OnnxAttribute>,
): OnnxGraph {
	return {
		nodes: nodes.map((node) => renamed(node, rename, caller, defaults)),
		outputs: outputs.map(rename),
		initialisers: new Map([...initialisers].map(([name, tensor]) => [rename(name), tensor])),
	};
}

/** A node with the functions in its branches replaced, too. */
function withinBranches(node: OnnxNode, functions: OnnxFunctions, depth: number): OnnxNode {
	const branches = [...node.attributes].filter(([, value]) => isGraph(value));
	if (branches.length === 0) return node;
	const attributes = new Map(node.attributes);
	for (const [name, value] of branches)
		if (isGraph(value)) attributes.set(name, { ...value, nodes: inlined(value.nodes, functions, depth) });
	return { ...node, attributes };
}
