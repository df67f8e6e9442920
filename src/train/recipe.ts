import { datasetDigest } from "../data/dataset.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import type { TrainingPlan } from "../store/snapshots.js";
import { version } from "../version.js";
import { type TrainOptions, weightDecayOf } from "./train.js";

/** What a training is done with, for people; whoever tells of a training takes it from here. */
export function recipeOf(options: TrainOptions) {
	const { graph, data, loss, optimizer, learningRate, schedule = "constant", warmUp = 0 } = options;
	return {
		model: graph.name,
		data: data.name,
		samples: data.samples,
		loss,
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
	} as const;
}

/** All that the bytes of a training depend on. */
export function planOf(options: TrainOptions, test: TrainOptions["data"], snapshots: number | undefined): TrainingPlan {
	const recipe = recipeOf(options);
	return {
		model: recipe.model,
		graph: sha256(canonicalJson(options.graph)),
		data: datasetDigest(options.data),
		samples: recipe.samples,
		test: datasetDigest(test),
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
		`parameters ${digest.slice(0, 8)}`,
	];
	return { title: `Training of ${recipe.model}`, foot: facts.join(" · ") };
}
