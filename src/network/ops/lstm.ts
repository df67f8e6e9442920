import { add, matMul, mul, sub, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { type Op, required } from "./op.js";
import { gatesOf, type RecurrentAttributes, recurrent, sumOf } from "./recurrence.js";

/** Activations: of the gates, of the new values, of the cell on its way out. */
export interface LstmAttributes extends RecurrentAttributes {
	/** The order in which the kernels' columns hold input, output and forget gate and the new values. */
	readonly gates: "iofc" | "ifco";
	/** What comes out: what each step hands on as output, or its cell. */
	readonly result: "hidden" | "cell";
	/** Whether the forget gate is 1 less the input gate. */
	readonly coupled: boolean;
}

/**
 * i, o, f = σ(x W + h R + b), c' = f ∘ c + i ∘ g(…), h' = o ∘ g'(c'); with peepholes [3 · hidden] p (input, output, forget) the
 * gates see the cell, too.
 *
 * @see Hochreiter and Schmidhuber 1997; Gers et al. 2003 (peepholes)
 */
export const lstm: Op<LstmAttributes> = recurrent(
	4,
	({ recurrent: kernel, others }, { gates, coupled, result }, activate) => {
		const [forInput, forOutput, forForget] = others.peepholes === undefined ? [] : gatesOf(others.peepholes, 3);
		const sees = (gate: Tensor, cell: Tensor, weights: Tensor | undefined) =>
			weights === undefined ? gate : add(gate, mul(cell, weights));
		return {
			states: ["hidden", "cell"],
			step(input, h, c) {
				const parts = gatesOf(add(input, matMul(h, kernel)), 4);
				const gate = (name: string) => required(parts, gates.indexOf(name));
				const i = activate(0, sees(gate("i"), c, forInput));
				const f = coupled ? sub(1, i) : activate(0, sees(gate("f"), c, forForget));
				const next = add(mul(f, c), mul(i, activate(1, gate("c")))) as Tensor2D;
				const o = activate(0, sees(gate("o"), next, forOutput));
				return [mul(o, activate(2, next)) as Tensor2D, next];
			},
			bias: sumOf(others.bias, others.recurrentBias),
			result,
		};
	},
);
