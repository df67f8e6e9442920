import { pathToFileURL } from "node:url";
import { checkChoice } from "../check/choice.js";
import { shown } from "../check/values.js";
import { type BatchNormMode, CALIBRATION_SAMPLES } from "../compute/evaluator.js";
import { type CurvedKind, curvedKinds } from "../curvature/directions.js";
import type { Split } from "../data/raw.js";
import { type InputScale, inputScales } from "../data/scale.js";
import { OptionError } from "../errors.js";
import { type Fitting, fittings } from "../formats/images/fit.js";
import { type Precision, precisions } from "../kernels/precision.js";
import { modelNames } from "../network/zoo/index.js";
import { type LossName, losses } from "../objective/losses/index.js";
import { type MetricName, metrics } from "../objective/metrics/index.js";
import type { OwnLoss } from "../objective/module.js";
import { probeNames } from "../probe/index.js";
import { type BiasRule, type Normalization, normalizationNames } from "../section/normalize.js";
import type { Axis } from "../surface/grid.js";
import {
	anyNumber,
	axis,
	between,
	cells,
	choice,
	type Kind,
	list,
	numbersOrFile,
	orNone,
	positive,
	text,
	toggle,
	whole,
	wholeNumber,
} from "./kinds.js";
import { queue, verify } from "./queue.js";
import {
	fresh,
	json,
	live,
	machineThreads,
	noPreview,
	noViewer,
	pictureOptions,
	quiet,
	seed,
	threads,
} from "./shared.js";
import { checkValues, type Option, type OptionTable } from "./table.js";

