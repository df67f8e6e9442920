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
