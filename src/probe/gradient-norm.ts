import { checkDifferentiable } from "./derivative.js";
import type { DerivativeProbe } from "./probe.js";

/** ‖∇L‖ by all parameters that move, in units of the loss for a parameter's. */
export const gradientNorm: DerivativeProbe = {
	name: "gradient-norm",
	fields(subject) {
		checkDifferentiable("gradient-norm", subject);
		return [{ name: "gradient-norm", label: "gradient norm", unit: "derivative" }];
	},
	along: () => [],
	measure: async (derivatives) => [await derivatives.gradientNorm()],
};
