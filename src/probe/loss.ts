import type { Probe } from "./probe.js";

/** The mean loss over the samples, summed in float64 in data order. */
export const loss: Probe = {
	name: "loss",
	fields: () => [{ name: "loss", label: "loss", unit: "loss" }],
	start({ loss: { add }, samples }) {
		let sum = 0;
		return {
			add(outputs) {
				sum = add(sum, outputs);
			},
			finish: () => [sum / samples],
		};
	},
};
