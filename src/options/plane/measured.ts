import { pathToFileURL } from "node:url";
import { checkChoice } from "../../check/choice.js";
import { type BatchNormMode, CALIBRATION_SAMPLES } from "../../compute/evaluator.js";
import { OptionError } from "../../errors.js";
import { type LossName, losses } from "../../objective/losses/index.js";
import { type MetricName, metrics } from "../../objective/metrics/index.js";
import type { OwnLoss } from "../../objective/module.js";
import { probeNames } from "../../probe/index.js";
import { between, choice, type Kind, list, numbersOrFile, toggle, whole, wholeNumber } from "../kinds.js";
import type { OptionTable } from "../table.js";
import { defaults } from "./defaults.js";

/** Of a sweep, what is measured at a point. */
export interface MeasuredOptions {
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
}

/** What standard errors are of: the mean over a population without end, or over all samples of the data. */
const errorTargets = ["population", "data"] as const;
export type ErrorTarget = (typeof errorTargets)[number];

const batchNormModes = ["running", "fixed", "batch", "reestimate"] as const satisfies readonly BatchNormMode[];

const group = "What is measured";

/** A loss by its name, or a module by its path or URL. */
const loss: Kind<LossName | URL> = {
	...choice(Object.keys(losses) as LossName[]),
	placeholder: "name|file.js",
	parse: (property, given) =>
		/\.[mc]?js$/.test(given) ? pathToFileURL(given) : checkChoice(property, given, Object.keys(losses) as LossName[]),
	check: (property, value) =>
		value instanceof URL ? value : checkChoice(property, value, Object.keys(losses) as LossName[]),
};

/** What standard errors are of; true for the usual. */
const errorTarget: Kind<boolean | ErrorTarget> = {
	placeholder: "[of]",
	values: errorTargets,
	parse: (property, given) =>
		given === "true" || given === "false" ? given === "true" : checkChoice(property, given, errorTargets),
	check: (property, value) => (typeof value === "boolean" ? value : checkChoice(property, value, errorTargets)),
};

export const measuredOptions: OptionTable<MeasuredOptions> = {
	loss: {
		...loss,
		help: `loss: ${Object.keys(losses).join(", ")}; or a module of your own, ./loss.js`,
		group,
		fallback: "what suits network and targets",
	},
	ignoreIndex: {
		...wholeNumber,
		help: "class, in the targets, that does not count",
		group,
		fallback: "-100",
	},
	classWeights: {
		...numbersOrFile,
		help: "what each class counts in the loss: numbers, or a file (.npy, .json, .txt) of them",
		group,
		fallback: "1 each",
	},
	labelSmoothing: {
		...between(0, 1),
		help: "share of each target that is spread evenly over all classes",
		group,
		fallback: "0",
	},
	metric: {
		...choice(Object.keys(metrics) as MetricName[]),
		help: `metric beside the loss: ${Object.keys(metrics).join(", ")}`,
		group,
		fallback: "likewise",
	},
	fields: {
		...list(choice(probeNames)),
		help: `all that is measured at a point, the loss first, in place of --metric: ${probeNames.join(", ")}`,
		group,
		fallback: "the loss and the metric",
	},
	errors: {
		...errorTarget,
		help: `standard errors beside means over samples, as fields: of the mean over the ${errorTargets[0]} that the samples are drawn from, or over all the ${errorTargets[1]} of which they are some`,
		group,
		fallback: "none; alone, population",
	},
	confidence: {
		...toggle,
		help: "only as many samples as contour lines need, in stages, to lie within half a cell of those of all samples, at 95 %",
		group,
	},
	batchNorm: {
		...choice(batchNormModes, "mode"),
		help: `statistics of batch normalisation: ${batchNormModes.join(", ")}; on a line or plane through networks running ones move along, fixed ones don't`,
		group,
		fallback: defaults.batchNorm,
	},
	calibration: {
		...whole(1, "all"),
		help: "samples, the first ones, that --batch-norm reestimate measures statistics on",
		group,
		fallback: `${CALIBRATION_SAMPLES}, or all where there are fewer`,
	},
};

/** @throws {OptionError} when the URL is not that of a file */
export function lossReference(loss: LossName | URL): LossName | OwnLoss {
	if (!(loss instanceof URL)) return loss;
	if (loss.protocol !== "file:") throw new OptionError("loss", `expected the URL of a file, got ${loss.href}`);
	return loss.href as OwnLoss;
}
