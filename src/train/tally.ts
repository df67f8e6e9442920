import { type MetricName, metrics } from "../objective/metrics/index.js";
import type { EpochRecord, Tally } from "../store/history.js";
import type { FieldSpec } from "../surface/field.js";
import { metricOf, type TrainOptions } from "./options.js";
import type { TrainProgress } from "./train.js";

/** What a training measures beside the loss; null where nothing is. */
export function specOf(options: TrainOptions): FieldSpec | null {
	const name = metricOf(options);
	if (name === undefined) return null;
	const { label, unit } = metrics[name];
	return { name, label, unit };
}

export function emptyTally(options: TrainOptions): Tally {
	const metric = metricOf(options);
	return { loss: 0, weight: 0, metric: new Float64Array(metric === undefined ? 0 : metrics[metric].sums) };
}

/** Adds a batch to the sums of its epoch; one in which nothing counts has no mean. */
export function addBatch({ loss, weight, sums }: TrainProgress, tally: Tally): void {
	if (weight > 0) tally.loss += loss * weight;
	tally.weight += weight;
	for (const [i, sum] of sums.entries()) tally.metric[i] = (tally.metric[i] ?? 0) + sum;
}

/** What the sums of a whole epoch come to. */
export function meansOf(options: TrainOptions, tally: Tally): Pick<EpochRecord, "trainLoss" | "trainMetric"> {
	const metric = metricOf(options);
	return {
		trainLoss: tally.loss / tally.weight,
		trainMetric: metric === undefined ? null : metrics[metric].value(tally.metric),
	};
}

/** Of an epoch, what a checkpoint says: how the network did on test data, where there are any. */
export function factsOf(options: TrainOptions, { testLoss, testMetric }: EpochRecord): Record<string, string> {
	const metric = metricOf(options);
	return {
		...(metric !== undefined && testMetric !== null && { [factOf(metric)]: String(testMetric) }),
		...(testLoss !== null && { testLoss: String(testLoss) }),
	};
}

/** How metadata call the figure on test data: testAccuracy, testBinaryAccuracy. */
function factOf(metric: MetricName): string {
	return `test-${metric}`.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
