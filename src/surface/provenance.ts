/**
 * Where a surface comes from: everything its values depend on, and what a person wants to know of it.
 * Two sweeps with the same `plan` have the same values to the bit.
 */
export interface Provenance {
	/** All that the values depend on. */
	readonly plan: PlanRecord;
	/** The version of isoloss that made it. */
	readonly version: string;
	/** The facts for the foot of a picture, in their order: network, data, samples, normalisation, seed, precision. */
	readonly caption: readonly string[];
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
	/** What each axis is, where it is more than a direction: `eigenvector 1, λ = 1.937`. */
	readonly axisLabels?: readonly string[];
	/** What was asked for, by which all of it can be read and drawn again; absent where something of it was in memory only. */
	readonly request?: RequestRecord;
	/** For people: the command as given, names of files, and the like. Nothing compares them or asks what they say. */
	readonly notes: Notes;
}

/** Options of a sweep by their names, as JSON has them: paths as they were given, a module by its URL. */
export type RequestRecord = Readonly<Record<string, unknown>>;

export type Notes = Readonly<Record<string, string | number | boolean | null>>;

/** What the values depend on, by name; digests are SHA-256 in hexadecimal over little-endian bytes. */
export interface PlanRecord {
	/** What is evaluated: the name of the network. */
	readonly model: string;
	readonly [fact: string]: string | number;
}

/**
 * Which statistics of batch normalisation held, for captions: those of each point on a line or plane through networks, or what was
 * asked for; null where they are the network's own.
 */
export function batchNormRule({ batchNorm = "running", statistics }: PlanFacts): string | null {
	if (statistics !== undefined) return "batch norm interpolated";
	return batchNorm === "running" ? null : `batch norm ${batchNorm}`;
}

/** One sentence fragment for each fact in which two plans differ: `samples: 256 there, 128 here`. */
export function planDifferences(there: PlanFacts, here: PlanFacts): string[] {
	const shorten = (value: unknown) =>
		typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : String(value ?? "none");
	return [...new Set([...Object.keys(here), ...Object.keys(there)])]
		.filter((key) => there[key] !== here[key])
		.map((key) => `${key}: ${shorten(there[key])} there, ${shorten(here[key])} here`);
}

type PlanFacts = Readonly<Record<string, string | number>>;
