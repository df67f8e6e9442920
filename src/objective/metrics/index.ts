import { checkChoice } from "../../check/choice.js";
import type { Metric } from "../metric.js";
import { accuracy, binaryAccuracy, binaryAccuracyFromLogits, topFive } from "./accuracy.js";
import { absoluteError, rSquared } from "./regression.js";

/** Every metric there is, one line each. */
export const metrics = {
	accuracy,
	"binary-accuracy": binaryAccuracy,
	"binary-accuracy-from-logits": binaryAccuracyFromLogits,
	mae: absoluteError,
	r2: rSquared,
	"top-5": topFive,
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** @throws {OptionError} listing the names there are */
export function metricNamed(name: string): MetricName {
	return checkChoice("metric", name, Object.keys(metrics) as MetricName[]);
}
