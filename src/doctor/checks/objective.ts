import { exp, log } from "../../exact/elementary.js";
import { inferShapes } from "../../network/infer-shapes.js";
import { endingOf } from "../../objective/ending.js";
import { formatNumber } from "../../render/parts/ticks.js";
import type { Resolved } from "../../resolve/index.js";
import type { Answer, Examined, NetworkCheck } from "../check.js";

/** So few unlike whole numbers are classes rather than values. */
const CLASSES = 20;

/** Whether the loss is one for what the network gives and for what its targets are. */
export const objective: NetworkCheck = {
	name: "objective",
	question: "Does the loss suit outputs and targets?",
	needs: "network",
	answer(run, { problem }) {
		const { graph, loss, data } = problem;
		const name = loss.startsWith("file:") ? "a loss of one's own" : loss;
		if (loss === "softmax-cross-entropy") return ofLogits(run, problem);
		const { targets } = data;
		const ending = endingOf(graph);
		if (["mse", "mae", "huber"].includes(loss)) {
			if (ending === "sigmoid" && targets.some((target) => target < 0 || target > 1))
				return {
					verdict: "wrong",
					text: `The network ends in a sigmoid, whose outputs are from 0 to 1, and targets are not: from ${formatNumber(Math.min(...targets))} to ${formatNumber(Math.max(...targets))}. No parameters reach them.`,
				};
			const kinds = new Set(targets);
			const isWhole = [...kinds].every((target) => Number.isInteger(target) && target >= 0);
			if (
				isWhole &&
				kinds.size > 2 &&
				kinds.size <= CLASSES &&
				(inferShapes(graph).get(graph.output)?.at(-1) ?? 1) === 1
			)
				return {
					verdict: "doubtful",
					text: `Targets are ${kinds.size} unlike whole numbers, judged by ${name} of one output: where they are classes, distances between their numbers mean nothing.`,
				};
		}
		return { verdict: "fine", text: `${name} of outputs ${endings[ending]}.` };
	},
};

const endings = {
	softmax: "that are probabilities",
	logSoftmax: "that are logarithms of probabilities",
	sigmoid: "from 0 to 1",
	linear: "of a plain layer",
	other: "as they come",
} as const;

function ofLogits({ sweepWith }: Examined, { graph }: Resolved["problem"]): Answer {
	const ending = endingOf(graph);
	if (ending !== "softmax" && ending !== "sigmoid")
		return { verdict: "fine", text: "Softmax cross-entropy of outputs that are logits." };
	const classes = inferShapes(graph).get(graph.output)?.at(-1) ?? 2;
	// Of outputs 1 and 0 the softmax gives e/(e + C − 1).
	const least = log(1 + (classes - 1) * exp(-1));
	return {
		verdict: "wrong",
		text: `The network ends in a ${ending}, and the loss takes a softmax of that once more: outputs are from 0 to 1, so that the loss is never below ${formatNumber(Number(least.toPrecision(4)))}, however right they are, and gradients are next to none.`,
		command: sweepWith({ loss: ending === "softmax" ? "cross-entropy-from-probabilities" : "binary-cross-entropy" }),
	};
}
