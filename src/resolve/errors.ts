import type { Dataset } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import { errorsFor, isMean, probeNamed, takesDerivatives } from "../probe/index.js";
import type { SweepRequest } from "./request.js";

/** Standard errors that are measured beside some fields. */
export interface ResolvedErrors {
	/** The names of all that is measured, errors after what they are of. */
	readonly probes: readonly string[];
	/** How many samples there are in all, where the errors are of the mean over those. */
	readonly population?: number;
	/** For captions: what the errors are of. */
	readonly facts: readonly string[];
	readonly assumptions: readonly string[];
}

/**
 * The standard errors that a request asks for, or that follow from `confidence`.
 *
 * @throws {OptionError} where samples are not judged one by one, there is only one, or nobody knows of how many they are
 */
export function resolveErrors(request: SweepRequest, data: Dataset, probes: readonly string[]): ResolvedErrors {
	const { errors = false, confidence = false, batchNorm } = request;
	if (errors === false && !confidence) return { probes, facts: [], assumptions: [] };
	const option = confidence ? "confidence" : "errors";
	if (batchNorm === "batch")
		throw new OptionError(
			option,
			"expected --batch-norm running, fixed or reestimate with it, by the batch no sample is judged alone",
		);
	if (data.samples < 2) throw new OptionError("samples", `expected at least 2 for errors, got ${data.samples}`);
	const odd = probes.find((name) => !isMean(name));
	if (confidence) checkAlike(request, data);
	if (confidence && odd !== undefined)
		throw new OptionError(
			option,
			takesDerivatives(probeNamed(odd))
				? `expected fields without derivatives with it, got ${odd}`
				: `expected fields that are means over samples with it, such as loss and accuracy, got ${odd}`,
		);
	const without = probes.filter((name) => !isMean(name));
	const told = without.length === 0 ? [] : [`${without.join(", ")}: no standard error, it is no mean over samples`];
	return { probes: [...probes, ...errorsFor(probes)], assumptions: told, ...targetOf(request, data) };
}

/** @throws {OptionError} where some samples count more than others */
function checkAlike({ classWeights }: SweepRequest, { targets }: Dataset): void {
	const without = targets instanceof Int32Array && targets.some((target) => target < 0);
	if (classWeights === undefined && !without) return;
	const got = without ? "some whose class does not count" : "weights of classes";
	throw new OptionError("confidence", `expected samples that count alike with it, got ${got}`);
}

/** What the errors are of: a population without end, all data, or, in stages, all samples that were asked for. */
function targetOf({ errors, confidence = false }: SweepRequest, { samples, available }: Dataset) {
	if (confidence) {
		if (errors === "population") throw new OptionError("errors", "expected data, or nothing, with --confidence");
		return { population: samples, facts: [`95 % confidence of the lines of all ${samples}`] };
	}
	if (errors !== "data") return { facts: ["standard errors as of a population"] };
	if (available === undefined)
		throw new OptionError("errors", "expected population: how many samples the data have in all is not known");
	return { population: available, facts: [`standard errors of the mean over all ${available}`] };
}
