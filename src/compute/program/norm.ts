import type { Allocation, KernelContext } from "../../kernels/backend.js";
import { countOf, type NormNumbers, type Operand } from "../../kernels/lowering.js";

/** An operand whose place in memory is known. */
interface Placed extends Operand {
	readonly at: number;
}

/** Those numbers where all have their places: parameters and statistics. */
interface PlacedNumbers extends NormNumbers {
	readonly mean: Placed;
	readonly variance: Placed;
	readonly shift: Placed;
	readonly scale: Placed;
}

/** What a batch normalisation takes off and multiplies by, worked out for each channel. */
export class Norm {
	readonly #numbers: PlacedNumbers;
	readonly #context: KernelContext;
	readonly #to: Allocation;

	/** @param numbers whose places stay for as long as this does */
	constructor(context: KernelContext, numbers: PlacedNumbers) {
		this.#numbers = numbers;
		this.#context = context;
		this.#to = context.allocate(context.kernels.normBytes(countOf(numbers.mean.shape)));
	}

	get at(): number {
		return this.#to.address;
	}

	is({ mean, variance, shift, scale, epsilon }: NormNumbers): boolean {
		const own = this.#numbers;
		const same = own.mean === mean && own.variance === variance && own.shift === shift && own.scale === scale;
		return same && own.epsilon === epsilon;
	}

	/** Takes the numbers as they are now. */
	form(): void {
		const { mean, variance, shift, scale, epsilon } = this.#numbers;
		const places = [mean.at, variance.at, shift.at, scale.at] as const;
		this.#context.kernels.prepareNorm(this.at, ...places, epsilon, countOf(mean.shape));
	}

	release(): void {
		this.#to.free();
	}
}
