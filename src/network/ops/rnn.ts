import { add, matMul, type Tensor2D } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";
import {
	activator,
	type RecurrentAttributes,
	recur,
	recurrentShape,
	recurrentWork,
	startOf,
	sumOf,
	tensorsOf,
} from "./recurrence.js";

/** h' = g(x W + h R + b): a network of Elman's. */
export const rnn: Op<RecurrentAttributes> = {
	shape: (inputs) => recurrentShape(inputs, 1),

	run(inputs, attributes, mode) {
		const x = required(inputs, 0);
		const tensors = tensorsOf(inputs, attributes);
		const activate = activator(attributes, mode);
		const step = (input: Tensor2D, [state]: readonly Tensor2D[]) => [
			activate(0, add(input, matMul(required([state], 0) as Tensor2D, tensors.recurrent))),
		];
		const bias = sumOf(tensors.others.bias, tensors.others.recurrentBias);
		return recur(x, tensors, bias, { start: [startOf(tensors, "hidden")], step }, attributes.reverse);
	},

	multiplyAdds: recurrentWork,
};
