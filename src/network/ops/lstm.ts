import { add, matMul, mul, sub, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
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
export const lstm: Op<LstmAttributes> = {
	shape: (inputs) => recurrentShape(inputs, 4),

	run(inputs, attributes, mode) {
		const x = required(inputs, 0);
		const tensors = tensorsOf(inputs, attributes);
		const { bias, recurrentBias, peepholes } = tensors.others;
		const activate = activator(attributes, mode);
		const [forInput, forOutput, forForget] = peepholes === undefined ? [] : gatesOf(peepholes, 3);
		const sees = (gate: Tensor, cell: Tensor, weights: Tensor | undefined) =>
			weights === undefined ? gate : add(gate, mul(cell, weights));
		const step = (input: Tensor2D, [hidden, cell]: readonly Tensor2D[]) => {
			const [h, c] = [required([hidden], 0) as Tensor2D, required([cell], 0) as Tensor2D];
			const parts = gatesOf(add(input, matMul(h, tensors.recurrent)), 4);
			const gate = (name: string) => required(parts, attributes.gates.indexOf(name));
			const i = activate(0, sees(gate("i"), c, forInput));
			const f = attributes.coupled ? sub(1, i) : activate(0, sees(gate("f"), c, forForget));
			const next = add(mul(f, c), mul(i, activate(1, gate("c")))) as Tensor2D;
			const o = activate(0, sees(gate("o"), next, forOutput));
			return [mul(o, activate(2, next)) as Tensor2D, next];
		};
		const start = [startOf(tensors, "hidden"), startOf(tensors, "cell")];
		const result = attributes.result === "cell" ? 1 : 0;
		return recur(x, tensors, sumOf(bias, recurrentBias), { start, step, result }, attributes.reverse);
	},

	multiplyAdds: recurrentWork,
};
