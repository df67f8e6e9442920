import type { Allocation, KernelContext } from "../../kernels/backend.js";
import { countOf, type NormNumbers, type Operand } from "../../kernels/lowering.js";

/** An operand whose place in memory is known. */
interface Placed extends Operand {
	readonly at: number;
}

/** Those numbers where all have their places: parameters and statistics. */
export interface PlacedNumbers extends NormNumbers {
	readonly mean: Placed;
	readonly variance: Placed;
	readonly shift: Placed;
	readonly scale: Placed;
}

/** Whether both say the same of the same weights. */
function areSame(a: PlacedNumbers, b: PlacedNumbers): boolean {
	const sameWeights = a.mean === b.mean && a.variance === b.variance && a.shift === b.shift && a.scale === b.scale;
	return sameWeights && a.epsilon === b.epsilon && a.most === b.most;
}

/** What a batch normalisation takes off and multiplies by, worked out for each channel. */
export class Norm {
	readonly #numbers: PlacedNumbers;
	readonly #context: KernelContext;
	readonly #to: Allocation;
	readonly #places: readonly [mean: number, variance: number, shift: number, scale: number];

	/** @param numbers whose places stay for as long as this does */
	constructor(context: KernelContext, numbers: PlacedNumbers) {
		this.#numbers = numbers;
		this.#context = context;
		// Weights are kept plain from when they are asked where they lie: that has to be before they get their numbers.
		this.#places = [numbers.mean.at, numbers.variance.at, numbers.shift.at, numbers.scale.at];
		this.#to = context.allocate(context.kernels.normBytes(countOf(numbers.mean.shape)));
	}

	get at(): number {
		return this.#to.address;
	}

	is(numbers: PlacedNumbers): boolean {
		return areSame(this.#numbers, numbers);
	}

	/** Takes the numbers as they are now. */
	form(): void {
		const { mean, epsilon, most = Number.POSITIVE_INFINITY } = this.#numbers;
		this.#context.kernels.prepareNorm(this.at, ...this.#places, epsilon, most, countOf(mean.shape));
	}

	release(): void {
		this.#to.free();
	}
}