/** What to sweep. Every option has the default that `isoloss sweep --help` shows. */
export interface PlaneOptions {
	/** A network of the zoo, or a file that holds one (.onnx, Keras .keras, .h5 or model.json). */
	readonly model?: string;
	/** Which output of a network that has several; one that fits the targets where nothing is said. */
	readonly output?: string;
	/** Lengths of axes that the network's file leaves open, `height=32`; from the data where nothing is said. */
	readonly dim?: string | readonly string[];
	/** A file of the network's parameters (.safetensors, .pt, .npz, .h5, .onnx); those that come with it by default. */
	readonly weights?: string;
	/** Of a checkpoint with several networks: the one under this key, `model_ema`, or `ema.model` for one within another. */
	readonly checkpointKey?: string;
	/** A data set by name, a directory of IDX files, a folder of images, or a file (.npz, .npy, .csv). */
	readonly data?: string;
	/** Which part of a data set that has two; `train` where nothing is said. */
	readonly split?: Split;
	/** Subtracted from each channel of the samples: one number for all channels or one for each. */
	readonly mean?: readonly number[];
	/** What each channel is divided by, likewise. */
	readonly std?: readonly number[];
	/** How images come to the network's size: `stretch` where nothing is said, `crop` or `pad`. */
	readonly resize?: Fitting;
	/** Whether 8-bit inputs are divided by 255; found from the network where nothing is said. */
	readonly scaleInput?: InputScale;
	/** The column of a table that is the target. */
	readonly target?: string;
	/**
	 * What suits the network and its targets by default. Of one's own: the URL of a module whose default export is a `Loss`
	 * (`name` and `add` are enough), such as `new URL("./my-loss.js", import.meta.url)`.
	 */
	readonly loss?: LossName | URL;
	/** The class, in targets, that does not count; -100 where nothing is said. */
	readonly ignoreIndex?: number;
	/** What each class counts in the loss, from class 0 on; 1 by default. */
	readonly classWeights?: readonly number[];
	/** The share of each target that is spread evenly over all classes, 0 to 1. */
	readonly labelSmoothing?: number;
	/** What is measured beside the loss; by default what suits the network and its targets. */
	readonly metric?: MetricName;
	/** Everything that is measured at a point, the loss first; in place of `metric`. */
	readonly fields?: readonly string[];
	/**
	 * Fields of standard errors beside the means over samples: of the mean over the `population` that the samples are drawn from (true
	 * is the same), or over all the `data` of which they are some.
	 */
	readonly errors?: boolean | ErrorTarget;
	/**
	 * Whether a plane takes only as many samples as its contour lines need: in stages, until each lies within half a cell of that of all
	 * samples, with a confidence of 95 %. Of all samples of the data where `samples` does not say otherwise.
	 */
	readonly confidence?: boolean;
	/** Where batch normalisation takes its statistics from; `running` where nothing is said. */
	readonly batchNorm?: BatchNormMode;
	/** How many samples, the first ones, `reestimate` measures statistics on; 512, or all where there are fewer. */
	readonly calibration?: number | "all";
	/** How many samples of the seeded shuffle; by default 256, or all where there are fewer. */
	readonly samples?: number | "all";
	/**
	 * What spans the line or plane: `random` directions; other networks (`interpolate`, `plane`); the Hessian's first two eigenvectors
	 * (`hessian`) or its first and last (`hessian:top,bottom`); downhill and a random one or Hg at right angles to it (`gradient`,
	 * `gradient,curvature`); the principal components of a trajectory (`pca`); those of a file (`file:d.h5`, .npz or .safetensors). Those
	 * of curvature and of a trajectory have length 1.
	 */
	readonly directions?: DirectionKind;
	/**
	 * The other networks, each a file or `init:SEED` for fresh parameters: one for an interpolation, two for a plane through
	 * three networks, none for random directions.
	 */
	readonly to?: string | readonly string[];
	/**
	 * Whether the other networks' neurons are put into the order in which they are closest to the origin's, by weight matching: they
	 * compute the same.
	 */
	readonly align?: boolean;
	/**
	 * Networks of a training in their order, each entry one training: a file of `train --snapshots`, or a pattern of files of weights,
	 * `ckpt/*.pt`, which are taken in natural order. `pca` spans the plane by them; on other planes they are projected.
	 */
	readonly trajectory?: string | readonly string[];
	/** Files of networks that are marked on the plane, wherever they lie beside it. */
	readonly mark?: string | readonly string[];
	/**
	 * Where a plane of principal components has its origin: `last` of the first trajectory where nothing is said, `first`, or the network
	 * of a file of weights, which then counts among those that the plane is made of.
	 */
	readonly origin?: string;
	/** Whether principal components are of the trajectory less its mean, so that the plane need not go through the origin's surroundings. */
	readonly centred?: boolean;
	/** Steps of both axes, where they are not given. */
	readonly steps?: number;
	/**
	 * Whether only those points of a plane are computed that isolines need, the others interpolated and marked: to so many cells of the
	 * grid by which lines may shift, or to half a cell. Axes must have 4·m + 1 steps, 17 or more.
	 */
	readonly adaptive?: boolean | number;
	/** How random directions are scaled by the parameters; `filter` where nothing is said. Those of curvature only where it is. */
	readonly norm?: Normalization;
	/** What becomes of biases in them: `zero`, or `keep`, scaled as the rest. */
	readonly bias?: BiasRule;
	/** Of the random directions, and of alignment: a whole number from 0 to 2^53 - 1. */
	readonly seed?: number;
	/** Tensors that don't move, by patterns of their names: `*.bias`, `layer?.weight`. */
	readonly freeze?: string | readonly string[];
	/** The only tensors that move, likewise. */
	readonly only?: string | readonly string[];
	/** Tensors of the network's file that move though they look like constants, likewise. */
	readonly move?: string | readonly string[];
	/** The values of α. */
	readonly x?: Axis;
	/** The values of β; null for a line. */
	readonly y?: Axis | null;
	/** Which kernels compute: ours (`fast`), ours with fused multiply-add (`relaxed`), or the stock ones (`exact`). */
	readonly precision?: Precision;
}

export const directionKinds = [
	...(["random", "interpolate", "plane", "pca"] as const),
	...curvedKinds,
] as const satisfies readonly NamedDirections[];

/** Kinds of directions by their names. */
export type NamedDirections = "random" | "interpolate" | "plane" | "pca" | CurvedKind;

