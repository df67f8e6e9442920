import { modelNames } from "../network/zoo/index.js";
import type { FigureOptions } from "../render/options.js";
import { type OptimizerName, optimizerNames, optimizers } from "../train/optimizers/index.js";
import { type ScheduleName, scheduleNames } from "../train/schedule.js";
import { type JudgedOptions, judgedOptions } from "./inspect.js";
import { between, choice, notNegative, positive, toggle, whole } from "./kinds.js";
import { planeOptions } from "./plane/index.js";
import { figureOptions, fresh, live, out, quiet, seed, threads } from "./shared.js";
import type { OptionTable } from "./table.js";

/** Of `train`, what its bytes depend on: a network, its data and loss as `sweep` has them, and how it is trained. */
export interface LearningOptions extends Omit<JudgedOptions, "metric" | "fields" | "batchNorm" | "calibration"> {
	/** A network of the zoo, or a file that holds one, which is where it starts. */
	readonly model?: string;
	/** Start from fresh parameters of `seed`, whatever the network's file holds; a network of the zoo does so anyway. */
	readonly fromScratch?: boolean;
	/** What the network is tried on after each epoch; the test part of `data`, where it has one. */
	readonly testData?: string;
	/** The share of the samples, 0 to 1, that is held out for it; 0 for no test at all. */
	readonly validation?: number;
	/** How. */
	readonly optimizer?: OptimizerName;
	/** Of the optimiser, before schedule and warm-up. */
	readonly learningRate?: number;
	/** λ. */
	readonly weightDecay?: number;
	/** Of the learning rate. */
	readonly schedule?: ScheduleName;
	/** Over so many steps the learning rate grows to the whole. */
	readonly warmUp?: number;
	/** Samples a step; 64, or all where there are fewer. */
	readonly batchSize?: number;
	/** Passes over the data. */
	readonly epochs?: number;
	/** Of fresh parameters, the order of the samples and dropout. */
	readonly seed?: number;
}

export interface TrainCommandOptions extends LearningOptions, FigureOptions {
	readonly noSkip?: boolean;
	readonly threads?: number;
	readonly snapshots?: number;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly live?: boolean | number;
	readonly quiet?: boolean;
}

export const trainDefaults = {
	optimizer: "adam",
	schedule: "constant",
	warmUp: 0,
	batchSize: 64,
	epochs: 3,
	seed: 0,
} as const;

/** The value of each optimiser that has one, in words. */
const suited = (what: "learningRate" | "weightDecay") =>
	Object.entries(optimizers)
		.filter(([, entry]) => entry[what] > 0)
		.map(([name, entry]) => `${name} ${entry[what]}`)
		.join(", ");

const {
	metric: _metric,
	fields: _fields,
	batchNorm: _batchNorm,
	calibration: _calibration,
	weights,
	freeze,
	only,
	move,
	precision,
	...judged
} = judgedOptions;

const data = "Network and data";
const group = "Training";

/** Of the library's `resolveTraining`. */
export const learningOptions: OptionTable<LearningOptions> = {
	model: {
		...planeOptions.model,
		help: `network: ${modelNames.join(", ")}, or a file that holds one (.onnx, .keras, .h5, model.json) and is trained on`,
	},
	...judged,
	weights: {
		...weights,
		help: "parameters to start from: .safetensors, .pt, .npz, .h5 or .onnx",
		fallback: "those of the network's file; of a network by name fresh ones",
	},
	fromScratch: { ...toggle, help: "start from fresh parameters, whatever the network's file holds", group: data },
	samples: { ...judged.samples, help: "how many training samples", fallback: "all" },
	testData: {
		...judged.data,
		help: "data to try the network on after each epoch, as --data takes them",
		fallback: "the test part of the data, where they have one",
	},
	validation: {
		...between(0, 1),
		help: "share of the samples held out to try it on instead, 0 to 1; 0 for none",
		group: data,
		fallback: "0 where there are no test data",
	},
	freeze: { ...freeze, group },
	only: { ...only, group },
	move: { ...move, group },
	optimizer: {
		...choice(optimizerNames),
		help: `optimiser: ${optimizerNames.join(", ")}`,
		group,
		fallback: trainDefaults.optimizer,
	},
	learningRate: { ...positive, help: "learning rate", group, fallback: suited("learningRate") },
	weightDecay: { ...notNegative, help: "weight decay", group, fallback: `${suited("weightDecay")}, else 0` },
	schedule: {
		...choice(scheduleNames),
		help: `of the learning rate: ${scheduleNames.join(", ")}`,
		group,
		fallback: trainDefaults.schedule,
	},
	warmUp: {
		...whole(0),
		help: "steps over which the learning rate grows to the whole",
		group,
		fallback: String(trainDefaults.warmUp),
	},
	batchSize: {
		...whole(1),
		help: "samples a step",
		group,
		fallback: `${trainDefaults.batchSize}, or all where there are fewer`,
	},
	epochs: { ...whole(1), help: "passes over the data", group, fallback: String(trainDefaults.epochs) },
	seed: { ...seed("of fresh parameters, sample order and dropout"), group },
	precision,
};

const {
	weights: _weights,
	fromScratch: _fromScratch,
	freeze: _freeze,
	only: _only,
	move: _move,
	...several
} = learningOptions;

/** The same for commands of several networks of one graph, which are given as what stands without a flag. */
export const severalOptions = {
	...several,
	model: { ...several.model, fallback: "the first file where it holds a network, else mnist-cnn" },
};

export const trainOptions: OptionTable<TrainCommandOptions> = {
	...learningOptions,
	noSkip: {
		...toggle,
		help: "train a resnet without its shortcuts: resnet-20 becomes resnet-20-noskip",
		group: data,
	},
	threads: {
		...threads,
		help: "workers, up to 4 of use; the bytes are the same for any number",
		fallback: "1",
	},
	snapshots: { ...whole(1), help: "keep the network every so many steps, in OUT.trajectory.msgpack", group: "Output" },
	...figureOptions,
	out: { ...out("file", "runs/trained.safetensors"), help: "the file to write; the others stand beside it" },
	fresh,
	live,
	quiet,
};
