import type { Tried } from "../align/verify.js";
import { OptionError } from "../errors.js";
import { checkState } from "../network/check.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import { aligned } from "../resolve/aligned.js";
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

/** The same networks, each with its neurons in the order closest to the first's. */
export async function* alignedToFirst(tried: Tried, networks: AsyncIterable<NamedState>): AsyncGenerator<NamedState> {
	let first: NamedState | undefined;
	for await (const network of networks) {
		if (first === undefined) yield network;
		else {
			const { states } = await aligned({ tried }, first, { states: [network.state], names: [network.name] });
			yield { name: network.name, state: states[0] ?? network.state };
		}
		first ??= network;
	}
}

async function* networksAt({ network, reading }: Source, given: OtherNetwork): AsyncGenerator<NamedState> {
	if (typeof given !== "string" || given.startsWith("init:")) {
		yield { name: nameOf(given), state: await stateOf(network, given, reading, "networks") };
		return;
	}
	for await (const { file, state } of networksOf(given, network, reading)) yield { name: file, state };
}
