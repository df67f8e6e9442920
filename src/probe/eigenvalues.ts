import type { Unit } from "../surface/field.js";
import { checkDifferentiable } from "./derivative.js";
import type { DerivativeProbe, PointDerivatives } from "./probe.js";

/** The lowest eigenvalue of the whole Hessian at a point, which is below 0 where the loss bends down in some direction. */
export const minEigenvalue = extreme("min-eigenvalue", "lowest eigenvalue", "derivative", ({ lowest }) => lowest);

/** The highest. */
export const maxEigenvalue = extreme("max-eigenvalue", "highest eigenvalue", "derivative", ({ highest }) => highest);

/**
 * |lowest / highest|: near 0 where the loss is all but convex.
 *
 * @see Li et al., Visualizing the Loss Landscape of Neural Nets (NeurIPS 2018), section 6.1
 */
export const eigenvalueRatio = extreme(
	"eigenvalue-ratio",
	"|lowest / highest eigenvalue|",
	"none",
	({ lowest, highest }) => Math.abs(lowest / highest),
);

type Ends = Awaited<ReturnType<PointDerivatives["eigenvalues"]>>;

function extreme(name: string, label: string, unit: Unit, of: (ends: Ends) => number): DerivativeProbe {
	return {
		name,
		fields(subject) {
			checkDifferentiable(name, subject);
			return [{ name, label, unit }];
		},
		along: () => [],
		measure: async (derivatives) => [of(await derivatives.eigenvalues())],
	};
}
