import type { Outputs } from "../objective/loss.js";
import type { Probe, Subject } from "./probe.js";

/** The values of some probes' fields, in order, over outputs that come in data order, each sample once. */
export function measure(probes: readonly Probe[], subject: Subject, outputs: Iterable<Outputs>): number[] {
	const measurements = probes.map((probe) => probe.start(subject));
	for (const some of outputs) for (const measurement of measurements) measurement.add(some);
	return measurements.flatMap((measurement) => measurement.finish());
}
