import { Evaluator } from "../compute/evaluator.js";
import type { Dataset } from "../data/dataset.js";
import { formatSafetensors } from "../formats/safetensors.js";
import { type State, toNamedTensors } from "../network/parameters.js";
import { probeNamed } from "../probe/index.js";
import { measure } from "../probe/measure.js";
import { subjectOf } from "../probe/subject.js";
import { recipeOf } from "./recipe.js";
import type { TrainOptions } from "./train.js";

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

/** A network's mean loss and accuracy on a data set. */
export async function evaluateNetwork({ graph, loss, precision }: TrainOptions, state: State, data: Dataset) {
	const { parameters, statistics } = state;
	const evaluator = await Evaluator.create({ graph, statistics, data, batchNorm: "running", precision });
	const subject = await subjectOf({ graph, data, loss });
	const probes = [probeNamed("loss"), probeNamed("accuracy")];
	const [meanLoss = Number.NaN, accuracy = Number.NaN] = await measure(probes, subject, evaluator.outputs(parameters));
	evaluator.release();
	return { loss: meanLoss, accuracy };
}
