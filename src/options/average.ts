import { toggle, whole } from "./kinds.js";
import { json, out, quiet, threads } from "./shared.js";
import type { OptionTable } from "./table.js";
import { type LearningOptions, severalOptions } from "./train.js";

/** Of `average`, what its numbers depend on besides the networks: data and loss as `train` has them. */
export interface AverageOptions
	extends Omit<
		LearningOptions,
		| "weights"
		| "fromScratch"
		| "freeze"
		| "only"
		| "move"
		| "optimizer"
		| "learningRate"
		| "weightDecay"
		| "schedule"
		| "warmUp"
		| "batchSize"
		| "epochs"
		| "seed"
	> {
	/** Take up networks one by one, the best first, and keep those that don't make the mean worse. */
	readonly greedy?: boolean;
	/** Bring each network's neurons into the order closest to the first's before it is added. */
	readonly align?: boolean;
	/** The last so many networks alone: stochastic weight averaging. */
	readonly last?: number;
	/** How many training samples statistics of batch normalisation are measured on. */
	readonly calibration?: number | "all";
}

/** Of `average`, what it keeps and prints. */
export interface AverageCommandOptions extends AverageOptions {
	readonly threads?: number;
	readonly out?: string;
	readonly quiet?: boolean;
	readonly json?: boolean;
}

const {
	optimizer: _optimizer,
	learningRate: _learningRate,
	weightDecay: _weightDecay,
	schedule: _schedule,
	warmUp: _warmUp,
	batchSize: _batchSize,
	epochs: _epochs,
	seed: _seed,
	...judged
} = severalOptions;

const group = "Mean";

/** Of the library's `average`. */
export const averageOptions: OptionTable<AverageOptions> = {
	...judged,
	data: { ...judged.data, help: "training data, on which statistics of batch normalisation are measured" },
	testData: { ...judged.testData, help: "data to measure networks on, and to choose by, as --data takes them" },
	validation: { ...judged.validation, help: "share of the samples held out to measure on instead, 0 to 1" },
	greedy: {
		...toggle,
		help: "the best first, then each that does not make the mean's loss higher by more than its standard error",
		group,
	},
	align: { ...toggle, help: "put each network's neurons into the order closest to the first's first", group },
	last: { ...whole(2), help: "the last so many networks alone: stochastic weight averaging", group, fallback: "all" },
	calibration: {
		...whole(1, "all"),
		help: "training samples that statistics of batch normalisation are measured on",
		group,
		fallback: "512, or all where there are fewer",
	},
};

export const averageCommandOptions: OptionTable<AverageCommandOptions> = {
	...averageOptions,
	threads,
	out: out("file", "runs/average.safetensors"),
	quiet,
	json,
};
