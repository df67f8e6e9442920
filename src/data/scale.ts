import { LayoutMismatchError } from "../errors.js";
import type { Graph, GraphInput } from "../network/graph.js";
import type { GraphNode } from "../network/ops/index.js";

/** What 8-bit inputs are divided by. */
export const inputScales = ["none", "255"] as const;
export type InputScale = (typeof inputScales)[number];

/** What a network does with its input first: nothing of the kind, or what only numbers up to 255 are for, or something else. */
type FirstStep = "nothing" | "scales" | "unclear";

/** What only moves values about. */
const layouts = new Set(["transpose", "reshape", "flatten", "pad", "resample", "slice", "dropout"]);

/** Numbers from 0 to 255 are centred on more than this, or divided by more; those from 0 to 1 on at most 1, by at most 1. */
const [LEAST_CENTER, LEAST_DIVISOR] = [2, 16];

/**
 * Whether 8-bit numbers are divided by 255 for a network: not where they go into integers, or where the network divides them, or
 * takes something like a mean of pixels off them, itself.
 *
 * @returns the scale, and what was assumed
 * @throws {LayoutMismatchError} when it can't be told from the network
 */
export function scaleFor(
	graph: Graph,
	input: GraphInput,
	asked: InputScale | undefined,
): readonly [InputScale, string[]] {
	if (asked !== undefined) return [asked, []];
	if (input.type === "int32") return ["none", []];
	switch (firstStep(graph, input.name)) {
		case "nothing":
			return ["255", ["8-bit inputs are divided by 255"]];
		case "scales":
			return ["none", [`8-bit inputs are taken as they are: ${graph.name} scales them itself`]];
		case "unclear":
			throw new LayoutMismatchError(
				`${graph.name} computes with its input before its first layer, and it can't be told whether it takes 8-bit numbers as they are: give --scale-input none or 255`,
			);
	}
}

function firstStep(graph: Graph, input: string): FirstStep {
	let name = input;
	for (const node of graph.nodes) {
		if (!node.inputs.includes(name)) continue;
		if (layouts.has(node.op)) {
			name = node.output;
			continue;
		}
		return stepOf(node, graph);
	}
	return "nothing";
}

function stepOf(node: GraphNode, graph: Graph): FirstStep {
	if (node.op === "unary" && node.attributes.function === "affine") {
		const { alpha = 1, beta = 0 } = node.attributes as { alpha?: number; beta?: number };
		return judge(1 / alpha, -beta);
	}
	if (node.op === "unary" && ["toFloat", "toInt"].includes(node.attributes.function)) return "unclear";
	if (node.op !== "binary") return "nothing";
	const constant = graph.constants?.find(({ name }) => node.inputs.includes(name));
	if (constant === undefined) return "nothing";
	const [first = 1] = constant.values;
	switch (node.attributes.function) {
		case "div":
			return judge(first, 0);
		case "mul":
			return judge(1 / first, 0);
		case "sub":
			return judge(1, first);
		case "add":
			return judge(1, -first);
		default:
			return "unclear";
	}
}

function judge(divisor: number, center: number): FirstStep {
	if (Math.abs(divisor) >= LEAST_DIVISOR || Math.abs(center) >= LEAST_CENTER) return "scales";
	return Math.abs(divisor) <= 1 && Math.abs(center) <= 1 ? "nothing" : "unclear";
}
