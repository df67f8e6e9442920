import { GraphError } from "../../errors.js";
import type { Network } from "../../network/network.js";
import { allNodes, type OnnxInput, type OnnxModel, readWithin } from "./model.js";

/** Inputs that some output depends on; whichever output is judged, data are fed to all of them. */
export function inputsRead({ inputs, nodes, outputs }: OnnxModel): readonly OnnxInput[] {
	const read = new Set([...allNodes(nodes).flatMap((node) => node.inputs), ...outputs]);
	return inputs.filter(({ name }) => read.has(name));
}

/** What can be made of the first of some outputs of which something can; the problems are those of the very first. */
export function firstOf(outputs: readonly string[], make: (output: string) => Network): Network {
	let first: GraphError | undefined;
	for (const output of outputs)
		try {
			return { ...make(output), output };
		} catch (error) {
			if (!(error instanceof GraphError)) throw error;
			first ??= error;
		}
	throw first ?? new GraphError(["it has no outputs"]);
}

/** A model up to one of its outputs: the nodes that it needs. */
export function upTo(model: OnnxModel, output: string): OnnxModel {
	const needed = new Set([output]);
	const nodes = model.nodes
		.toReversed()
		.filter((node) => {
			if (!node.outputs.some((name) => needed.has(name))) return false;
			for (const name of [...node.inputs, ...readWithin(node)]) needed.add(name);
			return true;
		})
		.reverse();
	return { ...model, nodes, outputs: [output] };
}
