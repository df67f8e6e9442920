import { Evaluator } from "../compute/evaluator.js";
import type { Dataset } from "../data/dataset.js";
import { datasetDigest } from "../data/dataset.js";
import { sha256 } from "../exact/digest.js";
import type { State } from "../network/parameters.js";
import { metrics } from "../objective/metrics/index.js";
import type { SampleParts } from "../probe/of-samples.js";
import { meanOfParts, standardErrorOf } from "../probe/standard-error.js";
import type { Executor } from "../sweep/executor.js";
import { partsOfSamples } from "../sweep/of-samples.js";
import type { Problem } from "../sweep/problem.js";
import { metricOf, type TrainOptions } from "../train/options.js";

/** How a network does on the samples that are measured on. */
export interface Judgement {
	/** Of each sample, for differences in pairs. */
	readonly losses: SampleParts;
	readonly loss: number;
	readonly standardError: number | null;
	/** The metric; null where there is none that is a share. */
	readonly metric: number | null;
}

/** Measures networks on samples, and statistics of batch normalisation on others. */
export class Judge {
	readonly #executor: Executor<Problem>;
	readonly #options: TrainOptions;
	readonly #samples: Dataset;
	readonly #calibration: number | "all" | undefined;

	constructor(
		executor: Executor<Problem>,
		options: TrainOptions,
		{ samples, calibration }: { readonly samples: Dataset; readonly calibration: number | "all" | undefined },
	) {
		this.#executor = executor;
		this.#options = options;
		this.#samples = samples;
		this.#calibration = calibration;
	}

	/** A network with its own statistics. */
	async judge(state: State, signal?: AbortSignal): Promise<Judgement> {
		const metric = metricOf(this.#options);
		const isShare = metric !== undefined && metrics[metric].unit === "fraction";
		const [losses = none, shares] = await this.#partsOf(state, ["loss", ...(isShare ? [metric] : [])], signal);
		return {
			losses,
			loss: meanOfParts(losses),
			standardError: standardErrorOf([losses], [1]),
			metric: shares === undefined ? null : meanOfParts(shares),
		};
	}

	/** The parameters with statistics measured on training samples; as they are where the network has none. */
	async withMeasuredStatistics(state: State): Promise<State> {
		if (state.statistics.length === 0) return state;
		const { graph, data, precision } = this.#options;
		const evaluator = await Evaluator.create({
			...{ graph, statistics: state.statistics, data, precision },
			...{ batchNorm: "reestimate", calibration: this.#calibration },
		});
		const statistics = evaluator.statisticsAt(state.parameters);
		evaluator.release();
		return { parameters: state.parameters, statistics };
	}

	async #partsOf(
		{ parameters, statistics }: State,
		fields: readonly string[],
		signal?: AbortSignal,
	): Promise<SampleParts[]> {
		const { graph, loss, lossSettings = {}, precision } = this.#options;
		const problem: Problem = {
			...{ graph, loss, lossSettings, precision, data: this.#samples },
			section: {
				...{ vectors: [parameters], statistics: [statistics], weighting: "chain", dimensions: 1, anchors: [] },
			},
			probes: [],
			batchNorm: "running",
		};
		const digest = sha256("network", parameters, statistics, datasetDigest(this.#samples));
		const [parts] = await partsOfSamples(this.#executor, problem, { digest, fields, places: [[0]] }, signal);
		return parts ?? [];
	}
}

const none: SampleParts = { sums: new Float64Array(), weights: new Float64Array() };
