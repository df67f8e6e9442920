import type { FigureOptions } from "../render/options.js";
import { type CurveKind, curveKinds } from "../section/curve.js";
import { choice, toggle, whole } from "./kinds.js";
import { queue, verify } from "./queue.js";
import { figureOptions, fresh, json, out, quiet, threads } from "./shared.js";
import type { OptionTable } from "./table.js";
import { type LearningOptions, severalOptions } from "./train.js";

/** Of `connect`, what its bytes depend on besides the two networks: data and loss as `train` has them, and the curve. */
export interface ConnectOptions
	extends Omit<LearningOptions, "weights" | "fromScratch" | "freeze" | "only" | "move" | "validation"> {
	/** How the curve goes by its bends. */
	readonly curve?: CurveKind;
	/** How many networks between the ends are trained. */
	readonly bends?: number;
	/** Bring the second network's neurons into the order closest to the first's before anything else. */
	readonly align?: boolean;
	/** At how many places of the curve, and of the straight line, loss and metric are measured. */
	readonly points?: number;
	/** On how many samples of each part of the data; 1000, or all where there are fewer. */
	readonly evaluationSamples?: number | "all";
	/** How many training samples statistics of batch normalisation are measured on. */
	readonly calibration?: number | "all";
	/** Steps of both axes of the plane through the curve; 0 for none. */
	readonly planeSteps?: number;
}

/** Of `connect`, what it keeps and prints. */
export interface ConnectCommandOptions extends ConnectOptions, FigureOptions {
	readonly threads?: number;
	readonly queue?: string;
	readonly verify?: number;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly quiet?: boolean;
	readonly json?: boolean;
}

export const connectDefaults = {
	curve: "bezier",
	bends: 1,
	align: false,
	points: 61,
	evaluationSamples: 1000,
	planeSteps: 25,
	optimizer: "momentum",
	/** Higher than a network's: a bend gets the gradient of a place by its weight there, which is a half at most. */
	learningRate: 0.05,
	schedule: "cosine",
	epochs: 3,
} as const;

const { validation: _validation, ...learning } = severalOptions;

const group = "Curve";

/** Of the library's `connect`. */
export const connectOptions: OptionTable<ConnectOptions> = {
	...learning,
	testData: { ...learning.testData, help: "data to measure on besides, as --data takes them" },
	curve: { ...choice(curveKinds), help: `curve: ${curveKinds.join(", ")}`, group, fallback: connectDefaults.curve },
	bends: {
		...whole(1),
		help: "networks between the ends that are trained",
		group,
		fallback: String(connectDefaults.bends),
	},
	align: {
		...toggle,
		help: "put the second network's neurons into the order closest to the first's before anything else",
		group,
	},
	points: {
		...whole(3),
		help: "places of curve and straight line at which is measured",
		group: "What is measured",
		fallback: String(connectDefaults.points),
	},
	evaluationSamples: {
		...whole(2, "all"),
		help: "samples of the training data, and of the test data, to measure on",
		group: "What is measured",
		fallback: `${connectDefaults.evaluationSamples}, or all where there are fewer`,
	},
	calibration: {
		...whole(1, "all"),
		help: "training samples that statistics of batch normalisation are measured on at each place",
		group: "What is measured",
		fallback: "512, or all where there are fewer",
	},
	planeSteps: {
		...whole(0),
		help: "steps of both axes of the plane through the curve; 0 for no plane",
		group: "What is measured",
		fallback: String(connectDefaults.planeSteps),
	},
	optimizer: { ...learning.optimizer, fallback: connectDefaults.optimizer },
	learningRate: { ...learning.learningRate, fallback: `momentum ${connectDefaults.learningRate}; else as for train` },
	schedule: { ...learning.schedule, fallback: connectDefaults.schedule },
	epochs: { ...learning.epochs, fallback: String(connectDefaults.epochs) },
	seed: { ...learning.seed, help: "seed of the places on the curve, sample order and dropout" },
	weightDecay: { ...learning.weightDecay, help: "weight decay, of the place on the curve" },
};

export const connectCommandOptions: OptionTable<ConnectCommandOptions> = {
	...connectOptions,
	...figureOptions,
	threads,
	queue: { ...queue(), help: `${queue().help}; they measure, and the curve is trained here` },
	verify,
	out: out("dir", "runs/connect-NAME-DIGEST8"),
	fresh,
	quiet,
	json,
};
