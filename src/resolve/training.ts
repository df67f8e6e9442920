import { checkNames } from "../check/values.js";
import { chooseSamples, type Dataset, pickSamples } from "../data/dataset.js";
import { LayoutMismatchError, OptionError } from "../errors.js";
import { isNetworkFile, type LayersModelLike } from "../formats/index.js";
import type { Network } from "../network/network.js";
import { loadLoss } from "../objective/module.js";
import { suitObjective } from "../objective/suit.js";
import { targetsOf } from "../objective/targets.js";
import { checkValues } from "../options/table.js";
import { type LearningOptions, learningOptions, trainDefaults } from "../options/train.js";
import { optimizers } from "../train/optimizers/index.js";
import type { TrainingOptions } from "../train/training.js";
import { checkRequest } from "./check.js";
import { isFile, isNamed } from "./data.js";
import type { ArrayData } from "./data-in-memory.js";
import { dataFor, type Judged, resolveJudged } from "./index.js";
import { stillTensors } from "./moving.js";
import { wishesOf } from "./objective.js";
import type { SweepRequest } from "./request.js";

/** What to train, on what and how: by names and paths, or in memory. */
export interface TrainRequest extends Omit<LearningOptions, "data" | "testData"> {
	/** A network in memory, in place of `model` and `weights`; a LayersModel of TensorFlow.js, too. */
	readonly network?: Network | LayersModelLike;
	/** As `sweep` takes them. */
	readonly data?: DataSource;
	/** What the network is tried on after each epoch, likewise. */
	readonly testData?: DataSource;
}

type DataSource = string | ArrayData | Dataset;

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
		assumptions: [
			...judged.assumptions.read,
			...judged.assumptions.judged,
			isFresh ? `fresh parameters of seed ${seed}` : `starts at the parameters of ${judged.names.weights}`,
			...told,
			...(settings.batchSize === undefined && batchSize < trainDefaults.batchSize
				? [`all ${batchSize} samples in a batch`]
				: []),
		],
	};
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

interface Parts {
	readonly data: Dataset;
	readonly test?: Dataset;
	/** Where the samples for the test come from. */
	readonly told: readonly string[];
}

/** The samples to train on, and those to try the network on: given, a part of their own, held out, or none. */
async function partsOf(judged: Judged, request: SweepRequest, settings: Settings): Promise<Parts> {
	const { data } = judged.objective;
	const { validation, testData } = settings;
	if (testData !== undefined && validation !== undefined)
		throw new OptionError("validation", "expected either test data or a share that is held out, got both");
	if (testData !== undefined) return tested(judged, request, testData, "test");
	if (validation !== undefined) return validation === 0 ? { data, told: [] } : heldOut(data, validation);
	const { data: source = "mnist", split = "train" } = request;
	const other = split === "train" ? "test" : "train";
	if (typeof source === "string" && (isNamed(source) || !(await isFile(source)) || data.parts?.includes(other)))
		return tested(judged, request, source, other);
	return {
		data,
		told: ["no test: the data have no part for it; --validation 0.1 holds a tenth out, --test-data gives other data"],
	};
}

async function tested(
	judged: Judged,
	request: SweepRequest,
	source: DataSource,
	split: "train" | "test",
): Promise<Parts> {
	const { data } = judged.objective;
	const test = await dataFor(judged.network, source, { ...request, split, samples: "all" });
	const [ours, theirs] = [data.classNames, test.classNames];
	if (ours !== undefined && theirs !== undefined && ours.join("\n") !== theirs.join("\n"))
		throw new LayoutMismatchError(
			`${test.name}: the classes to test on are ${theirs.join(", ")}, those to train on ${ours.join(", ")}`,
		);
	const part = test.parts === undefined || test.parts.length < 2 ? "" : `, ${split}`;
	return {
		data,
		test: await placed(judged, request, test),
		told: [`tested after each epoch on ${test.samples} samples of ${test.name}${part}`],
	};
}

/** Test data with targets in the role that the loss takes. */
async function placed({ network, objective }: Judged, request: SweepRequest, test: Dataset): Promise<Dataset> {
	const { loss } = objective;
	const wishes = await wishesOf(loss.startsWith("file:") ? request : { ...request, loss: loss as never });
	return { ...test, targets: suitObjective(network.graph, targetsOf(test), wishes).placed.targets };
}

/** @throws {OptionError} when the share leaves nothing on one side */
function heldOut(data: Dataset, share: number): Parts {
	const count = Math.round(share * data.samples);
	if (count === 0 || count === data.samples)
		throw new OptionError(
			"validation",
			`expected a share that leaves some of the ${data.samples} samples on both sides, got "${share}"`,
		);
	const order = chooseSamples(data.samples, "all");
	return {
		data: pickSamples(data, order.subarray(count)),
		test: pickSamples(data, order.subarray(0, count)),
		told: [`tested after each epoch on ${count} samples that are held out, the first of a seeded shuffle`],
	};
}
