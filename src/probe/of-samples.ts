import { type Outputs, samplesOf } from "../objective/loss.js";
import type { Metric } from "../objective/metric.js";
import type { OutputProbe, Subject } from "./probe.js";

/** What each sample adds to a mean: to the sum, and to what that is divided by. */
export interface SampleParts {
	readonly sums: Float64Array;
	readonly weights: Float64Array;
}

/**
 * The parts of a mean by sample: first of all samples what is summed, then of all what the sum is divided by. It is for whoever
 * asks how sure a mean is, and no field of a surface: there are two a sample.
 */
function ofSamples(
	name: string,
	partsOf: (subject: Subject) => (sample: Outputs) => readonly [number, number],
): OutputProbe {
	return {
		name,
		fields: ({ samples }) =>
			["sum", "weight"].flatMap((part) =>
				Array.from({ length: samples }, (_, i) => ({
					name: `${part}-of-sample-${i}`,
					label: `${part} of sample ${i}`,
					unit: "none" as const,
				})),
			),
		start(subject) {
			const sums: number[] = [];
			const weights: number[] = [];
			const parts = partsOf(subject);
			return {
				add(outputs) {
					for (const sample of samplesIn(outputs)) {
						const [sum, weight] = parts(sample);
						sums.push(sum);
						weights.push(weight);
					}
				},
				finish: () => sums.concat(weights),
			};
		},
	};
}

function* samplesIn(outputs: Outputs): Generator<Outputs> {
	const { values, width, targets } = outputs;
	const count = samplesOf(outputs);
	const each = targets.length / count;
	for (let i = 0; i < count; i++)
		yield {
			...outputs,
			values: values.subarray(i * width, (i + 1) * width),
			targets: targets.subarray(i * each, (i + 1) * each),
		};
}

/** Of each sample its loss, and what it counts. */
export const lossOfSamples: OutputProbe = ofSamples("loss-of-samples", ({ loss }) => {
	const { add, weight = samplesOf } = loss;
	return (sample) => [add(0, sample), weight(sample)];
});

/** Of each sample how many right answers of how many, by a metric that is a share of those. */
export function metricOfSamples(metric: Metric): OutputProbe {
	return ofSamples(nameOfSamples(metric.name), () => (sample) => {
		const sums = new Float64Array(metric.sums);
		metric.add(sums, sample);
		return [sums[0] ?? Number.NaN, sums[1] ?? Number.NaN];
	});
}

/** What the probe of a field's parts by sample is called. */
export function nameOfSamples(field: string): string {
	return `${field}-of-samples`;
}
