import type { Unit } from "../surface/field.js";
import type { Outputs } from "./loss.js";
import type { Role } from "./role.js";

/** A figure that says how well a network does, collected batch by batch in data order. */
export interface Metric {
	readonly name: string;
	/** What people call it. */
	readonly label: string;
	readonly unit: Unit;
	/** What its targets may be. */
	readonly takes: readonly Role[];
	/** How many float64 sums it keeps. */
	readonly sums: number;
	/** Adds some samples to the sums. */
	add(sums: Float64Array, outputs: Outputs): void;
	/** The figure over all samples added. */
	value(sums: Float64Array): number;
}
