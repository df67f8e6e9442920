import { checkDifferentiable, checkPlane } from "./derivative.js";
import type { DerivativeProbe } from "./probe.js";

/** ∂L/∂α: how fast the surface rises along its first axis, by forward mode. */
export const slopeX = slope("slope-x", "slope along α", 0);

/** ∂L/∂β. */
export const slopeY = slope("slope-y", "slope along β", 1);

function slope(name: string, label: string, direction: number): DerivativeProbe {
	return {
		name,
		fields(subject) {
			checkDifferentiable(name, subject);
			if (direction > 0) checkPlane(name, subject);
			return [{ name, label, unit: "derivative" }];
		},
		along: () => [[direction]],
		measure: async (derivatives) => [await derivatives.along([direction])],
	};
}
