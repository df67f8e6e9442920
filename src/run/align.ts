import { type Alignment, alignTo } from "../align/align.js";
import type { AlignmentProgress } from "../align/match.js";
import { checkNames, isA, isFunction, isPerhaps } from "../check/values.js";
import type { Dataset } from "../data/dataset.js";
import { sha256 } from "../exact/digest.js";
import { isNetworkFile, type LayersModelLike } from "../formats/index.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import { type AlignmentSettings, alignmentDefaults, alignmentOptions } from "../options/align.js";
import { whole } from "../options/kinds.js";
import { checkValues } from "../options/table.js";
import { checkOther, checkRequest } from "../resolve/check.js";
import type { ArrayData } from "../resolve/data-in-memory.js";
import { resolveJudged } from "../resolve/index.js";
import type { OtherNetwork, SweepRequest } from "../resolve/request.js";
import { stateOf } from "../resolve/section.js";

/** Which networks to align, and on which data to try that they compute what they did. */
export interface AlignRequest extends Omit<AlignmentSettings, "data"> {
	/** The network that stays: a file of weights, or of a network where `model` is not given; `init:SEED`, or one in memory. */
	readonly a: string | Network | LayersModelLike;
	/** The network that is aligned to it, of the same graph: likewise, or the state of one. */
	readonly b: OtherNetwork;
	readonly data?: string | ArrayData | Dataset;
	readonly signal?: AbortSignal;
	/** Told after each search. */
	readonly onProgress?: (progress: AlignmentProgress) => void;
}

export interface AlignResult extends Alignment {
	/** The network that stays, up to the output that is judged; `state` is the other's values for its graph. */
	readonly network: Network;
	/** SHA-256 over parameters and running statistics, of both networks and of the one that is aligned. */
	readonly digests: { readonly a: string; readonly b: string; readonly aligned: string };
	/** The other network as it was. */
	readonly original: State;
	readonly parameters: number;
	readonly seed: number;
	readonly restarts: number;
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
}

const checks = {
	signal: isPerhaps(isA("an AbortSignal", (signal) => signal instanceof AbortSignal)),
	onProgress: isPerhaps(isFunction),
};

/**
 * Puts a network's neurons into the order in which its parameters are closest to another's. It computes what it did, which is tried on
 * 64 samples; the straight line between the two no longer has the part of its barrier that came from the order alone.
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data; AlignmentError when outputs are not
 *   what they were
 * @see Ainsworth, Hayase, Srinivasa, Git Re-Basin, ICLR 2023 (arXiv 2209.04836)
 */
export async function align(request: AlignRequest): Promise<AlignResult> {
	checkNames(request, [...Object.keys(alignmentOptions), "a", "b", ...Object.keys(checks)]);
	for (const [property, check] of Object.entries(checks)) check(property, request[property as keyof typeof checks]);
	const { a, b, data, signal, onProgress, ...given } = request;
	checkOther("a", a);
	checkOther("b", b);
	const { seed, restarts, ...options } = { ...alignmentDefaults, ...checkValues(alignmentOptions, given) };
	const { judged, fresh } = requestOf(a, { ...options, ...(data !== undefined && { data }) });
	const { network, reading, objective, precision, assumptions } = await resolveJudged(checkRequest(judged), fresh);
	const told: string[] = [];
	const original = await stateOf(network, b, { ...reading, assume: (line: string) => told.push(line) }, "b");
	const tried = { graph: objective.graph, data: objective.data, precision };
	const alignment = await alignTo(tried, network.state, original, {
		...{ seed, restarts, signal, onProgress },
		names: ["a", "b"],
	});
	return {
		...alignment,
		network,
		original,
		digests: { a: digestOf(network.state), b: digestOf(original), aligned: digestOf(alignment.state) },
		parameters: original.parameters.length,
		seed,
		restarts,
		assumptions: [...assumptions.read, ...told, ...assumptions.judged],
	};
}

/** The first network as a sweep takes one. */
function requestOf(
	a: AlignRequest["a"],
	options: SweepRequest,
): { readonly judged: SweepRequest; readonly fresh?: number } {
	if (typeof a !== "string") return { judged: { ...options, network: a } };
	if (a.startsWith("init:")) return { judged: options, fresh: whole(0).parse("a", a.slice("init:".length)) };
	return {
		judged: { ...options, ...(options.model === undefined && isNetworkFile(a) ? { model: a } : { weights: a }) },
	};
}

function digestOf({ parameters, statistics }: State): string {
	return sha256(parameters, statistics);
}
