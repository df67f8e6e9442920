import { OptionError } from "../errors.js";
import type { Graph } from "../network/graph.js";
import { parameterLayout } from "../network/parameters.js";
import { namesMatching } from "../network/patterns.js";
import { listed } from "../options/kinds.js";
import type { SweepRequest } from "./request.js";

/** Which tensors don't move, and how people are told. */
export interface Stillness {
	readonly still: ReadonlySet<string>;
	/** For captions. */
	readonly facts: readonly string[];
}

/**
 * The tensors that a request keeps where they are: those that `freeze` names, and those that `only` does not.
 *
 * @throws {OptionError} when a pattern names none, or nothing is left to move
 */
export function stillTensors(graph: Graph, { freeze, only }: Pick<SweepRequest, "freeze" | "only">): Stillness {
	const names = graph.parameters.map(({ name }) => name);
	const frozen = namesMatching(listed(freeze), names, "freeze");
	const moving = only === undefined ? new Set(names) : namesMatching(listed(only), names, "only");
	const still = new Set(names.filter((name) => frozen.has(name) || !moving.has(name)));
	if (parameterLayout(graph).slots.every(({ name }) => still.has(name)) && still.size > 0)
		throw new OptionError(
			only === undefined ? "freeze" : "only",
			`expected some tensor of ${graph.name} to move still`,
		);
	const { slots, length } = parameterLayout(graph);
	const moved = slots.reduce((sum, { name, size }) => sum + (still.has(name) ? 0 : size), 0);
	return {
		still,
		facts: [
			...(freeze === undefined ? [] : [`frozen ${listed(freeze).join(", ")}`]),
			...(only === undefined ? [] : [`only ${listed(only).join(", ")}`]),
			...(still.size === 0 ? [] : [`${moved.toLocaleString("en")} of ${length.toLocaleString("en")} numbers move`]),
		],
	};
}