/** What spans a line or plane. */
export type DirectionKind = NamedDirections | DirectionFile;

/** Directions that lie in a file. */
export type DirectionFile = `file:${string}`;

export function isDirectionFile(kind: unknown): kind is DirectionFile {
	return typeof kind === "string" && kind.startsWith("file:");
}

export function pathOfDirections(file: DirectionFile): string {
	return file.slice("file:".length);
}

/** What standard errors are of: the mean over a population without end, or over all samples of the data. */
export const errorTargets = ["population", "data"] as const;
export type ErrorTarget = (typeof errorTargets)[number];

export const splits = ["train", "test"] as const satisfies readonly Split[];
export const biasRules = ["zero", "keep"] as const satisfies readonly BiasRule[];

export const batchNormModes = ["running", "fixed", "batch", "reestimate"] as const satisfies readonly BatchNormMode[];

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

/** The axes of each kind of plane, where none are given; those of curvature reach as far as it says, in so many steps. */
export const defaultAxes: Readonly<Record<Exclude<NamedDirections, CurvedKind | "pca">, { x: Axis; y: Axis | null }>> =
	{
		random: { x: { min: -1, max: 1, steps: 25 }, y: { min: -1, max: 1, steps: 25 } },
		interpolate: { x: { min: -0.5, max: 1.5, steps: 41 }, y: null },
		plane: { x: { min: -0.5, max: 1.5, steps: 25 }, y: { min: -0.5, max: 1.5, steps: 25 } },
	};

/** Steps of an axis whose length curvature or a trajectory says. */
export const usualSteps = 25;

/** By how many cells of the grid an adaptive sweep lets isolines shift, where nothing is said: no one sees less. */
export const USUAL_CELLS = 0.5;

/** How far an axis reaches beyond a trajectory, in parts of its stretch. */
export const TRAJECTORY_MARGIN = 0.2;

export function isCurved(kind: DirectionKind): kind is CurvedKind {
	return curvedKinds.some((curved) => curved === kind);
}

/** A loss by its name, or a module by its path or URL. */
const loss: Kind<LossName | URL> = {
	...choice(Object.keys(losses) as LossName[]),
	placeholder: "name|file.js",
	parse: (property, given) =>
		/\.[mc]?js$/.test(given) ? pathToFileURL(given) : checkChoice(property, given, Object.keys(losses) as LossName[]),
	check: (property, value) =>
		value instanceof URL ? value : checkChoice(property, value, Object.keys(losses) as LossName[]),
};

/** What spans the plane, by its name or as a file. */
const directions: Kind<DirectionKind> = {
	...choice(directionKinds, "kind|file:path"),
	parse: checkDirections,
	check: checkDirections,
};

function checkDirections(property: string, value: unknown): DirectionKind {
	if (!isDirectionFile(value)) return checkChoice(property, value, directionKinds);
	if (pathOfDirections(value) !== "") return value;
	throw new OptionError(property, "expected file:PATH with a file of directions, got no path");
}

/** What standard errors are of; true for the usual. */
const errorTarget: Kind<boolean | ErrorTarget> = {
	placeholder: "[of]",
	values: errorTargets,
	parse: (property, given) =>
		given === "true" || given === "false" ? given === "true" : checkChoice(property, given, errorTargets),
	check: (property, value) => (typeof value === "boolean" ? value : checkChoice(property, value, errorTargets)),
};

/** A text, or several. */
const oneOrSeveral = (placeholder: string): Kind<string | readonly string[]> => ({
	...text(placeholder),
	check: (property, value) => (Array.isArray(value) ? list(text("text")) : text("text")).check(property, value),
});

/** Lengths by name, `height=32`. */
const lengths: Kind<string | readonly string[]> = {
	...text("name=n"),
	parse: (property, given) => checkLength(property, given),
	check: (property, value) =>
		Array.isArray(value) ? value.map((each) => checkLength(property, each)) : checkLength(property, value),
};

