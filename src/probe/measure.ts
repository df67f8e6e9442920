import type { Outputs } from "../objective/loss.js";
import type { PointDerivatives, Probe, Subject } from "./probe.js";

/**
 * The values of some probes' fields, in order.
 *
 * @param outputs     in data order, each sample once
 * @param derivatives at the same point; probes that are made of them can't do without
 */
export async function measure(
	probes: readonly Probe[],
	subject: Subject,
	outputs: Iterable<Outputs>,
	derivatives?: PointDerivatives,
): Promise<number[]> {
	const measurements = probes.map((probe) => ("start" in probe ? probe.start(subject) : undefined));
	for (const some of outputs) for (const measurement of measurements) measurement?.add(some);
	// Put together at once: those of samples are more than a call takes as arguments.
	const values: (readonly number[])[] = [];
	for (const [i, probe] of probes.entries()) {
		const finished = measurements[i]?.finish();
		if (finished !== undefined) values.push(finished);
		else if ("measure" in probe && derivatives !== undefined) values.push(await probe.measure(derivatives, subject));
		else throw new RangeError(`${probe.name} can't be measured without derivatives`);
	}
	return values.flat();
}
