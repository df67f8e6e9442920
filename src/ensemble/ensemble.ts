import { join } from "node:path";
import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { type SweepOptions, type SweepResult, sweep } from "../landscape.js";
import { whole } from "../options/kinds.js";
import { defaults } from "../options/plane/index.js";
import { machineThreads } from "../options/shared.js";
import { carryOutRun, type RunResult } from "../run/run.js";
import { HereExecutor } from "../sweep/here.js";
import { PoolExecutor } from "../sweep/pool.js";
import { type Agreement, agreementOf } from "./agreement.js";
import { combined, combinedOutline, type Member } from "./combine.js";

/** What each sweep is, and how many there are: their seeds are `seed` and those that follow it. */
export interface EnsembleOptions extends SweepOptions {
	/** How many seeds of directions, at least 2. */
	readonly ensemble: number;
	/** Told before each sweep. */
	readonly onMember?: (member: { readonly seed: number; readonly number: number; readonly of: number }) => void;
}

export interface EnsembleResult {
	/** Each seed's sweep, in their order. */
	readonly members: readonly (SweepResult & { readonly seed: number })[];
	/** The surface of means and spreads, and what became of it. */
	readonly mean: RunResult;
	readonly agreement: Agreement;
}

/**
 * The same sweep along several pairs of random directions, one after another with the same threads; mean and spread of all; and what all
 * agree on. With `out`, each seed has a run in a directory `seed-N` there, which goes on where it stopped; mean and spread are a run of
 * their own in the directory itself.
 *
 * @throws {OptionError} for directions that are not random, and as `sweep` does
 */
export async function sweepEnsemble(options: EnsembleOptions): Promise<EnsembleResult> {
	const { ensemble, onMember, out, threads = defaults.threads, ...rest } = options;
	const { seed = defaults.seed, executor: given, directions = defaults.directions, section } = rest;
	whole(2).check("ensemble", ensemble);
	if (directions !== "random" || section !== undefined)
		throw new OptionError(
			"ensemble",
			`expected random directions, of which there are several; got ${section === undefined ? directions : "a section"}`,
		);
	if (rest.adaptive)
		throw new OptionError(
			"ensemble",
			"expected all points of the grid computed, without adaptive: means have no marks",
		);
	const executor = given ?? new PoolExecutor({ threads: Math.min(threads, machineThreads) });
	const place = directoryFor(out, ensemble);
	try {
		const members: (SweepResult & { seed: number })[] = [];
		for (let number = 0; number < ensemble; number++) {
			const own = seed + number;
			onMember?.({ seed: own, number, of: ensemble });
			const result = await sweep({
				...rest,
				...{ executor, seed: own },
				...(place !== undefined && { out: (name, digest) => join(place.of(name, digest), `seed-${own}`) }),
			});
			members.push({ ...result, seed: own });
		}
		const mean = await combine(members, place?.known(), options);
		return { members, mean, agreement: agreementOf(members, mean.surface) };
	} finally {
		if (given === undefined) await executor.close();
	}
}

/** Where all of an ensemble lies, which is named by its first sweep. */
function directoryFor(out: SweepOptions["out"], ensemble: number) {
	if (out === undefined) return undefined;
	let directory: string | undefined;
	return {
		of(name: string, digest: string): string {
			directory ??= typeof out === "string" ? out : out(name, sha256("ensemble", Float64Array.of(ensemble), digest));
			return directory;
		},
		known: () => directory,
	};
}

async function combine(
	members: readonly (Member & SweepResult)[],
	out: string | undefined,
	{ fresh = false, signal, notes = {} }: EnsembleOptions,
): Promise<RunResult> {
	const [first] = members;
	if (first === undefined) throw new RangeError("an ensemble without members");
	const outline = combinedOutline(members, first.surface);
	const surface = {
		...outline,
		provenance: { ...outline.provenance, notes: { ...outline.provenance.notes, ...notes } },
	};
	const { cosine, parameters, samples, threads } = first;
	return carryOutRun(
		{ surface, problem: combined(members) },
		new HereExecutor(),
		{ fresh, ...(out !== undefined && { out }), ...(signal && { signal }) },
		{ cosine, parameters, samples, threads, data: String(first.surface.provenance.notes.data ?? "") },
	);
}
