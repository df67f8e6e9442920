import { isGraph, type OnnxModel, type OnnxNode } from "./model.js";

/** Inputs that decide where or whether, not how much: no gradient passes them. */
const withoutGradient: Readonly<Record<string, readonly number[]>> = {
	Clip: [1, 2],
	ConstantOfShape: [0],
	Dropout: [1, 2],
	Expand: [1],
	Gather: [1],
	GatherElements: [1],
	GatherND: [1],
	If: [0],
	Pad: [1, 2, 3],
	Pow: [1],
	Range: [0, 1, 2],
	ReduceMean: [1],
	ReduceSum: [1],
	Reshape: [1],
	Resize: [1, 2, 3],
	ScatterND: [1],
	Slice: [1, 2, 3, 4],
	Split: [1],
	Squeeze: [1],
	Tile: [1],
	Trilu: [1],
	CumSum: [1],
	Upsample: [1],
	Unsqueeze: [1],
	Where: [0],
};

/** Ops whose output does not change with small changes of the inputs. */
const steps = new Set([
	"Equal",
	"Greater",
	"GreaterOrEqual",
	"Less",
	"LessOrEqual",
	"Not",
	"And",
	"Or",
	"Xor",
	"Shape",
	"Size",
]);

/** In these an initialiser as second input is a part of the preprocessing: trained layers add and multiply. */
const preprocessing = new Set(["Sub", "Div"]);

/** No trained weight lies this low; masks add such numbers to what a softmax shall ignore. */
const MASKED = -1e4;

/**
 * The initialisers that training moves: floats from which a gradient reaches the output. The others are constants, such
 * as masks, means and deviations of the inputs, and single numbers.
 */
export function trainableInitialisers({ nodes, outputs, initialisers }: OnnxModel): Set<string> {
	const reached = new Set(outputs);
	for (const node of nodes.toReversed()) {
		if (!node.outputs.some((name) => reached.has(name)) || steps.has(node.op)) continue;
		for (const [index, name] of node.inputs.entries()) {
			const blocked = withoutGradient[node.op]?.includes(index) === true;
			if (!blocked && !(index === 1 && preprocessing.has(node.op) && initialisers.has(name))) reached.add(name);
		}
	}
	// What a branch reads reaches the output as well as the branch does.
	for (const node of nodes) for (const name of readWithin(node)) reached.add(name);
	const isTrainable = (name: string): boolean => {
		const tensor = initialisers.get(name);
		if (tensor?.kind !== "float" || tensor.shape.length === 0) return false;
		return tensor.values.every((value) => Number.isFinite(value) && value > MASKED);
	};
	return new Set([...initialisers.keys()].filter((name) => reached.has(name) && isTrainable(name)));
}

/** Nodes that hand an initialiser on under another name: the exporter found two layers with the same values. */
export function isCopy(node: OnnxNode, initialisers: OnnxModel["initialisers"]): boolean {
	return node.op === "Identity" && initialisers.has(node.inputs[0] ?? "");
}

/** All that the branches of a node read. */
function readWithin({ attributes }: OnnxNode): string[] {
	return [...attributes.values()].flatMap((value) =>
		isGraph(value) ? value.nodes.flatMap((node) => [...node.inputs, ...readWithin(node)]) : [],
	);
}
