import { OptionError } from "../errors.js";
import { type SampledMean, startCollecting } from "./of-samples.js";
import type { OutputProbe, Subject } from "./probe.js";
import { finiteFactor, standardErrorOf } from "./standard-error.js";

/** What the probe, and the field, of a mean's standard error is called. */
export function nameOfError(field: string): string {
	return `${field}-error`;
}

/**
 * The standard error of a mean over samples, in the unit of the mean: by two passes over what each sample adds, so that no digits are
 * lost where the spread is small beside the mean. Where samples count differently it is that of a ratio.
 */
export function errorProbe(mean: SampledMean): OutputProbe {
	const { name, label, unit } = mean.field;
	return {
		name: nameOfError(name),
		fields(subject) {
			checkJudgedAlone(nameOfError(name), subject);
			return [{ name: nameOfError(name), label: `standard error of ${label}`, unit, errorOf: name }];
		},
		start(subject) {
			const { add, finish } = startCollecting(mean, subject);
			const { samples, population } = subject;
			return {
				add,
				finish: () => [(standardErrorOf([finish()], [1]) ?? Number.NaN) * finiteFactor(samples, population)],
			};
		},
	};
}

/** @throws {OptionError} where samples are not judged one by one, or there is only one */
function checkJudgedAlone(name: string, { samples, normalisesByBatch = false }: Subject): void {
	if (normalisesByBatch)
		throw new OptionError(
			"fields",
			`${name}: expected --batch-norm running, fixed or reestimate, by the batch no sample is judged alone`,
		);
	if (samples < 2) throw new OptionError("samples", `expected at least 2 for ${name}, got ${samples}`);
}
