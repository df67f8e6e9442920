import { createHash } from "node:crypto";

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

/**
 * `exact`: the stock TensorFlow.js kernels, the reference. `fast`: our kernels, deterministic. `relaxed`: our kernels with
 * fused multiply-add, which engines may round differently.
 */
export type Precision = "exact" | "fast" | "relaxed";

/** JSON with the keys of every object in order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		inner !== null && typeof inner === "object" && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

/** SHA-256 of any number of byte views or texts, in hexadecimal. */
export function sha256(...parts: readonly (string | ArrayBufferView)[]): string {
	const hash = createHash("sha256");
	for (const part of parts) {
		if (typeof part === "string") hash.update(part);
		// Shared memory is copied out: the hash takes no view of it.
		else hash.update(Uint8Array.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
	}
	return hash.digest("hex");
}

export function planDigest(plan: PlanRecord): string {
	return sha256(canonicalJson(plan));
}

/** One sentence fragment for each field in which two plans differ: `samples: 256 there, 128 here`. */
export function planDifferences<Plan extends object>(there: Plan, here: Plan): string[] {
	const shorten = (value: unknown) =>
		typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : String(value);
	return (Object.keys(here) as (keyof Plan & string)[])
		.filter((key) => there[key] !== here[key])
		.map((key) => `${key}: ${shorten(there[key])} there, ${shorten(here[key])} here`);
}
