import type { Precision } from "../kernels/precision.js";

/**
 * Where a surface comes from: everything its values depend on, and what a person wants to know of it.
 * Two sweeps with the same `plan` have the same values to the bit.
 */
export interface Provenance {
	readonly plan: PlanRecord;
	/** The version of isoloss that made it. */
	readonly version: string;
	/** For people: the flags as given, names of files, and the like. Not compared. */
	readonly notes: Readonly<Record<string, string | number | boolean | null>>;
}

/** What the values depend on. Digests are SHA-256 in hexadecimal over little-endian bytes. */
export interface PlanRecord {
	readonly model: string;
	readonly graph: string;
	readonly parameters: string;
	readonly directions: string;
	readonly data: string;
	readonly samples: number;
	readonly loss: string;
	readonly metric: string;
	readonly batchNorm: string;
	readonly precision: Precision;
	readonly x: string;
	readonly y: string;
}

/** One sentence fragment for each field in which two plans differ: `samples: 256 there, 128 here`. */
export function planDifferences<Plan extends object>(there: Plan, here: Plan): string[] {
	const shorten = (value: unknown) =>
		typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : String(value);
	return (Object.keys(here) as (keyof Plan & string)[])
		.filter((key) => there[key] !== here[key])
		.map((key) => `${key}: ${shorten(there[key])} there, ${shorten(here[key])} here`);
}
