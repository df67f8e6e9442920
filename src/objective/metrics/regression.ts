import { samplesOf } from "../loss.js";
import { meanAbsoluteError } from "../losses/mean-errors.js";
import type { Metric } from "../metric.js";

/** The mean error without signs. */
export const absoluteError: Metric = {
	name: "mae",
	label: "mae",
	unit: "none",
	takes: ["values", "labels"],
	sums: 2,
	add(sums, outputs) {
		sums[0] = meanAbsoluteError.add(sums[0] ?? 0, outputs);
		sums[1] = (sums[1] ?? 0) + samplesOf(outputs);
	},
	value: (sums) => (sums[0] ?? Number.NaN) / (sums[1] ?? Number.NaN),
};

/** R²: 1 less the squared errors' share of the targets' spread about their mean, over all outputs together. */
export const rSquared: Metric = {
	name: "r2",
	label: "R²",
	unit: "none",
	takes: ["values", "labels"],
	sums: 4,
	add(sums, { values, targets }) {
		for (const [i, value] of values.entries()) {
			const target = targets[i] ?? Number.NaN;
			const error = value - target;
			sums[0] = (sums[0] ?? 0) + error * error;
			sums[1] = (sums[1] ?? 0) + target;
			sums[2] = (sums[2] ?? 0) + target * target;
			sums[3] = (sums[3] ?? 0) + 1;
		}
	},
	value([errors = Number.NaN, total = 0, squares = 0, count = 0]) {
		return 1 - errors / (squares - (total * total) / count);
	},
};
