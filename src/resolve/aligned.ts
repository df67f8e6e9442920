import { type Alignment, type AlignmentOptions, alignTo } from "../align/align.js";
import type { Tried } from "../align/verify.js";
import { OptionError } from "../errors.js";
import type { State } from "../network/parameters.js";
import { alignmentDefaults } from "../options/align.js";
import { defaults } from "../options/plane/index.js";
import type { SweepRequest } from "./request.js";

/** What networks are tried on once they are aligned, and whom to tell how far that has got. */
export interface Aligning extends Pick<AlignmentOptions, "signal" | "onProgress"> {
	readonly tried: Tried;
}

/**
 * Other networks with their neurons in the order closest to the origin's, and a line for people of each.
 *
 * @throws {AlignmentError}   where one would not compute what it did
 * @throws {InterruptedError} when the signal stops it
 */
export async function aligned(
	{ tried, signal, onProgress }: Aligning,
	origin: { readonly state: State; readonly name: string },
	others: { readonly states: readonly State[]; readonly names: readonly string[] },
	seed: number = defaults.seed,
): Promise<{ readonly states: readonly State[]; readonly told: readonly string[] }> {
	const states: State[] = [];
	const told: string[] = [];
	for (const [i, state] of others.states.entries()) {
		const options = {
			seed,
			restarts: alignmentDefaults.restarts,
			names: ["weights", "to"],
			signal,
			onProgress,
		} as const;
		const alignment = await alignTo(tried, origin.state, state, options);
		states.push(alignment.state);
		told.push(`${others.names[i]} is aligned to ${origin.name}: ${inWords(alignment)}`);
	}
	return { states, told };
}

/** What an alignment did, in a line. */
export function inWords({ groups, distance }: Pick<Alignment, "groups" | "distance">): string {
	const moved = groups.filter((group) => group.moved > 0).length;
	const lengths = [distance.before, distance.after].map((value) => String(Number(value.toPrecision(4))));
	return `${moved} of ${groups.length} groups of neurons moved, distance ${lengths.join(" to ")}`;
}

/** @throws {OptionError} where networks are to be aligned, and there are none or parts of them stay behind */
export function checkAlign({ align, directions, section, freeze, only }: SweepRequest): void {
	if (!align) return;
	if (section !== undefined || (directions !== "interpolate" && directions !== "plane"))
		throw new OptionError("align", `expected directions interpolate or plane with it, got ${directions ?? "random"}`);
	if (freeze !== undefined || only !== undefined)
		throw new OptionError("align", "expected all tensors to move: neurons change places in all of them, or in none");
}
