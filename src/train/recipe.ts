import { datasetDigest } from "../data/dataset.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { describeLoss } from "../objective/module.js";
import type { TrainingPlan } from "../store/snapshots.js";
import { version } from "../version.js";
import { metricOf, type TrainOptions, weightDecayOf } from "./options.js";

/** What a training is done with, for people; whoever tells of a training takes it from here. */
export function recipeOf(options: TrainOptions) {
	const { graph, data, loss, lossSettings, optimizer, learningRate, schedule = "constant", warmUp = 0 } = options;
	return {
		model: graph.name,
		data: data.name,
		samples: data.samples,
		loss: describeLoss(loss, lossSettings),
		optimizer,
		learningRate,
		weightDecay: weightDecayOf(options),
		schedule,
		warmUp,
		batchSize: options.batchSize,
		epochs: options.epochs,
		seed: options.seed,
		precision: options.precision,
		isoloss: version,
		...startAndStill(options),
	} as const;
}

/** Where a training starts that does not from fresh parameters, and what does not move in it. */
function startAndStill({ start, still = [] }: TrainOptions) {
	return {
		...(start !== undefined && { start: sha256(start.parameters, start.statistics) }),
		...(still.length > 0 && { still: [...new Set(still)].sort().join(",") }),
	};
}

/** All that the bytes of a training depend on. */
export function planOf(
	options: TrainOptions,
	test: TrainOptions["data"] | undefined,
	snapshots: number | undefined,
): TrainingPlan {
	const recipe = recipeOf(options);
	const metric = metricOf(options) ?? "none";
	return {
		model: recipe.model,
		graph: sha256(canonicalJson(options.graph)),
		data: datasetDigest(options.data),
		samples: recipe.samples,
		test: test === undefined ? "none" : datasetDigest(test),
		loss: recipe.loss,
		optimizer: recipe.optimizer,
		"learning rate": recipe.learningRate,
		"weight decay": recipe.weightDecay,
		schedule: recipe.schedule,
		"warm-up": recipe.warmUp,
		"batch size": recipe.batchSize,
		epochs: recipe.epochs,
		seed: recipe.seed,
		precision: recipe.precision,
		snapshots: snapshots ?? "none",
		isoloss: recipe.isoloss,
		...startAndStill(options),
		...(metric !== "accuracy" && { metric }),
	};
}

/** Title and foot of a training's picture. */
export interface TrainingCaption {
	/** What stands above it. */
	readonly title: string;
	/** The line below it: where the training comes from. */
	readonly foot: string;
}

/** @param digest of the network that came out */
export function captionOf(options: TrainOptions, digest: string): TrainingCaption {
	const recipe = recipeOf(options);
	const facts = [
		`${recipe.samples} samples of ${recipe.data}`,
		`${recipe.optimizer}, learning rate ${recipe.learningRate}`,
		...(recipe.weightDecay > 0 ? [`weight decay ${recipe.weightDecay}`] : []),
		...(recipe.schedule === "constant" ? [] : [`${recipe.schedule} schedule`]),
		`batch size ${recipe.batchSize}`,
		`seed ${recipe.seed}`,
		recipe.precision,
		...(recipe.start === undefined ? [] : [`from ${recipe.start.slice(0, 8)}`]),
		...(options.still?.length ? [`${new Set(options.still).size} tensors frozen`] : []),
		`parameters ${digest.slice(0, 8)}`,
	];
	return { title: `Training of ${recipe.model}`, foot: facts.join(" · ") };
}
