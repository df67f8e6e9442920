import { add, matMul, mul, slice, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Op } from "./op.js";
import { gatesOf, type RecurrentAttributes, recurrent, sumOf } from "./recurrence.js";

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
export const gru: Op<GruAttributes> = recurrent(
	3,
	({ recurrent: kernel, hidden, others }, { resetAfter }, activate) => {
		const { bias, recurrentBias } = others;
		const gates = slice(kernel, [0, 0], [hidden, 2 * hidden]);
		const values = slice(kernel, [0, 2 * hidden], [hidden, hidden]);
		return {
			states: ["hidden"],
			step(input, h) {
				const [xz, xr, xh] = gatesOf(input, 3) as [Tensor2D, Tensor2D, Tensor2D];
				if (resetAfter) {
					const product = matMul(h, kernel);
					const biased = recurrentBias === undefined ? product : add(product, recurrentBias);
					const [hz, hr, hh] = gatesOf(biased, 3) as [Tensor2D, Tensor2D, Tensor2D];
					const [z, r] = [activate(0, add(xz, hz)), activate(0, add(xr, hr))];
					return [mixed(z, h, activate(1, add(xh, mul(r, hh))))];
				}
				const [hz, hr] = gatesOf(matMul(h, gates), 2) as [Tensor2D, Tensor2D];
				const [z, r] = [activate(0, add(xz, hz)), activate(0, add(xr, hr))];
				return [mixed(z, h, activate(1, add(xh, matMul(mul(r, h) as Tensor2D, values))))];
			},
			bias: resetAfter ? bias : sumOf(bias, recurrentBias),
			result: "hidden",
		};
	},
);

/** z ∘ old + (1 - z) ∘ new */
function mixed(z: Tensor2D, old: Tensor2D, fresh: Tensor2D): Tensor2D {
	return add(mul(z, old), mul(sub(1, z), fresh)) as Tensor2D;
}
