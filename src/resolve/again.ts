import { OptionError, RunMismatchError } from "../errors.js";
import { type PlaneOptions, planeOptions } from "../options/plane/index.js";
import { planDifferences, type RequestRecord } from "../surface/provenance.js";
import type { Surface } from "../surface/surface.js";
import { type Resolved, resolve } from "./index.js";
import type { SweepRequest } from "./request.js";

/** A request as a run file keeps it; undefined where something of it is in memory and no file could be read again. */
export function requestRecord(request: SweepRequest): RequestRecord | undefined {
	if (request.network !== undefined || request.section !== undefined) return undefined;
	const given = Object.entries(request).filter(([name, value]) => name in planeOptions && value !== undefined);
	const kept = given.map(([name, value]) => [name, value instanceof URL ? value.href : value] as const);
	return kept.every(([, value]) => isPlain(value)) ? (Object.fromEntries(kept) as RequestRecord) : undefined;
}

/** Whether a value is one that JSON has: no arrays of numbers, no network, no model of other software. */
function isPlain(value: unknown): boolean {
	if (value === null || ["string", "number", "boolean"].includes(typeof value)) return true;
	if (Array.isArray(value)) return value.every(isPlain);
	if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
	return Object.values(value).every(isPlain);
}

/** All of a run but its trainings, which its surface holds. */
export type ResolvedAgain = Omit<Resolved, "trajectory">;

/**
 * What a run was made of, read again: its network, data and directions. Paths are taken from here, as the sweep took them.
 *
 * @throws {OptionError} where the run does not say what it was made of
 * @throws {RunMismatchError} where files have changed since, naming what differs
 * @throws {IsolossError} as `resolve` does
 */
export async function resolveAgain({ provenance: { request, plan } }: Surface, name = "run"): Promise<ResolvedAgain> {
	if (request === undefined)
		throw new OptionError(name, "expected a sweep of networks and data in files, of isoloss 0.2 or later");
	const { trajectory, ...resolved } = await resolve(requestOf(request));
	await trajectory?.checkpoints.close();
	const differences = planDifferences(plan, resolved.plan);
	if (differences.length === 0) return resolved;
	throw new RunMismatchError(name, differences, "sweep", "run it where those files are as the sweep had them");
}

/** The request that a record is of. */
export function requestOf(request: RequestRecord): PlaneOptions {
	const { loss } = request;
	const isModule = typeof loss === "string" && loss.startsWith("file:");
	return { ...request, ...(isModule && { loss: new URL(loss) }) } as PlaneOptions;
}
