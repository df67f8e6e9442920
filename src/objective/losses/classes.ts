import { div, mul, neg, oneHot, reshape, sum, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import type { Loss, LossSettings, Outputs } from "../loss.js";
import type { Role } from "../role.js";

/** Losses of classes take an index for each sample or place, or a probability for each class. */
export const takesClasses: readonly Role[] = ["class", "classes", "distribution"];

/** − the logarithm of the probability of class `at` in the row that begins at `first`. */
export type SurprisalOf = (values: Float32Array, first: number, classes: number) => (at: number) => number;

/** What sets a loss of classes apart from the others. */
interface ClassLoss extends Pick<Loss, "name" | "of"> {
	readonly surprisalOf: SurprisalOf;
	/** The logarithms of the probabilities, from outputs [places, classes]. */
	readonly logarithms: (outputs: Tensor) => Tensor;
}

/** A loss that is the mean surprisal of the right classes, with settings. */
export function classLoss(own: ClassLoss, settings: LossSettings = {}): Loss {
	const { name, of, surprisalOf, logarithms } = own;
	return {
		name,
		takes: takesClasses,
		...(of !== undefined && { of }),
		...sums(surprisalOf, settings),
		with: (other) => classLoss(own, other),

		/** `outputs` is [batch, classes] or [batch, places, classes], `targets` int32, [batch] or [batch, places]. */
		mean(outputs, targets) {
			const classes = outputs.shape.at(-1) ?? 1;
			const hot = oneHot(reshape(targets, [targets.size]) as Tensor1D, classes);
			const logs = logarithms(reshape(outputs, [targets.size, classes]));
			return div(neg(sum(mul(hot, logs))), targets.size) as Tensor;
		},
	};
}

/** The surprisal by a row of outputs, each of which says it of its class; a row with a NaN says nothing of any. */
export function rowSurprisal(of: (value: number) => number): SurprisalOf {
	return (values, first, classes) => {
		const row = values.subarray(first, first + classes);
		const isWhole = !row.some(Number.isNaN);
		return (at) => (isWhole ? of(row[at] ?? Number.NaN) : Number.NaN);
	};
}

/**
 * The sum over all places of the surprisal of their class, and what it is divided by, as PyTorch's cross_entropy has them:
 * with indices, a place counts what its class does, one whose index is negative nothing; with probabilities, the surprisal of
 * each class counts by its probability and its weight, and the sum is divided by the number of places.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
function sums(
	surprisalOf: SurprisalOf,
	{ classWeights, labelSmoothing = 0 }: LossSettings,
): Required<Pick<Loss, "add" | "weight">> {
	const weightOf = (at: number) => (classWeights === undefined ? 1 : (classWeights[at] ?? Number.NaN));
	/** Of all classes together, each by its weight. */
	const evenly = (surprisal: (at: number) => number, classes: number) => {
		let sum = 0;
		for (let at = 0; at < classes; at++) sum += weightOf(at) * surprisal(at);
		return sum / classes;
	};
	return {
		add(total, outputs) {
			const { values, classes, targets } = outputs;
			const isIndex = targets instanceof Int32Array;
			let sum = total;
			for (let place = 0; place < values.length / classes; place++) {
				const own = targets[place] ?? Number.NaN;
				if (isIndex && own < 0) continue;
				const surprisal = surprisalOf(values, place * classes, classes);
				const wanted = isIndex ? weightOf(own) * surprisal(own) : expected(surprisal, outputs, place, weightOf);
				sum += labelSmoothing === 0 ? wanted : mixed(wanted, evenly(surprisal, classes), labelSmoothing);
			}
			return sum;
		},

		weight({ values, classes, targets }) {
			if (!(targets instanceof Int32Array)) return values.length / classes;
			let sum = 0;
			for (const target of targets) if (target >= 0) sum += weightOf(target);
			return sum;
		},
	};
}

/** The surprisal that a row of probabilities expects; a class without any counts nothing, however unlikely the outputs have it. */
function expected(
	surprisal: (at: number) => number,
	{ classes, targets }: Outputs,
	place: number,
	weightOf: (at: number) => number,
): number {
	let sum = 0;
	for (let at = 0; at < classes; at++) {
		const probability = targets[place * classes + at] ?? Number.NaN;
		if (probability !== 0) sum += probability * weightOf(at) * surprisal(at);
	}
	return sum;
}

function mixed(wanted: number, even: number, smoothing: number): number {
	return (1 - smoothing) * wanted + smoothing * even;
}
