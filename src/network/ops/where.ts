import { cast, where as select } from "@tensorflow/tfjs-core";
import { broadcastShapes, type Op, required } from "./op.js";

/** Inputs: condition (bool), the values where it holds, the values where it doesn't; broadcast. */
export const where: Op<Record<never, never>> = {
	shape: (inputs) => inputs.reduce((a, b) => broadcastShapes(a, b)),
	run: (inputs) => select(cast(required(inputs, 0), "bool"), required(inputs, 1), required(inputs, 2)),
};
