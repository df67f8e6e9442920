import { gather, type Tensor1D } from "@tensorflow/tfjs-core";
import { lowerGather } from "../../kernels/gather.js";
import { axisAt } from "./axes.js";
import { taken } from "./gradient.js";
import { linearTangent, type Op, required } from "./op.js";

/** Inputs: table [rows, ...], and tokens [...] (int32), each of which becomes the row of its number. */
export const embedding: Op<Record<never, never>> = {
	shape: (inputs) => [...required(inputs, 1), ...required(inputs, 0).slice(1)],
	run: (inputs, _, { gradient }) =>
		gradient
			? taken(required(inputs, 0), required(inputs, 1), 0)
			: gather(required(inputs, 0), required(inputs, 1) as Tensor1D),
	lower: ([table, tokens], _, lowering) => table && tokens && lowerGather(lowering, table, tokens),

	axes([table = [], tokens = []], axes) {
		axes.fix(axisAt(table, 0), "looked up by number");
		return [...tokens, ...table.slice(1)];
	},

	tangent: linearTangent("embedding"),
};
