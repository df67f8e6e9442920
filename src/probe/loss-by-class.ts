import { OptionError } from "../errors.js";
import { type Outputs, samplesOf } from "../objective/loss.js";
import type { OutputProbe } from "./probe.js";

/** The mean loss over the samples of each class; NaN for a class without any among the samples. */
export const lossByClass: OutputProbe = {
	name: "loss-by-class",
	fields({ targets, samples, classes }) {
		if (!(targets instanceof Int32Array) || targets.length !== samples || classes < 2)
			throw new OptionError("fields", "loss-by-class: expected one class a sample among several as targets");
		return Array.from({ length: classes }, (_, c) => ({
			name: `loss-of-class-${c}`,
			label: `loss of class ${c}`,
			unit: "loss",
		}));
	},
	start({ loss, classes }) {
		const sums = new Float64Array(classes);
		const counts = new Float64Array(classes);
		const { add, weight = samplesOf } = loss;
		const addSample = ({ values, width, targets, ...rest }: Outputs, sample: number) => {
			const target = targets[sample] ?? -1;
			if (target < 0) return;
			const own = values.subarray(sample * width, (sample + 1) * width);
			const outputs = { ...rest, values: own, width, targets: targets.subarray(sample, sample + 1) };
			sums[target] = add(sums[target] ?? 0, outputs);
			counts[target] = (counts[target] ?? 0) + weight(outputs);
		};
		return {
			add(outputs) {
				for (let sample = 0; sample < outputs.targets.length; sample++) addSample(outputs, sample);
			},
			finish: () => Array.from(sums, (sum, c) => sum / (counts[c] ?? 0)),
		};
	},
};
