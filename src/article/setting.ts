import { type OptimizerName, optimizers } from "../index.js";
import type { TrainedNetwork } from "./network.js";

/** How large everything is: the quick article shows the shapes in a few minutes, the full one has the values to quote. */
export interface Setting {
	readonly name: "quick" | "full";
	/** Of trainings and, with those that follow it, of directions. */
	readonly seed: number;
	/** The convolutional network that most figures are about. */
	readonly model: string;
	readonly training: Size;
	/** Passes over the samples of a training of a curve. */
	readonly curveEpochs: number;
	/** Samples a point. */
	readonly samples: number;
	/** Test samples by which networks are compared with each other. */
	readonly errorSamples: number | "all";
	/** Points along each axis of a plane; 4·n + 1, so that the origin and half of the range are among them. */
	readonly planeSteps: number;
	/** Points of a line over [-0.5, 1.5] or [0, 1]; 8·n + 1. */
	readonly lineSteps: number;
	/** How many planes each network has whose width is compared: one plane alone may be chance. */
	readonly planes: number;
	/** The networks of figure 10, from narrow to wide. */
	readonly widths: readonly string[];
	/** The depths of figure 11. */
	readonly depths: readonly number[];
	readonly residual: Size & { readonly batchSize: number; readonly samplesAPoint: number; readonly planeSteps: number };
}

interface Size {
	readonly samples: number | "all";
	readonly testSamples: number | "all";
	readonly epochs: number;
}

const quick: Omit<Setting, "seed"> = {
	name: "quick",
	model: "mnist-cnn-w0.25",
	training: { samples: 4000, testSamples: 500, epochs: 3 },
	curveEpochs: 6,
	samples: 64,
	errorSamples: 2000,
	planeSteps: 17,
	lineSteps: 17,
	planes: 2,
	widths: ["mnist-cnn-w0.0625", "mnist-cnn-w0.125", "mnist-cnn-w0.25", "mnist-cnn-w0.5"],
	depths: [8],
	residual: { samples: 4000, testSamples: 250, epochs: 2, batchSize: 32, samplesAPoint: 64, planeSteps: 13 },
};

const full: Omit<Setting, "seed"> = {
	name: "full",
	model: "mnist-cnn",
	training: { samples: "all", testSamples: "all", epochs: 3 },
	curveEpochs: 3,
	samples: 256,
	errorSamples: "all",
	planeSteps: 21,
	lineSteps: 41,
	planes: 3,
	widths: ["mnist-cnn-w0.0625", "mnist-cnn-w0.125", "mnist-cnn-w0.25", "mnist-cnn-w0.5", "mnist-cnn"],
	depths: [20, 32, 56],
	residual: { samples: "all", testSamples: 2000, epochs: 1, batchSize: 64, samplesAPoint: 64, planeSteps: 17 },
};

/** The quick or the full article, with a seed. */
export function settingOf(name: Setting["name"], seed = 0): Setting {
	return { ...(name === "quick" ? quick : full), seed };
}

/** A network of the article: Adam with batches of 64 unless a figure is about something else. */
export function trained(
	{ model, training, seed }: Setting,
	other: Partial<Omit<TrainedNetwork, "kind" | "learningRate" | "optimizer">> & {
		readonly optimizer?: OptimizerName;
	} = {},
): TrainedNetwork {
	const { optimizer = "adam" } = other;
	const { learningRate } = optimizers[optimizer];
	return { kind: "trained", model, ...training, learningRate, batchSize: 64, seed, ...other, optimizer };
}
