import { OptionError } from "../errors.js";
import { checkState } from "../network/check.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import { networksOf } from "../resolve/checkpoints.js";
import type { Reading } from "../resolve/network.js";
import type { OtherNetwork } from "../resolve/request.js";
import { nameOf, stateOf } from "../resolve/section.js";

/** A network to average. */
export interface NamedState {
	readonly name: string;
	readonly state: State;
}

interface Source {
	readonly network: Network;
	readonly reading: Reading;
}

/**
 * Networks one after another, each when its turn comes.
 *
 * @param last the last so many alone, which are held meanwhile
 * @throws {OptionError} where there are fewer than two, or than `last`
 */
export async function* ingredientsOf(
	source: Source,
	given: readonly OtherNetwork[],
	last: number | undefined,
): AsyncGenerator<NamedState> {
	let count = 0;
	let held: NamedState[] = [];
	for (const each of given)
		for await (const network of networksAt(source, each)) {
			checkState("networks", network.state, source.network.graph);
			count += 1;
			if (last === undefined) yield network;
			else held = [...held, network].slice(-last);
		}
	if (last !== undefined && count < last)
		throw new OptionError("last", `expected at most ${count}, as many as there are, got ${last}`);
	if (count < 2) throw new OptionError("networks", `expected two or more to average, got ${count}`);
	yield* held;
}

async function* networksAt({ network, reading }: Source, given: OtherNetwork): AsyncGenerator<NamedState> {
	if (typeof given !== "string" || given.startsWith("init:")) {
		yield { name: nameOf(given), state: await stateOf(network, given, reading, "networks") };
		return;
	}
	for await (const { file, state } of networksOf(given, network, reading)) yield { name: file, state };
}
