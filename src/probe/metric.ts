import type { Metric } from "../objective/metric.js";
import type { OutputProbe } from "./probe.js";

/** A metric as a field of its own name. */
export function metricProbe({ name, label, unit, sums, add, value }: Metric): OutputProbe {
	return {
		name,
		fields: () => [{ name, label, unit }],
		start() {
			const collected = new Float64Array(sums);
			return {
				add: (outputs) => add(collected, outputs),
				finish: () => [value(collected)],
			};
		},
	};
}
