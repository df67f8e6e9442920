import { extremes } from "./lanczos.js";
import { powerIteration } from "./power.js";

/** What finds eigenvalues: both ends of the spectrum by value, or the largest by size whatever their sign. */
export interface Method {
	readonly order: "value" | "size";
	readonly find: typeof extremes;
}

/** Every method, one line each. */
export const methods = {
	lanczos: { order: "value", find: extremes },
	power: { order: "size", find: powerIteration },
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;
