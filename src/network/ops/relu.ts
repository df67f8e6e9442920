import { relu as rectify } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";

export const relu: Op<Record<never, never>> = {
	shape: (inputs) => required(inputs, 0),
	run: (inputs) => rectify(required(inputs, 0)),
};
