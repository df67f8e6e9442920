import { add, matMul, mul, slice, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";
import {
	activator,
	gatesOf,
	type RecurrentAttributes,
	recur,
	recurrentShape,
	recurrentWork,
	startOf,
	sumOf,
	tensorsOf,
} from "./recurrence.js";

/** The kernels' columns hold update gate, reset gate and new values. Activations: of the gates, of the new values. */
export interface GruAttributes extends RecurrentAttributes {
	/** Whether the reset gate is applied after the product with the recurrent kernel, as cuDNN and PyTorch have it. */
	readonly resetAfter: boolean;
}

/**
 * z, r = σ(x W + h R + b), h' = z ∘ h + (1 - z) ∘ g(x W + (r ∘ h) R + b), or r ∘ (h R + b) where the reset comes after.
 *
 * @see Cho et al. 2014 (arXiv 1406.1078), section 2.3
 */
export const gru: Op<GruAttributes> = {
	shape: (inputs) => recurrentShape(inputs, 3),

	run(inputs, attributes, mode) {
		const x = required(inputs, 0);
		const tensors = tensorsOf(inputs, attributes);
		const { recurrent, hidden, others } = tensors;
		const activate = activator(attributes, mode);
		const gates = slice(recurrent, [0, 0], [hidden, 2 * hidden]);
		const values = slice(recurrent, [0, 2 * hidden], [hidden, hidden]);
		const within = attributes.resetAfter ? others.recurrentBias : undefined;
		const step = (input: Tensor2D, [state]: readonly Tensor2D[]) => {
			const h = required([state], 0) as Tensor2D;
			const [xz, xr, xh] = gatesOf(input, 3) as [Tensor2D, Tensor2D, Tensor2D];
			if (attributes.resetAfter) {
				const product = matMul(h, recurrent);
				const [hz, hr, hh] = gatesOf(within === undefined ? product : add(product, within), 3) as Tensor2D[];
				const [z, r] = [activate(0, add(xz, hz as Tensor2D)), activate(0, add(xr, hr as Tensor2D))];
				return [mixed(z, h, activate(1, add(xh, mul(r, hh as Tensor2D))))];
			}
			const [hz, hr] = gatesOf(matMul(h, gates), 2) as [Tensor2D, Tensor2D];
			const [z, r] = [activate(0, add(xz, hz)), activate(0, add(xr, hr))];
			return [mixed(z, h, activate(1, add(xh, matMul(mul(r, h) as Tensor2D, values))))];
		};
		const bias = sumOf(others.bias, attributes.resetAfter ? undefined : others.recurrentBias);
		return recur(x, tensors, bias, { start: [startOf(tensors, "hidden")], step }, attributes.reverse);
	},

	multiplyAdds: recurrentWork,
};

/** z ∘ old + (1 - z) ∘ new */
function mixed(z: Tensor2D, old: Tensor2D, fresh: Tensor2D): Tensor2D {
	return add(mul(z, old), mul(sub(1, z), fresh)) as Tensor2D;
}
