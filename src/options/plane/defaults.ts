import { machineThreads } from "../shared.js";

/** What a sweep is where nothing is said. */
export const defaults = {
	model: "mnist-cnn",
	data: "mnist",
	split: "train",
	samples: 256,
	directions: "random",
	norm: "filter",
	bias: "zero",
	seed: 0,
	precision: "fast",
	batchNorm: "running",
	threads: machineThreads,
} as const;
