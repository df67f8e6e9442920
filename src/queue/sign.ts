import type { Identity } from "./identity.js";

/** What a sweep says of itself while its coordinator lives. */
export interface SweepSign {
	readonly id: string;
	/** The network. */
	readonly name: string;
	/** Who hands it out. */
	readonly host: string;
	readonly pid: number;
	/** ISO 8601. */
	readonly since: string;
	readonly identity: Identity;
	/** SHA-256 of the manifest of its job, and its length in bytes. */
	readonly manifest: string;
	readonly manifestBytes: number;
	/** Of all that a worker has to have. */
	readonly payloadBytes: number;
	/** Points in all, and those that have come back. */
	readonly points: number;
	readonly done: number;
	/** Over the last minute. */
	readonly pointsPerSecond: number;
	/** Tasks that have failed or were lost, and were handed out again. */
	readonly failures: number;
}

/** What a worker says of itself while it lives. */
export interface WorkerSign {
	readonly name: string;
	readonly host: string;
	readonly pid: number;
	readonly since: string;
	readonly threads: number;
	readonly version: string;
	readonly node: string;
	readonly arch: string;
	/** Points evaluated so far, and each second of the last minute. */
	readonly points: number;
	readonly pointsPerSecond: number;
	/** Tasks that have failed here. */
	readonly failures: number;
	/** Ids of the sweeps that it takes part in. */
	readonly sweeps: readonly string[];
}

/** Whether a text can be the id of a sweep: it becomes part of names in Redis. */
export function isSweepId(id: string): boolean {
	return /^[\w-]{1,64}$/.test(id);
}
