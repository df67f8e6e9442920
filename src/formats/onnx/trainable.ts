import { reasonByContents } from "./contents.js";
import { consumersOf, type OnnxModel, type OnnxNode, type OnnxTensor, readWithin } from "./model.js";

/** Inputs that decide where or whether, not how much: no gradient passes them. */
const withoutGradient: Readonly<Record<string, readonly number[]>> = {
	Clip: [1, 2],
	ConstantOfShape: [0],
	CumSum: [1],
	DequantizeLinear: [1, 2],
	Dropout: [1, 2],
	Expand: [1],
	Gather: [1],
	GatherElements: [1],
	GatherND: [1],
	If: [0],
	Pad: [1, 2, 3],
	Pow: [1],
	QuantizeLinear: [1, 2],
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
	Unsqueeze: [1],
	Upsample: [1],
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
	"IsNaN",
	"And",
	"Or",
	"Xor",
	"Shape",
	"Size",
]);

/** In these an initialiser as second input is a part of the preprocessing: trained layers add and multiply. */
const preprocessing = new Set(["Sub", "Div"]);

/** What only arranges, scales or joins, on the way from frequencies to their sines. */
const arranging = new Set([
	"Add",
	"Cast",
	"Concat",
	"Expand",
	"MatMul",
	"Mul",
	"Reshape",
	"Squeeze",
	"Transpose",
	"Unsqueeze",
]);

/** Which tensors of floats a sweep moves, and why the others stay as they are. */
export interface Movement {
	readonly moves: ReadonlySet<string>;
	readonly still: ReadonlyMap<string, string>;
}

/**
 * The initialisers that training moves: floats from which a gradient reaches the output. The others are constants, such as masks,
 * means and deviations of the inputs, single numbers, and tables of sines.
 *
 * @param asked whether a tensor is to move whatever it looks like
 */
export function movementOf(model: OnnxModel, asked: (name: string) => boolean): Movement {
	const { nodes, initialisers } = model;
	const reached = reachedByGradient(model);
	const consumers = consumersOf(nodes);
	const moves = new Set<string>();
	const still = new Map<string, string>();
	for (const [name, tensor] of initialisers) {
		if (tensor.kind !== "float") continue;
		const reason = asked(name) ? undefined : reasonToStay(name, tensor, reached, consumers);
		if (reason === undefined) moves.add(name);
		else still.set(name, reason);
	}
	return { moves, still };
}

function reasonToStay(
	name: string,
	tensor: OnnxTensor,
	reached: ReadonlySet<string>,
	consumers: ReadonlyMap<string, readonly OnnxNode[]>,
): string | undefined {
	if (tensor.shape.length === 0) return "a single number";
	if (!reached.has(name)) return "no gradient passes it";
	if (isFilling(name, tensor, consumers)) return "a filling";
	if (isFrequencies(name, consumers)) return "frequencies of sines and cosines";
	return reasonByContents(name, tensor);
}

/** All values from which a gradient reaches the outputs. */
function reachedByGradient({ nodes, outputs, initialisers }: OnnxModel): Set<string> {
	const reached = new Set(outputs);
	for (const node of nodes.toReversed()) {
		if (!node.outputs.some((name) => reached.has(name)) || steps.has(node.op)) continue;
		for (const [index, name] of node.inputs.entries()) {
			const blocked = withoutGradient[node.op]?.includes(index) === true;
			if (!blocked && !(index === 1 && preprocessing.has(node.op) && initialisers.has(name))) reached.add(name);
		}
		// What a branch reads reaches the output as well as the branch does.
		for (const name of readWithin(node)) reached.add(name);
	}
	return reached;
}

/** Whether a tensor holds one number, and only stands where a condition does not hold. */
function isFilling(name: string, { values }: OnnxTensor, consumers: ReadonlyMap<string, readonly OnnxNode[]>): boolean {
	const readers = consumers.get(name) ?? [];
	return readers.every(({ op }) => op === "Where") && values.every((value) => value === values[0]);
}

/** How many values are looked at on the way to sines; there are a few. */
const MOST_STEPS = 32;

/** Whether all that a tensor leads to is a sine and a cosine: positions or random features, whose frequencies are not trained. */
function isFrequencies(name: string, consumers: ReadonlyMap<string, readonly OnnxNode[]>): boolean {
	const queue = [name];
	const ends = new Set<string>();
	for (let count = 0; count < queue.length; count++) {
		const readers = consumers.get(queue[count] ?? "") ?? [];
		if (readers.length === 0 || count > MOST_STEPS) return false;
		for (const { op, outputs } of readers) {
			if (op === "Sin" || op === "Cos") ends.add(op);
			else if (arranging.has(op)) queue.push(...outputs.filter((output) => output !== "" && !queue.includes(output)));
			else return false;
		}
	}
	return ends.size === 2;
}

/** Nodes that hand an initialiser on under another name: the exporter found two layers with the same values. */
export function isCopy(node: OnnxNode, initialisers: OnnxModel["initialisers"]): boolean {
	return node.op === "Identity" && initialisers.has(node.inputs[0] ?? "");
}
