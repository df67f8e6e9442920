import { attributeProblem } from "./attributes.js";
import type { Builder } from "./builder.js";
import { mergedVectors } from "./merged.js";
import { allNodes, type OnnxGraph, type OnnxModel, type OnnxNode } from "./model.js";
import { importers } from "./ops/index.js";
import { isCopyOfItsOwn } from "./tied.js";
import { movementOf } from "./trainable.js";
import { ImportProblem, type Operand, problem } from "./value.js";

/** A model on its way to a graph. */
export interface Importing {
	readonly model: OnnxModel;
	/** The names of the tensors that move. */
	readonly moves: ReadonlySet<string>;
	readonly builder: Builder;
	/** What is known so far, by name; each node adds its outputs. */
	readonly operands: Map<string, Operand>;
	/** How many samples the file was exported with; undefined where it leaves that open. */
	readonly batch: number | undefined;
}

/** Walks through the nodes and names the problems of all that have some; what follows from them is left out. */
export function importNodes(importing: Importing): string[] {
	const { model, builder, operands } = importing;
	const problems: string[] = [];
	const failed = new Set<string>();
	const inputsOf = inputsFor(importing);
	const read = new Set([...allNodes(model.nodes).flatMap(({ inputs }) => inputs), ...model.outputs]);
	for (const node of model.nodes) {
		if (node.inputs.some((name) => name !== "" && failed.has(name))) {
			for (const name of node.outputs) failed.add(name);
			continue;
		}
		builder.naming = node.outputs[0] ?? node.name;
		const results = attempt(() => importNode(importing, node, inputsOf, read));
		if (typeof results === "string") {
			problems.push(`${named(node)}: ${results}`);
			for (const name of node.outputs) failed.add(name);
			continue;
		}
		for (const [index, name] of node.outputs.entries()) {
			const result = results[index];
			if (name !== "" && result !== undefined) operands.set(name, result);
		}
	}
	return problems;
}

type InputsOf = (node: OnnxNode) => readonly (Operand | undefined)[];

/** What a node reads, in order. Of a vector that an exporter merely merged the first layer has the tensor, each other a copy. */
function inputsFor({ model, moves, builder, operands }: Importing): InputsOf {
	const merged = mergedVectors(model, moves);
	const copied = new Set<string>();
	return ({ inputs }) =>
		inputs.map((name) => {
			const tensor = model.initialisers.get(name);
			if (tensor === undefined || !merged.has(name)) return name === "" ? undefined : operands.get(name);
			const isFirst = !copied.has(name);
			copied.add(name);
			return isFirst ? operands.get(name) : builder.initialiser(name, { ...tensor });
		});
}

/** @param read the names of all values that something reads */
function importNode(
	importing: Importing,
	node: OnnxNode,
	inputsOf: InputsOf,
	read: ReadonlySet<string>,
): readonly (Operand | undefined)[] {
	const { model, moves, builder, operands, batch } = importing;
	const refused = attributeProblem(node);
	if (refused !== undefined) return problem(refused);
	const missing = node.inputs.filter((name) => name !== "" && !operands.has(name));
	if (missing.length > 0) return problem(`no value named ${missing.join(", ")}`);
	const [first = ""] = node.inputs;
	const source = model.initialisers.get(first);
	if (source !== undefined && moves.has(first) && isCopyOfItsOwn(node, model.initialisers))
		return [builder.initialiser(node.outputs[0] ?? "", { ...source })];
	const importOp = importers.get(node.op);
	if (importOp === undefined) return [];
	return importOp({
		builder,
		node,
		opset: node.opset ?? model.opset,
		inputs: inputsOf(node),
		batch,
		isRead: (output) => Boolean(node.outputs[output]) && read.has(node.outputs[output] ?? ""),
		importBranch: (branch) => importBranch(importing, branch),
	});
}

/** What a branch that is known to be taken gives. */
function importBranch(around: Importing, { nodes, outputs, initialisers }: OnnxGraph): Operand[] {
	const model = {
		...around.model,
		nodes,
		outputs,
		initialisers: new Map([...around.model.initialisers, ...initialisers]),
	};
	const { moves } = movementOf(model, (name) => around.moves.has(name));
	const operands = new Map(around.operands);
	for (const [name, tensor] of initialisers)
		operands.set(name, moves.has(name) ? around.builder.initialiser(name, tensor) : tensor);
	const [first] = importNodes({ ...around, model, moves, operands });
	if (first !== undefined) return problem(first);
	return outputs.map((name) => operands.get(name) ?? problem(`its branch has no value ${name}`));
}

/** The message of a problem in place of a result. Ranges come from shapes that don't fit, which a file may well hold. */
export function attempt<T>(work: () => T): T | string {
	try {
		return work();
	} catch (error) {
		if (error instanceof ImportProblem || error instanceof RangeError) return error.message;
		throw error;
	}
}

export function isStandard(domain: string): boolean {
	return domain === "" || domain === "ai.onnx";
}

export function named({ name, op, domain }: OnnxNode): string {
	return `node ${name} (${isStandard(domain) ? op : `${domain}.${op}`})`;
}
