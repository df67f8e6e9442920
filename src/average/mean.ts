import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import type { State } from "../network/parameters.js";
import { standardErrorOf } from "../probe/standard-error.js";
import { RunningMean } from "../section/mean.js";
import type { NamedState } from "./ingredients.js";
import type { Judge, Judgement } from "./judge.js";

/** A network that has been measured. */
export interface Part {
	readonly name: string;
	readonly digest: string;
	readonly judgement: Judgement;
}

/** A mean of networks, measured, and which of them it is of. */
export interface Mean {
	readonly state: State;
	readonly judgement: Judgement;
	/** All, in the order in which they were given. */
	readonly parts: readonly Part[];
	readonly kept: ReadonlySet<Part>;
}

type Tell = (part: Part) => void;

/** The mean of all, of which one at a time is held. */
export async function plainMean(
	judge: Judge,
	networks: AsyncIterable<NamedState>,
	tell: Tell,
	signal?: AbortSignal,
): Promise<Mean> {
	const parts: Part[] = [];
	let sum: StateMean | undefined;
	for await (const { name, state } of networks) {
		sum ??= new StateMean(state);
		sum.add(state);
		const part = await partOf(judge, name, state, signal);
		parts.push(part);
		tell(part);
	}
	if (sum === undefined) throw new OptionError("networks", "expected two or more to average, got none");
	const state = await judge.withMeasuredStatistics(sum.mean());
	return { state, judgement: await judge.judge(state, signal), parts, kept: new Set(parts) };
}

/**
 * The best network first, then the others by their loss: each stays where the mean's loss rises by no more than the standard error of
 * the difference, over samples in pairs. All are held.
 *
 * @see Wortsman et al., ICML 2022 (arXiv 2203.05482), algorithm 1, which keeps what does not lower the accuracy
 */
export async function greedyMean(
	judge: Judge,
	networks: AsyncIterable<NamedState>,
	tell: Tell,
	signal?: AbortSignal,
): Promise<Mean> {
	const all: { readonly part: Part; readonly state: State }[] = [];
	for await (const { name, state } of networks) {
		const part = await partOf(judge, name, state, signal);
		all.push({ part, state });
		tell(part);
	}
	const [best, ...others] = all.toSorted((a, b) => a.part.judgement.loss - b.part.judgement.loss);
	if (best === undefined) throw new OptionError("networks", "expected two or more to average, got none");
	const sum = new StateMean(best.state);
	sum.add(best.state);
	const kept = new Set([best.part]);
	let [state, judgement] = [best.state, best.part.judgement];
	for (const { part, state: another } of others) {
		const candidate = await judge.withMeasuredStatistics(sum.mean(another));
		const judged = await judge.judge(candidate, signal);
		const margin = standardErrorOf([judged.losses, judgement.losses], [1, -1]) ?? 0;
		if (!(judged.loss - judgement.loss <= margin)) continue;
		sum.add(another);
		kept.add(part);
		[state, judgement] = [candidate, judged];
	}
	return { state, judgement, parts: all.map(({ part }) => part), kept };
}

async function partOf(judge: Judge, name: string, state: State, signal: AbortSignal | undefined): Promise<Part> {
	const digest = sha256(state.parameters, state.statistics).slice(0, 8);
	return { name, digest, judgement: await judge.judge(state, signal) };
}

/** The mean of parameters, and of statistics. */
class StateMean {
	readonly #parameters: RunningMean;
	readonly #statistics: RunningMean;

	constructor({ parameters, statistics }: State) {
		this.#parameters = new RunningMean(parameters.length);
		this.#statistics = new RunningMean(statistics.length);
	}

	add({ parameters, statistics }: State): void {
		this.#parameters.add(parameters);
		this.#statistics.add(statistics);
	}

	mean(another?: State): State {
		return {
			parameters: this.#parameters.mean(another?.parameters),
			statistics: this.#statistics.mean(another?.statistics),
		};
	}
}
