import { slice, statisticsLayout } from "../../network/parameters.js";
import type { NetworkCheck } from "../check.js";
import { isBetweenNetworks } from "../facts.js";

/** Samples a batch of statistics, as the evaluator takes them. */
const BATCH = 64;

/** Where statistics of batch normalisation come from, and whether that suits what is drawn. */
export const batchNorm: NetworkCheck = {
	name: "batch-norm",
	question: "Do the statistics of batch normalisation suit the picture?",
	needs: "network",
	answer({ surface, sweepWith }, { network, problem }) {
		const { statistics } = network.state;
		if (statistics.length === 0) return null;
		const layout = statisticsLayout(network.graph);
		const negative = layout.slots.filter(
			(slot) => slot.kind === "running-variance" && slice(statistics, slot).some((value) => value < 0),
		);
		if (negative.length > 0)
			return {
				verdict: "wrong",
				text: `Running variances of ${negative.map(({ name }) => name).join(", ")} are negative, which no data have: the file is damaged, or its tensors are in another order.`,
				command: sweepWith({ batchNorm: "reestimate" }),
			};
		const between = isBetweenNetworks(surface);
		const { samples } = problem.data;
		switch (problem.batchNorm) {
			case "reestimate":
				return {
					verdict: "fine",
					text: "Statistics are measured anew at every point: what rescaling of layers does not change shows as unchanged.",
				};
			case "batch":
				return {
					verdict: samples % BATCH === 0 && samples >= 4 * BATCH ? "doubtful" : "wrong",
					text: `Statistics are those of each batch of ${BATCH}, the last one of ${samples % BATCH || BATCH} samples: a sample's loss depends on which others stand beside it, which is not how the network is used.`,
					command: sweepWith({ batchNorm: "reestimate" }),
				};
			case "fixed":
				if (!between)
					return {
						verdict: "fine",
						text: "Statistics are the network's own throughout, and so is the network at the origin.",
					};
				return {
					verdict: "wrong",
					text: "Statistics stay the first network's on the way to others: the ends are not the networks that they are said to be, and the barrier is too high.",
					command: sweepWith({ batchNorm: "reestimate" }),
				};
			default:
				if (!between)
					return {
						verdict: "fine",
						text: "Statistics are the network's own: right at the origin. Away from it activations have others; --batch-norm reestimate shows how much of the rise is that.",
					};
				return {
					verdict: "doubtful",
					text: "Statistics between the networks are interpolated, which fits none of them: variances of activations collapse there, and a barrier may be of that alone.",
					command: sweepWith({ batchNorm: "reestimate" }),
				};
		}
	},
};