function checkLength(property: string, value: unknown): string {
	if (typeof value === "string" && /^[^=]+=[1-9]\d{0,8}$/.test(value)) return value;
	throw new OptionError(property, `expected NAME=N with a whole number from 1, got ${shown(value)}`);
}

/** Of `sweep`, what its values depend on. */
export const planeOptions: OptionTable<PlaneOptions> = {
	model: {
		...text("name|file"),
		help: `network: ${modelNames.join(", ")}, or a file that holds one (.onnx, .keras, .h5, model.json)`,
		group: "Network and data",
		fallback: defaults.model,
	},
	output: {
		...text("name"),
		help: "which output of a network that has several",
		group: "Network and data",
		fallback: "one that fits the targets",
	},
	dim: {
		...lengths,
		repeats: true,
		help: "length of an axis that the network's file leaves open, by its name or as axis1",
		group: "Network and data",
		fallback: "from the data",
	},
	weights: {
		...text("file"),
		help: "parameters: .safetensors, .pt, .npz, .h5 or .onnx",
		group: "Network and data",
		fallback: "those that come with the network",
	},
	checkpointKey: {
		...text("key"),
		help: "which network of a checkpoint that has several: model_ema, or ema.model for one within another",
		group: "Network and data",
		fallback: "one under a usual name",
	},
	data: {
		...text("name|path"),
		help: "data: mnist, a directory of IDX files, a folder of images, or a .npz, .npy or .csv file",
		group: "Network and data",
		fallback: defaults.data,
	},
	split: {
		...choice(splits),
		help: `part of the data: ${splits.join(" or ")}`,
		group: "Network and data",
		fallback: defaults.split,
	},
	samples: {
		...whole(1, "all"),
		help: "how many samples, the same ones for everyone",
		group: "Network and data",
		fallback: `${defaults.samples}, or all where there are fewer`,
	},
	mean: {
		...list(anyNumber),
		help: "subtracted from the samples: one number, or one a channel",
		group: "Network and data",
		fallback: "none; of IDX files their own",
	},
	std: {
		...list(positive),
		help: "the samples are divided by it, likewise",
		group: "Network and data",
		fallback: "none; of IDX files their own",
	},
	resize: {
		...choice(Object.keys(fittings) as Fitting[]),
		help: "how images of another size come to the network's: stretch, crop (cover, then the middle) or pad",
		group: "Network and data",
		fallback: "stretch",
	},
	scaleInput: {
		...choice(inputScales),
		help: "what 8-bit inputs are divided by: 255, or none where the network does so itself",
		group: "Network and data",
		fallback: "found from the network",
	},
	target: {
		...text("column"),
		help: "column of a table that is the target: its name, first, last or its number",
		group: "Network and data",
		fallback: "one called label, target, class or y, else the last",
	},
	loss: {
		...loss,
		help: `loss: ${Object.keys(losses).join(", ")}; or a module of your own, ./loss.js`,
		group: "What is measured",
		fallback: "what suits network and targets",
	},
	ignoreIndex: {
		...wholeNumber,
		help: "class, in the targets, that does not count",
		group: "What is measured",
		fallback: "-100",
	},
	classWeights: {
		...numbersOrFile,
		help: "what each class counts in the loss: numbers, or a file (.npy, .json, .txt) of them",
		group: "What is measured",
		fallback: "1 each",
	},
	labelSmoothing: {
		...between(0, 1),
		help: "share of each target that is spread evenly over all classes",
		group: "What is measured",
		fallback: "0",
	},
	metric: {
		...choice(Object.keys(metrics) as MetricName[]),
		help: `metric beside the loss: ${Object.keys(metrics).join(", ")}`,
		group: "What is measured",
		fallback: "likewise",
	},
	fields: {
		...list(choice(probeNames)),
		help: `all that is measured at a point, the loss first, in place of --metric: ${probeNames.join(", ")}`,
		group: "What is measured",
		fallback: "the loss and the metric",
	},
	errors: {
		...errorTarget,
		help: `standard errors beside means over samples, as fields: of the mean over the ${errorTargets[0]} that the samples are drawn from, or over all the ${errorTargets[1]} of which they are some`,
		group: "What is measured",
		fallback: "none; alone, population",
	},
	confidence: {
		...toggle,
		help: "only as many samples as contour lines need, in stages, to lie within half a cell of those of all samples, at 95 %",
		group: "What is measured",
	},
	batchNorm: {
		...choice(batchNormModes, "mode"),
		help: `statistics of batch normalisation: ${batchNormModes.join(", ")}; on a line or plane through networks running ones move along, fixed ones don't`,
		group: "What is measured",
		fallback: defaults.batchNorm,
	},
	calibration: {
		...whole(1, "all"),
		help: "samples, the first ones, that --batch-norm reestimate measures statistics on",
		group: "What is measured",
		fallback: `${CALIBRATION_SAMPLES}, or all where there are fewer`,
	},
	directions: {
		...directions,
		help: `what spans the plane: ${directionKinds.join("; ")}; or file:d.h5 (.npz, .safetensors), directions of a file; those of curvature and pca have length 1`,
		group: "Where to look",
		fallback: defaults.directions,
	},
	to: {
		...oneOrSeveral("file|init:seed"),
		repeats: true,
		help: "the other network, in a file or fresh: once for interpolate, twice for plane",
		group: "Where to look",
	},
	align: {
		...toggle,
		help: "put the other networks' neurons into the order closest to the origin's first: they compute the same",
		group: "Where to look",
	},
	trajectory: {
		...oneOrSeveral("file|pattern"),
		repeats: true,
		help: "networks of a training: a file of train --snapshots, or a pattern of weights' files, 'ckpt/*.pt'; again for another training",
		group: "Where to look",
	},
	mark: {
		...oneOrSeveral("file|pattern"),
		repeats: true,
		help: "networks to mark on the plane, by files of their weights: a mean of isoloss average, say",
		group: "Where to look",
	},
	origin: {
		...text("last|first|file"),
		help: "where a plane of principal components has its origin: the last network of the first trajectory, its first, or that of a file",
		group: "Where to look",
		fallback: "last",
	},
	centred: {
		...toggle,
		help: "principal components less the mean, as scikit-learn has them; else of the way from the origin",
		group: "Where to look",
	},
	steps: {
		...whole(2),
		help: "steps of both axes, where those are not given",
		group: "Where to look",
		fallback: String(usualSteps),
	},
	adaptive: {
		...cells,
		help: `compute only the points that isolines need, to so many cells (${USUAL_CELLS} where none are said), and interpolate the others`,
		group: "Where to look",
	},
	norm: {
		...choice(normalizationNames),
		help: `scaling of random directions: ${normalizationNames.join(", ")}; given, of those of curvature or a file too`,
		group: "Where to look",
		fallback: defaults.norm,
	},
	bias: {
		...choice(biasRules, "rule"),
		help: `biases of random directions: ${biasRules.join(" or ")}`,
		group: "Where to look",
		fallback: defaults.bias,
	},
	seed: { ...seed("of the random directions, and of --align"), group: "Where to look" },
	freeze: {
		...oneOrSeveral("pattern"),
		repeats: true,
		help: 'tensors that don\'t move, by a pattern of their names such as "*.bias"; may be given again',
		group: "Where to look",
		fallback: "none",
	},
	only: {
		...oneOrSeveral("pattern"),
		repeats: true,
		help: "the only tensors that move, likewise",
		group: "Where to look",
		fallback: "all",
	},
	move: {
		...oneOrSeveral("pattern"),
		repeats: true,
		help: "tensors of the network's file that move though they look like constants; inspect lists those",
		group: "Where to look",
		fallback: "none",
	},
	x: {
		...axis,
		help: "first axis, α",
		group: "Where to look",
		fallback: perKind("x"),
	},
	y: { ...orNone(axis), help: "second axis, β", group: "Where to look", fallback: perKind("y") },
	precision: {
		...choice(precisions, "mode"),
		help: "kernels: fast, exact (the stock ones), relaxed (fused multiply-add)",
		group: "Running",
		fallback: defaults.precision,
	},
};

