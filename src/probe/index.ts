/** What is measured at a point: names, and the fields that they give. */
import { checkChoice } from "../check/choice.js";
import { OptionError } from "../errors.js";
import { metrics } from "../objective/metrics/index.js";
import type { FieldSpec } from "../surface/field.js";
import { eigenvalueRatio, maxEigenvalue, minEigenvalue } from "./eigenvalues.js";
import { errorProbe, nameOfError } from "./errors.js";
import { gradientNorm } from "./gradient-norm.js";
import { inPlaneCurvature } from "./in-plane-curvature.js";
import { loss } from "./loss.js";
import { lossByClass } from "./loss-by-class.js";
import { metricProbe } from "./metric.js";
import { meanLoss, meanMetric, ofSamples, type SampledMean } from "./of-samples.js";
import type { DerivativeProbe, Probe, Subject } from "./probe.js";
import { slopeX, slopeY } from "./slope.js";

export type { Outputs } from "../objective/loss.js";
export type { SummedLoss } from "../objective/module.js";
export type {
	Along,
	DerivativeProbe,
	Measurement,
	OutputProbe,
	PointDerivatives,
	Probe,
	Subject,
} from "./probe.js";

/** Of two sums a metric makes one over the other. */
const means: readonly SampledMean[] = [
	meanLoss,
	...Object.values(metrics)
		.filter(({ sums }) => sums === 2)
		.map(meanMetric),
];

/** Everything that can be measured at a point: a file and a line each, and every metric. */
const all: readonly Probe[] = [
	loss,
	lossByClass,
	...Object.values(metrics).map(metricProbe),
	gradientNorm,
	slopeX,
	slopeY,
	inPlaneCurvature,
	minEigenvalue,
	maxEigenvalue,
	eigenvalueRatio,
	...means.map(errorProbe),
];

/** What is measured of each sample apart, which no surface has as its fields. */
const apart: readonly Probe[] = means.map(ofSamples);

const probes: ReadonlyMap<string, Probe> = new Map([...all, ...apart].map((probe) => [probe.name, probe]));

export const probeNames: readonly string[] = all.map(({ name }) => name);

/** @throws {OptionError} listing the names there are */
export function probeNamed(name: string): Probe {
	const probe = probes.get(name);
	if (probe !== undefined) return probe;
	checkChoice("fields", name, probeNames);
	throw new RangeError(`no probe ${name}`);
}

/** Whether a field is a mean over samples, so that it has a standard error. */
export function isMean(name: string): boolean {
	return means.some(({ field }) => field.name === name);
}

/** The names of the probes of standard errors of those of some fields that have any, and are not among them. */
export function errorsFor(names: readonly string[]): string[] {
	return names
		.filter(isMean)
		.map(nameOfError)
		.filter((name) => !names.includes(name));
}

/** Whether a probe takes derivatives, which cost more than a point does without. */
export function takesDerivatives(probe: Probe): probe is DerivativeProbe {
	return "measure" in probe;
}

/**
 * The fields that some probes give together, in order.
 *
 * @throws {OptionError} for a name that is none or comes twice, and where a probe does not suit the targets
 */
export function fieldsOf(names: readonly string[], subject: Subject): FieldSpec[] {
	const twice = names.find((name, i) => names.indexOf(name) !== i);
	if (twice !== undefined) throw new OptionError("fields", `expected each name once, got "${twice}" twice`);
	return names.flatMap((name) => probeNamed(name).fields(subject));
}
