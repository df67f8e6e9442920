import { mul, tensor } from "@tensorflow/tfjs-core";
import type { RandomStream } from "../../exact/random.js";
import { sameAxes } from "./axes.js";
import { linearTangent, type Op, required } from "./op.js";

export interface DropoutAttributes {
	/** The share of values set to 0 while training; the others are divided by 1 - rate. */
	readonly rate: number;
}

export const dropout: Op<DropoutAttributes> = {
	shape: (inputs) => required(inputs, 0),

	run(inputs, { rate }, { training, random }) {
		const x = required(inputs, 0);
		if (!training || random === undefined || rate === 0) return x.clone();
		return mul(x, tensor(dropoutMask(x.size, rate, random), x.shape));
	},

	axes: sameAxes,

	tangent: linearTangent("dropout"),
};

/** For each value 0 with the probability `rate` (to 16 bits), else 1 / (1 - rate). */
function dropoutMask(size: number, rate: number, random: RandomStream): Float32Array {
	const words = new Uint16Array(size);
	random.fillUint16(words);
	const dropped = Math.round(rate * 2 ** 16);
	const kept = 1 / (1 - rate);
	const mask = new Float32Array(size);
	for (let i = 0; i < size; i++) mask[i] = (words[i] ?? 0) < dropped ? 0 : kept;
	return mask;
}
