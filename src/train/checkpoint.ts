import { Evaluator } from "../compute/evaluator.js";
import type { Dataset } from "../data/dataset.js";
import { formatSafetensors } from "../formats/safetensors.js";
import { type State, toNamedTensors } from "../network/parameters.js";
import { probeNamed } from "../probe/index.js";
import { measure } from "../probe/measure.js";
import { subjectOf } from "../probe/subject.js";
import { metricOf, type TrainOptions } from "./options.js";
import { recipeOf } from "./recipe.js";

/**
 * A trained network as the bytes of a safetensors file, with the facts of its training as metadata. No dates or times:
 * the same training gives the same bytes.
 *
 * @param facts further facts, such as the accuracy reached
 */
export function formatCheckpoint(
	options: TrainOptions,
	parameters: State,
	facts: Readonly<Record<string, string>>,
): Uint8Array {
	const recipe = Object.entries(recipeOf(options)).map(([name, value]) => [name, String(value)]);
	return formatSafetensors({
		tensors: toNamedTensors(options.graph, parameters),
		metadata: { format: "pt", ...Object.fromEntries(recipe), ...facts },
	});
}

/** A network's mean loss on a data set, in evaluation mode, and the metric of its training; null where there is none. */
export async function evaluateNetwork(
	options: TrainOptions,
	{ parameters, statistics }: State,
	data: Dataset,
): Promise<{ readonly loss: number; readonly metric: number | null }> {
	const { graph, loss, lossSettings = {}, precision } = options;
	const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
	const subject = await subjectOf({ graph, data, loss, lossSettings });
	const metric = metricOf(options);
	const probes = [probeNamed("loss"), ...(metric === undefined ? [] : [probeNamed(metric)])];
	const [meanLoss = Number.NaN, value = null] = await measure(probes, subject, evaluator.outputs(parameters));
	evaluator.release();
	return { loss: meanLoss, metric: value };
}
