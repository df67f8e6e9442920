import { extremes } from "./lanczos.js";
import { powerIteration } from "./power.js";

/** What finds eigenvalues: both ends of the spectrum by value, or the largest by size whatever their sign. */
export interface Method {
	readonly order: "value" | "size";
	readonly find: typeof extremes;
}

export type MethodName = "lanczos" | "power";

/** Every method, one line each. */
export const methods: Readonly<Record<MethodName, Method>> = {
	lanczos: { order: "value", find: extremes },
	power: { order: "size", find: powerIteration },
};
