import { exp, log } from "../../exact/elementary.js";
import { meanOfAll } from "../../network/graph-builder.js";
import type { Loss, Outputs } from "../loss.js";

/** PyTorch's limit on a logarithm, which keeps a certain and wrong answer finite. */
const LOWEST = -100;
/** The least normal number of float32: below it a derivative would be Infinity. */
const LEAST_PROBABILITY = 2 ** -126;

/** The mean over a sample's outputs, each of which says how likely one thing is; targets are 0, 1 or between. */
function addMeans({ values, width, targets }: Outputs, total: number, loss: (y: number, t: number) => number): number {
	let sum = total;
	for (let first = 0; first < values.length; first += width) {
		let sample = 0;
		for (let i = first; i < first + width; i++) sample += loss(values[i] ?? Number.NaN, targets[i] ?? Number.NaN);
		sum += sample / width;
	}
	return sum;
}

/** −t·ln p − (1 − t)·ln(1 − p), each logarithm at least −100, from probabilities. */
export const binaryCrossEntropy: Loss = {
	name: "binary-cross-entropy",
	takes: ["labels"],
	of: { what: "probabilities", instead: "binary-cross-entropy-from-logits" },

	add: (total, outputs) =>
		addMeans(outputs, total, (p, t) =>
			p >= 0 && p <= 1 ? -t * Math.max(log(p), LOWEST) - (1 - t) * Math.max(log(1 - p), LOWEST) : Number.NaN,
		),

	differentiable: {
		nodes(build, output, target) {
			const logOf = (p: string) =>
				build.unary("log", build.unary("clip", p, LEAST_PROBABILITY, Number.POSITIVE_INFINITY));
			const here = build.mul(target, logOf(output));
			const there = build.mul(build.affine(target, -1, 1), logOf(build.affine(output, -1, 1)));
			return build.affine(meanOfAll(build, build.add(here, there)), -1);
		},
		targets: ({ targets }) => Float32Array.from(targets),
	},
};

/** The same from logits, without overflow: max(x, 0) − x·t + ln(1 + e^−|x|). */
export const binaryCrossEntropyFromLogits: Loss = {
	name: "binary-cross-entropy-from-logits",
	takes: ["labels"],

	add: (total, outputs) => addMeans(outputs, total, (x, t) => Math.max(x, 0) - x * t + log(1 + exp(-Math.abs(x)))),

	// ln(1 + eˣ) - x·t: the same, and smooth where its parts are not.
	differentiable: {
		nodes: (build, output, target) =>
			meanOfAll(build, build.sub(build.unary("softplus", output), build.mul(output, target))),
		targets: ({ targets }) => Float32Array.from(targets),
	},
};
