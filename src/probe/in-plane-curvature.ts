import { checkDifferentiable } from "./derivative.js";
import type { Along, DerivativeProbe, Subject } from "./probe.js";

/** One field for each: δᵀHδ, δᵀHη and ηᵀHη. */
const second = [
	{ name: "curvature-xx", label: "curvature αα", along: [0, 0] },
	{ name: "curvature-xy", label: "curvature αβ", along: [0, 1] },
	{ name: "curvature-yy", label: "curvature ββ", along: [1, 1] },
] as const satisfies readonly { readonly name: string; readonly label: string; readonly along: Along }[];

/** The second derivatives of the surface along its axes, by forward mode: how it bends where it is looked at. */
export const inPlaneCurvature: DerivativeProbe = {
	name: "in-plane-curvature",
	fields(subject) {
		checkDifferentiable("in-plane-curvature", subject);
		return wanted(subject).map(({ name, label }) => ({ name, label, unit: "derivative" }));
	},
	along: (subject) => wanted(subject).map(({ along }) => along),
	measure: (derivatives, subject) => Promise.all(wanted(subject).map(({ along }) => derivatives.along(along))),
};

function wanted({ dimensions }: Pick<Subject, "dimensions">) {
	return dimensions < 2 ? second.slice(0, 1) : second;
}
