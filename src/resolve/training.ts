import { checkNames } from "../check/values.js";
import type { Dataset } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import { isNetworkFile, type LayersModelLike } from "../formats/index.js";
import { withFixedStatistics } from "../network/fixed-statistics.js";
import type { Graph } from "../network/graph.js";
import type { Network } from "../network/network.js";
import { loadLoss } from "../objective/module.js";
import { checkValues } from "../options/table.js";
import { type LearningOptions, learningOptions, trainDefaults } from "../options/train.js";
import { SHARDS } from "../train/memory.js";
import { optimizers } from "../train/optimizers/index.js";
import type { TrainingOptions } from "../train/training.js";
import { checkRequest } from "./check.js";
import type { ArrayData } from "./data-in-memory.js";
import { type Judged, resolveJudged } from "./index.js";
import { stillTensors } from "./moving.js";
import type { SweepRequest } from "./request.js";
import { partsOf } from "./test-data.js";

/** What to train, on what and how: by names and paths, or in memory. */
export interface TrainRequest extends Omit<LearningOptions, "data" | "testData"> {
	/** A network in memory, in place of `model` and `weights`; a LayersModel of TensorFlow.js, too. */
	readonly network?: Network | LayersModelLike;
	/** As `sweep` takes them. */
	readonly data?: string | ArrayData | Dataset;
	/** What the network is tried on after each epoch, likewise. */
	readonly testData?: string | ArrayData | Dataset;
}

/** What a request comes to. */
export interface ResolvedTraining {
	/** For `runTraining`, which is to be told where to write besides. */
	readonly options: Omit<TrainingOptions, "out">;
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
}

/** Options that are none of a sweep. */
const own = [
	...(Object.keys(trainDefaults) as (keyof typeof trainDefaults)[]),
	"fromScratch",
	"testData",
	"validation",
	"learningRate",
	"weightDecay",
] as const;

/**
 * Loads all that a training depends on: the network and where it starts, its data, the loss, and what it is tried on.
 *
 * @throws {OptionError | FileFormatError | GraphError | LayoutMismatchError} when an option, a file or a combination can't be used
 */
export async function resolveTraining(asked: TrainRequest): Promise<ResolvedTraining> {
	const { options, judged, told } = await judgedTraining(asked);
	const { assumptions } = judged;
	return {
		options,
		assumptions: [...assumptions.read, ...assumptions.judged, told.start, ...told.test, ...told.steps],
	};
}

/** A training, what its network is judged by, and what is said of it. */
export interface JudgedTraining extends Pick<ResolvedTraining, "options"> {
	readonly judged: Judged;
	/** Where it starts, what it is tested on, and how its steps are taken. */
	readonly told: { readonly start: string; readonly test: readonly string[]; readonly steps: readonly string[] };
}

/** The same, with the network as it was read and what it is judged by. */
export async function judgedTraining(asked: TrainRequest): Promise<JudgedTraining> {
	const { request, settings } = checkedRequest(asked);
	const { optimizer, schedule, warmUp, epochs, seed } = settings;
	const { learningRate = optimizers[optimizer].learningRate, weightDecay = optimizers[optimizer].weightDecay } =
		settings;
	const isFresh = startsFresh(request, settings);
	const judged = await resolveJudged({ ...request, samples: request.samples ?? "all" }, isFresh ? seed : undefined);
	const { network, objective, precision } = judged;
	const { loss, lossSettings, probes } = objective;
	await checkLoss(judged);
	const { still } = stillTensors(objective.graph, request);
	const { data, test, told } = await partsOf(judged, request, settings);
	const batchSize = settings.batchSize ?? Math.min(trainDefaults.batchSize, data.samples);
	if (batchSize > data.samples)
		throw new OptionError("batchSize", `expected at most ${data.samples}, got "${batchSize}"`);
	const steps = epochs * Math.ceil(data.samples / batchSize);
	if (warmUp >= steps)
		throw new OptionError("warmUp", `expected fewer than the ${steps} steps there are, got "${warmUp}"`);
	const metric = probes[1] as TrainingOptions["metric"];
	return {
		judged,
		options: {
			graph: objective.graph,
			...(!isFresh && { start: network.state }),
			...(still.size > 0 && { still: [...still] }),
			data,
			...(test !== undefined && { test }),
			loss,
			...(Object.keys(lossSettings).length > 0 && { lossSettings }),
			...(metric !== undefined && { metric }),
			optimizer,
			learningRate,
			weightDecay,
			schedule,
			warmUp,
			batchSize,
			epochs,
			seed,
			precision,
		},
		told: {
			start: isFresh ? `fresh parameters of seed ${seed}` : `starts at the parameters of ${judged.names.weights}`,
			test: told,
			steps: [
				...toldOfNormalisation(objective.graph, still, batchSize),
				...(settings.batchSize === undefined && batchSize < trainDefaults.batchSize
					? [`all ${batchSize} samples in a batch`]
					: []),
			],
		},
	};
}

/** Where batch normalisation takes its statistics from, which depends on the batch and on what moves. */
function toldOfNormalisation(graph: Graph, still: ReadonlySet<string>, batchSize: number): string[] {
	const all = withFixedStatistics(graph, still).nodes.flatMap((node) => (node.op === "batchNorm" ? [node] : []));
	const fixed = all.filter(({ attributes }) => attributes.fixed).length;
	const part = Math.max(1, Math.floor(batchSize / SHARDS));
	return [
		...(fixed === 0
			? []
			: [`${fixed} of ${all.length} batch normalisations keep their running statistics, which don't move`]),
		...(fixed === all.length
			? []
			: [
					`batch normalisation takes its statistics from a fourth of a batch, ${part} ${part === 1 ? "sample" : "samples"}`,
				]),
	];
}

type Settings = Pick<TrainRequest, (typeof own)[number]> &
	Omit<{ readonly [Name in keyof typeof trainDefaults]: NonNullable<TrainRequest[Name]> }, "batchSize">;

/** What a sweep would be asked for, and how it is trained, checked one by one. */
function checkedRequest(asked: TrainRequest): { readonly request: SweepRequest; readonly settings: Settings } {
	checkNames(asked, [...Object.keys(learningOptions), "network"]);
	const isOwn = (name: string) => (own as readonly string[]).includes(name);
	const { testData } = asked;
	const entries = Object.entries(asked);
	const settings = checkValues<LearningOptions>(
		learningOptions,
		Object.fromEntries(
			entries.filter(([name]) => isOwn(name) && (name !== "testData" || typeof testData === "string")),
		),
	);
	const { batchSize: _, ...usual } = trainDefaults;
	return {
		request: checkRequest(Object.fromEntries(entries.filter(([name]) => !isOwn(name)))),
		settings: { ...usual, ...settings, ...(testData !== undefined && { testData }) },
	};
}

/** @throws {OptionError} where weights are given, too */
function startsFresh({ model, network, weights }: SweepRequest, { fromScratch = false }: Settings): boolean {
	if (fromScratch && weights !== undefined)
		throw new OptionError("fromScratch", `expected no weights with it, got "${weights}"`);
	const isByName = network === undefined && !isNetworkFile(model ?? "");
	return fromScratch || (isByName && weights === undefined);
}

/** @throws {OptionError} naming what a loss of one's own lacks */
async function checkLoss({ objective: { loss, lossSettings } }: Judged): Promise<void> {
	const { differentiable, name } = await loadLoss(loss, lossSettings);
	if (differentiable === undefined)
		throw new OptionError(
			"loss",
			`expected a loss with a derivative; ${name}, the default export of ${loss}, has no differentiable: { nodes, targets }`,
		);
}