/** The axes that each kind of directions has where nothing is said, in words. */
function perKind(name: "x" | "y"): string {
	const given = Object.entries(defaultAxes).map(([kind, { [name]: axis }]) => {
		return `${kind} ${axis === null ? "none" : `${axis.min}:${axis.max}:${axis.steps}`}`;
	});
	return [
		...given,
		`pca ${usualSteps} steps around the trajectory, by curvature ${usualSteps}, as far as it says`,
	].join(", ");
}

/** Of the command, what it keeps and how it is drawn. */
export interface SweepCommandOptions extends PlaneOptions {
	readonly noSkip?: boolean;
	/** How many seeds of random directions are swept. */
	readonly ensemble?: number;
	readonly threads?: number;
	readonly queue?: string;
	readonly verify?: number;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly noPreview?: boolean;
	readonly quiet?: boolean;
	readonly json?: boolean;
	readonly live?: boolean | number;
	readonly noViewer?: boolean;
}

const noSkip: Option<boolean> = {
	...toggle,
	help: "take a resnet without its shortcuts: resnet-20 becomes resnet-20-noskip",
	group: "Network and data",
};

const ensemble: Option<number> = {
	...whole(2),
	help: "sweep so many seeds of random directions, from --seed on; mean, spread, and what all agree on",
	group: "Where to look",
};

