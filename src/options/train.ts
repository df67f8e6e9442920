import { type Precision, precisions } from "../kernels/precision.js";
import { modelNames } from "../network/zoo/index.js";
import { type OptimizerName, optimizerNames, optimizers } from "../train/optimizers/index.js";
import { type ScheduleName, scheduleNames } from "../train/schedule.js";
import { choice, notNegative, positive, text, toggle, whole } from "./kinds.js";
import { fresh, out, quiet, seed, threads } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface TrainCommandOptions {
	readonly model?: string;
	readonly noSkip?: boolean;
	readonly data?: string;
	readonly samples?: number | "all";
	readonly optimizer?: OptimizerName;
	readonly learningRate?: number;
	readonly weightDecay?: number;
	readonly schedule?: ScheduleName;
	readonly warmUp?: number;
	readonly batchSize?: number;
	readonly epochs?: number;
	readonly seed?: number;
	readonly precision?: Precision;
	readonly threads?: number;
	readonly snapshots?: number;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly quiet?: boolean;
}

/** The value of each optimiser that has one, in words. */
const suited = (what: "learningRate" | "weightDecay") =>
	Object.entries(optimizers)
		.filter(([, entry]) => entry[what] > 0)
		.map(([name, entry]) => `${name} ${entry[what]}`)
		.join(", ");

export const trainOptions: OptionTable<TrainCommandOptions> = {
	model: {
		...text("name"),
		help: `network: ${modelNames.join(", ")}`,
		group: "Network and data",
		fallback: "mnist-cnn",
	},
	noSkip: {
		...toggle,
		help: "train a resnet without its shortcuts: resnet-20 becomes resnet-20-noskip",
		group: "Network and data",
	},
	data: {
		...text("name|dir"),
		help: "data: mnist, or a directory of IDX files",
		group: "Network and data",
		fallback: "mnist",
	},
	samples: { ...whole(1, "all"), help: "how many training samples", group: "Network and data", fallback: "all" },
	optimizer: {
		...choice(optimizerNames),
		help: `optimiser: ${optimizerNames.join(", ")}`,
		group: "Training",
		fallback: "adam",
	},
	learningRate: { ...positive, help: "learning rate", group: "Training", fallback: suited("learningRate") },
	weightDecay: {
		...notNegative,
		help: "weight decay",
		group: "Training",
		fallback: `${suited("weightDecay")}, else 0`,
	},
	schedule: {
		...choice(scheduleNames),
		help: `of the learning rate: ${scheduleNames.join(", ")}`,
		group: "Training",
		fallback: "constant",
	},
	warmUp: {
		...whole(0),
		help: "steps over which the learning rate grows to the whole",
		group: "Training",
		fallback: "0",
	},
	batchSize: { ...whole(1), help: "samples a step", group: "Training", fallback: "64" },
	epochs: { ...whole(1), help: "passes over the data", group: "Training", fallback: "3" },
	seed: { ...seed("of initial parameters, sample order and dropout"), group: "Training" },
	precision: {
		...choice(precisions, "mode"),
		help: "kernels: fast, exact (the stock ones), relaxed (fused multiply-add)",
		group: "Running",
		fallback: "fast",
	},
	threads: {
		...threads,
		help: "workers, up to 4 of use; the bytes are the same for any number",
		fallback: "1",
	},
	snapshots: { ...whole(1), help: "keep the network every so many steps, in OUT.trajectory.msgpack", group: "Output" },
	out: { ...out("file", "runs/trained.safetensors"), help: "the file to write; the others stand beside it" },
	fresh,
	quiet,
};
