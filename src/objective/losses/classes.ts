import { sumOfAll } from "../../network/graph-builder.js";
import type { NodeBuilder } from "../../network/ops/op.js";
import type { Loss, LossSettings, Outputs } from "../loss.js";
import type { Role } from "../role.js";

/** Losses of classes take an index for each sample or place, or a probability for each class. */
export const takesClasses: readonly Role[] = ["class", "classes", "distribution"];

/** How a loss takes the surprisal, − the logarithm of the probability, of a class from a row of outputs. */
export interface Surprisal {
	/** What all classes of each row have in common; NaN where a row says nothing of any. */
	bases(values: Float32Array, classes: number): Float64Array;
	/** Of the class whose output this is. */
	of(value: number, base: number): number;
}

/** What sets a loss of classes apart from the others. */
interface ClassLoss extends Pick<Loss, "name" | "of"> {
	readonly surprisal: Surprisal;
	/** The logarithms of the probabilities as nodes, from the output of a network. */
	readonly nodes: (build: NodeBuilder, output: string) => string;
}

/** A loss that is the mean surprisal of the right classes, with settings. */
export function classLoss(own: ClassLoss, settings: LossSettings = {}): Loss {
	const { name, of, surprisal, nodes } = own;
	return {
		name,
		takes: takesClasses,
		...(of !== undefined && { of }),
		...sums(surprisal, settings),
		with: (other) => classLoss(own, other),

		differentiable: {
			nodes: (build, output, target) => build.affine(sumOfAll(build, build.mul(nodes(build, output), target)), -1),
			targets: (samples) => expectations(samples, settings),
		},
	};
}

/** What each class of each place counts: its probability by its weight, smoothed; of a place whose index is negative nothing. */
function expectations(
	{ classes, targets }: Pick<Outputs, "classes" | "targets">,
	{ classWeights, labelSmoothing = 0 }: LossSettings,
): Float32Array {
	const isIndex = targets instanceof Int32Array;
	const places = isIndex ? targets.length : targets.length / classes;
	const counts = new Float32Array(places * classes);
	for (let place = 0, first = 0; place < places; place++, first += classes) {
		const own = targets[place] ?? Number.NaN;
		if (isIndex && own < 0) continue;
		for (let at = 0; at < classes; at++) {
			const probability = isIndex ? Number(at === own) : (targets[first + at] ?? Number.NaN);
			const weight = classWeights === undefined ? 1 : (classWeights[at] ?? Number.NaN);
			counts[first + at] = weight * ((1 - labelSmoothing) * probability + labelSmoothing / classes);
		}
	}
	return counts;
}

/** The surprisal by a row of outputs, each of which says it of its class; a row with a NaN says nothing of any. */
export function rowSurprisal(of: (value: number) => number): Surprisal {
	return {
		bases(values, classes) {
			const bases = new Float64Array(values.length / classes);
			for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) bases[Math.floor(i / classes)] = Number.NaN;
			return bases;
		},
		of: (value, base) => (Number.isNaN(base) ? base : of(value)),
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
	surprisal: Surprisal,
	{ classWeights, labelSmoothing = 0 }: LossSettings,
): Required<Pick<Loss, "add" | "weight">> {
	const weightOf = (at: number) => (classWeights === undefined ? 1 : (classWeights[at] ?? Number.NaN));
	/** Of all classes together, each by its weight. */
	const evenly = ({ values, classes }: Outputs, first: number, base: number) => {
		let sum = 0;
		for (let at = 0; at < classes; at++) sum += weightOf(at) * surprisal.of(values[first + at] ?? Number.NaN, base);
		return sum / classes;
	};
	/** What a row of probabilities expects; a class without any counts nothing, however unlikely the outputs have it. */
	const expected = ({ values, classes, targets }: Outputs, first: number, base: number) => {
		let sum = 0;
		for (let at = 0; at < classes; at++) {
			const probability = targets[first + at] ?? Number.NaN;
			if (probability === 0) continue;
			sum += probability * weightOf(at) * surprisal.of(values[first + at] ?? Number.NaN, base);
		}
		return sum;
	};
	return {
		add(total, outputs) {
			const { values, classes, targets } = outputs;
			const isIndex = targets instanceof Int32Array;
			const bases = surprisal.bases(values, classes);
			let sum = total;
			for (let place = 0, first = 0; first < values.length; place++, first += classes) {
				const own = targets[place] ?? Number.NaN;
				if (isIndex && own < 0) continue;
				const base = bases[place] ?? Number.NaN;
				const wanted = isIndex
					? weightOf(own) * surprisal.of(values[first + own] ?? Number.NaN, base)
					: expected(outputs, first, base);
				sum += labelSmoothing === 0 ? wanted : mixed(wanted, evenly(outputs, first, base), labelSmoothing);
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

function mixed(wanted: number, even: number, smoothing: number): number {
	return (1 - smoothing) * wanted + smoothing * even;
}
