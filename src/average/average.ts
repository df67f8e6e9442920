import { checkNames, isA, isListOf, isPerhaps, isText } from "../check/values.js";
import { CALIBRATION_SAMPLES } from "../compute/evaluator.js";
import type { Dataset } from "../data/dataset.js";
import { sha256 } from "../exact/digest.js";
import { filesMatching } from "../files/matching.js";
import type { LayersModelLike } from "../formats/index.js";
import { writeWeights } from "../formats/safetensors.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import { type AverageOptions, averageOptions } from "../options/average.js";
import { machineThreads, threads as threadsOption } from "../options/shared.js";
import { checkValues } from "../options/table.js";
import { standardErrorOf } from "../probe/standard-error.js";
import type { ArrayData } from "../resolve/data-in-memory.js";
import { networkOfFirst } from "../resolve/first-network.js";
import type { OtherNetwork } from "../resolve/request.js";
import { judgedTraining } from "../resolve/training.js";
import { PoolExecutor } from "../sweep/pool.js";
import { alignedToFirst, ingredientsOf } from "./ingredients.js";
import { Judge } from "./judge.js";
import { greedyMean, type Mean, type Part, plainMean } from "./mean.js";

/** Which networks to average, and what to measure them on: by names and paths, or in memory. */
export interface AverageRequest extends Omit<AverageOptions, "data" | "testData"> {
	/** Files, patterns of files, trajectories, networks or states, in order. */
	readonly networks: readonly OtherNetwork[];
	/** The network whose states they are, where neither a name nor a file says it. */
	readonly network?: Network | LayersModelLike;
	/** As `sweep` takes them. */
	readonly data?: string | ArrayData | Dataset;
	/** What is measured on, likewise. */
	readonly testData?: string | ArrayData | Dataset;
	/** As many as the machine runs at once where nothing is said; no bit depends on it. */
	readonly threads?: number;
	/** The safetensors file to write; nothing is written without it. */
	readonly out?: string;
	readonly signal?: AbortSignal;
	/** Told of each network as it is measured. */
	readonly onNetwork?: (name: string, loss: number) => void;
}

/** A network that was averaged, or left out. */
export interface Ingredient {
	readonly name: string;
	readonly loss: number;
	/** Null where the metric is no share, or there is none. */
	readonly metric: number | null;
	readonly kept: boolean;
}

export interface AverageResult {
	/** The mean, with statistics of batch normalisation measured on training samples. */
	readonly state: State;
	readonly ingredients: readonly Ingredient[];
	readonly loss: number;
	/** Over samples. */
	readonly standardError: number | null;
	readonly metric: number | null;
	/** How much higher its loss is than that of the best network, and the standard error of that, over samples in pairs. */
	readonly rise: { readonly value: number; readonly standardError: number | null };
	/** What is measured on. */
	readonly measuredOn: string;
	readonly samples: number;
	readonly digest: string;
	readonly assumptions: readonly string[];
	readonly files: readonly string[];
}

const call = ["networks", "network", "threads", "out", "signal", "onNetwork"] as const;

/**
 * The mean of networks' parameters: all of them, the last so many of a training (stochastic weight averaging), or a greedy choice.
 * Their statistics of batch normalisation are measured anew: those of a mean are no mean.
 *
 * @throws {IsolossError} a tagged error for whatever is wrong with options, files or data
 * @see Izmailov et al., UAI 2018 (arXiv 1803.05407); Wortsman et al., ICML 2022 (arXiv 2203.05482), for soups
 */
export async function average(request: AverageRequest): Promise<AverageResult> {
	checkNames(request, [...Object.keys(averageOptions), ...call]);
	isListOf(
		isA("a network", (each) => each !== null && each !== undefined),
		1,
	)("networks", request.networks);
	isPerhaps(threadsOption.check)("threads", request.threads);
	isPerhaps(isText)("out", request.out);
	const {
		networks,
		threads = machineThreads,
		out,
		signal,
		onNetwork,
		greedy = false,
		align = false,
		last,
		calibration,
		...rest
	} = request;
	checkValues<AverageOptions>(averageOptions, { greedy, align, last, calibration });
	const training = await judgedTraining({ ...rest, ...networkOfFirst(await firstOf(networks[0] ?? ""), rest) });
	const { options, judged } = training;
	const { data, test } = options;
	const executor = new PoolExecutor({ threads: Math.min(threads, machineThreads) });
	try {
		const judge = new Judge(executor, options, { samples: test ?? data, calibration });
		const given = ingredientsOf(judged, networks, last);
		const each = align ? alignedToFirst(options, given) : given;
		const tell = ({ name, judgement }: Part) => onNetwork?.(name, judgement.loss);
		const mean = await (greedy ? greedyMean : plainMean)(judge, each, tell, signal);
		const digest = sha256(mean.state.parameters, mean.state.statistics);
		if (out !== undefined)
			await writeWeights(out, { graph: options.graph, state: mean.state }, metadataOf(mean, greedy));
		return {
			...resultOf(mean),
			...{ measuredOn: (test ?? data).name, samples: (test ?? data).samples, digest },
			assumptions: [
				...judged.assumptions.read,
				...judged.assumptions.judged,
				test === undefined
					? "measured on the training data, for want of others (--test-data, --validation)"
					: `measured on ${test.samples} samples of ${test.name}${test.name === data.name ? (request.validation === undefined ? ", test" : ", held out") : ""}`,
				...(align ? ["each network is aligned to the first"] : []),
				...(mean.state.statistics.length > 0 && mean.kept.size > 1
					? [
							`statistics of batch normalisation measured on ${calibrationWords(calibration, data.samples)} training samples`,
						]
					: []),
			],
			files: out === undefined ? [] : [out],
		};
	} finally {
		await executor.close();
	}
}

/** The first file of a pattern: what all are states of is read with it. */
async function firstOf(first: OtherNetwork): Promise<OtherNetwork> {
	return typeof first === "string" && !first.startsWith("init:") ? ((await filesMatching(first))[0] ?? first) : first;
}

function calibrationWords(calibration: number | "all" | undefined, samples: number): number {
	return calibration === "all" ? samples : Math.min(calibration ?? CALIBRATION_SAMPLES, samples);
}

function resultOf({ state, judgement, parts, kept }: Mean) {
	const best = parts.reduce((least, part) => (part.judgement.loss < least.judgement.loss ? part : least));
	const { loss, standardError, metric } = judgement;
	return {
		...{ state, loss, standardError, metric },
		ingredients: parts.map((part): Ingredient => {
			const { name, judgement: own } = part;
			return { name, loss: own.loss, metric: own.metric, kept: kept.has(part) };
		}),
		rise: {
			value: loss - best.judgement.loss,
			standardError: standardErrorOf([judgement.losses, best.judgement.losses], [1, -1]),
		},
	};
}

function metadataOf({ parts, kept }: Mean, greedy: boolean): Record<string, string> {
	return {
		format: "pt",
		mean: greedy ? "greedy soup" : "uniform",
		of: parts
			.filter((part) => kept.has(part))
			.map(({ name, digest }) => `${name} ${digest}`)
			.join(", "),
	};
}
