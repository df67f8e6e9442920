import { samplesOf } from "../objective/loss.js";
import type { FieldSpec } from "../surface/field.js";
import type { OutputProbe } from "./probe.js";

export const lossField: FieldSpec = { name: "loss", label: "loss", unit: "loss" };

/** The mean loss over the samples, or what the loss weighs them by, summed in float64 in data order. */
export const loss: OutputProbe = {
	name: "loss",
	fields: () => [lossField],
	start({ loss: { add, weight = samplesOf } }) {
		let sum = 0;
		let weights = 0;
		return {
			add(outputs) {
				sum = add(sum, outputs);
				weights += weight(outputs);
			},
			finish: () => [sum / weights],
		};
	},
};
