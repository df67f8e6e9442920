import { type Outputs, samplesOf } from "../objective/loss.js";
import type { Metric } from "../objective/metric.js";
import type { FieldSpec } from "../surface/field.js";
import { lossField } from "./loss.js";
import type { OutputProbe, Subject } from "./probe.js";

/** What each sample adds to a mean: to the sum, and to what that is divided by. */
export interface SampleParts {
	readonly sums: ArrayLike<number>;
	readonly weights: ArrayLike<number>;
}

/** A field that is a mean over samples, or places of them, and what each sample has to do with it. */
export interface SampledMean {
	readonly field: FieldSpec;
	/** What a sample, given by itself, adds to the sum and to what that is divided by. */
	partsOf(subject: Subject): (sample: Outputs) => readonly [sum: number, weight: number];
}

/** The loss: what each sample adds to its sum, and what it counts. */
export const meanLoss: SampledMean = {
	field: lossField,
	partsOf({ loss: { add, weight = samplesOf } }) {
		return (sample) => [add(0, sample), weight(sample)];
	},
};

/** A metric that is one sum over another: of right answers over all, of errors over samples. */
export function meanMetric({ name, label, unit, sums, add }: Metric): SampledMean {
	return {
		field: { name, label, unit },
		partsOf: () => (sample) => {
			const own = new Float64Array(sums);
			add(own, sample);
			return [own[0] ?? Number.NaN, own[1] ?? Number.NaN];
		},
	};
}

/** Collects the parts of a mean, of outputs in data order. */
export function startCollecting(mean: SampledMean, subject: Subject) {
	const sums: number[] = [];
	const weights: number[] = [];
	const parts = mean.partsOf(subject);
	return {
		add(outputs: Outputs) {
			for (const sample of samplesIn(outputs)) {
				const [sum, weight] = parts(sample);
				sums.push(sum);
				weights.push(weight);
			}
		},
		finish: () => ({ sums, weights }),
	};
}

/**
 * The parts of a mean by sample: first of all samples what is summed, then of all what the sum is divided by. It is for whoever
 * asks how sure a mean is, and no field of a surface: there are two a sample.
 */
export function ofSamples(mean: SampledMean): OutputProbe {
	const name = nameOfSamples(mean.field.name);
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
			const { add, finish } = startCollecting(mean, subject);
			return {
				add,
				finish() {
					const { sums, weights } = finish();
					return sums.concat(weights);
				},
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

/** What the probe of a field's parts by sample is called. */
export function nameOfSamples(field: string): string {
	return `${field}-of-samples`;
}
