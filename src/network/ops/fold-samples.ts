import { reshape } from "@tensorflow/tfjs-core";
import { axisAt } from "./axes.js";
import { linearTangent, type Op, required } from "./op.js";

/** The elements of the first axis of a sample, such as the frames of a video, as samples of their own. */
export const foldSamples: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0).slice(1),

	run(inputs) {
		const x = required(inputs, 0);
		const [samples = 1, count = 1, ...rest] = x.shape;
		return reshape(x, [samples * count, ...rest]);
	},

	lower([x], _, lowering) {
		if (!x?.perSample) return undefined;
		const [samples = 1, count = 1, ...rest] = x.shape;
		return lowering.view(x, [samples * count, ...rest]);
	},

	axes([x = []], axes) {
		axes.fix(axisAt(x, 0), "its elements are samples of their own");
		return x.slice(1);
	},

	tangent: linearTangent("foldSamples"),
};
