import type { NodeBuilder } from "../network/ops/op.js";
import type { Role } from "./role.js";

/** What a network said of some samples, and what it should have said. */
export interface Outputs {
	/** float32, [samples, width]. */
	readonly values: Float32Array;
	/** How many a sample has: `classes` for each of its places (tokens, pixels). */
	readonly width: number;
	/** The length of the last axis, which counts classes where the targets are some. */
	readonly classes: number;
	/**
	 * By their role: int32, a class for each place of each sample, negative where it does not count; or float32, [samples,
	 * width].
	 */
	readonly targets: Int32Array | Float32Array;
}

/** What a loss may be told besides. */
export interface LossSettings {
	/** What each class counts; 1 where nothing is said. */
	readonly classWeights?: readonly number[];
	/** The share of each target that is spread evenly over all classes, 0 to 1. @see Szegedy et al. 2016, section 7 */
	readonly labelSmoothing?: number;
}

/** A loss as nodes of a graph, from which derivatives are made. */
export interface LossNodes {
	/**
	 * What one sample adds to the sum that `add` makes: a single number.
	 *
	 * @param output the value that the network gives
	 * @param target what it should be, in the same shape, as `targets` has it
	 */
	nodes(build: NodeBuilder, output: string, target: string): string;
	/** What stands for the targets of some samples: as many numbers a sample as its output has. */
	targets(samples: Pick<Outputs, "width" | "classes" | "targets">): Float32Array;
}

/** A loss: its value in float64, and as nodes of a graph for derivatives. */
export interface Loss {
	readonly name: string;
	/** What its targets may be, the usual first. */
	readonly takes: readonly Role[];
	/** What it takes as outputs where not any numbers, and the loss that takes any. */
	readonly of?: { readonly what: string; readonly instead: string };
	/**
	 * The sum of the losses of the samples, added to `total` one by one in sample order. A sample whose outputs hold a NaN
	 * has the loss NaN.
	 */
	add(total: number, outputs: Outputs): number;
	/** What the sum over these samples is divided by; how many they are where a loss has none. */
	weight?(outputs: Outputs): number;
	/** The same loss with settings; of one that has none, nothing. */
	with?(settings: LossSettings): Loss;
	/** What derivatives are made from; a loss without it has none. */
	readonly differentiable?: LossNodes;
}

/** How many samples some outputs are of. */
export function samplesOf({ values, width }: Outputs): number {
	return values.length / width;
}