export const sweepOptions = {
	...planeOptions,
	noSkip,
	ensemble,
	threads,
	queue: queue(),
	verify,
	out: {
		...text("dir"),
		help: "where to write",
		group: "Output",
		fallback: "runs/NAME-DIGEST8, digest of what is swept",
	},
	fresh,
	...pictureOptions,
	noViewer,
	live,
	noPreview,
	quiet,
	json,
} satisfies OptionTable<SweepCommandOptions & Omit<import("../render/options.js").PictureOptions, "marks">>;

const MAX_POINTS = 1e8;

/**
 * The options, read where they are written as on a command line, and checked one by one and together.
 *
 * @throws {OptionError} for the first that is not allowed, and for a name that is no option's
 */
export function checkOptions(given: PlaneOptions): PlaneOptions {
	const checked = checkValues<PlaneOptions>(planeOptions, { ...given });
	// One step is the network itself, and no axis for another beside it.
	const options = checked.x?.steps === 1 && checked.y === undefined ? { ...checked, y: null } : checked;
	const { x, y } = options;
	if ((x?.steps ?? 1) * (y?.steps ?? 1) > MAX_POINTS)
		throw new OptionError("x", `expected at most ${MAX_POINTS} points`);
	if (y?.steps === 1) throw new OptionError("y", "expected at least 2 steps, or none");
	if (x?.steps === 1 && y) throw new OptionError("x", "expected one step only for a line, with y none");
	const kind = options.directions ?? defaults.directions;
	if (kind === "interpolate" && y) throw new OptionError("y", "expected none for directions interpolate");
	if (kind === "plane" && y === null)
		throw new OptionError("y", "expected min:max:steps for directions plane, got none");
	return options;
}

/** @throws {OptionError} when the URL is not that of a file */
export function lossReference(loss: LossName | URL): LossName | OwnLoss {
	if (!(loss instanceof URL)) return loss;
	if (loss.protocol !== "file:") throw new OptionError("loss", `expected the URL of a file, got ${loss.href}`);
	return loss.href as OwnLoss;
}

/** Lengths of open axes by their names, from `height=32`. */
export function dimsOf(dim: string | readonly string[]): Record<string, number> {
	return Object.fromEntries(
		listed(dim).map((each) => {
			const at = each.lastIndexOf("=");
			return [each.slice(0, at), Number(each.slice(at + 1))];
		}),
	);
}

/** What may be given once or several times, as a list. */
export function listed(given: string | readonly string[] | undefined): readonly string[] {
	return given === undefined ? [] : typeof given === "string" ? [given] : given;
}
