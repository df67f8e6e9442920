import { mul, tensor } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";

export interface DropoutAttributes {
	/** The share of values set to 0 while training; the others are divided by 1 - rate. */
	readonly rate: number;
}

export const dropout: Op<DropoutAttributes> = {
	shape: (inputs) => required(inputs, 0),

	run(inputs, { rate }, { training, uniform }) {
		const x = required(inputs, 0);
		if (!training || uniform === undefined || rate === 0) return x.clone();
		const kept = 1 / (1 - rate);
		const mask = Float32Array.from({ length: x.size }, () => (uniform() < rate ? 0 : kept));
		return mul(x, tensor(mask, x.shape));
	},
};
