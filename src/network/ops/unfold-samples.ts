import { reshape } from "@tensorflow/tfjs-core";
import { linearTangent, type Op, required } from "./op.js";

export interface UnfoldSamplesAttributes {
	/** How many samples are one again. */
	readonly count: number;
}

/** What `foldSamples` took apart, together again: the first axis of each sample. */
export const unfoldSamples: Op<UnfoldSamplesAttributes> = {
	shape: (inputs, { count }) => [count, ...required(inputs, 0)],

	run(inputs, { count }) {
		const x = required(inputs, 0);
		const [samples = count, ...rest] = x.shape;
		return reshape(x, [samples / count, count, ...rest]);
	},

	lower([x], { count }, lowering) {
		if (!x?.perSample) return undefined;
		const [samples = count, ...rest] = x.shape;
		return lowering.view(x, [samples / count, count, ...rest]);
	},

	axes: ([x = []], axes, { count }) => [axes.still(count), ...x],

	tangent: linearTangent("unfoldSamples"),
};
