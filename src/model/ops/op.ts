import type { Tensor } from "@tensorflow/tfjs-core";
import type { RandomStream } from "../../random.js";

export type Shape = readonly number[];

/** What an op may depend on besides its inputs. */
export interface Mode {
	/** Dropout drops and batch normalisation uses the batch only while training. */
	readonly training: boolean;
	/** For dropout; each layer takes the next numbers. Only while training. */
	readonly random?: RandomStream;
}

export const evaluationMode: Mode = { training: false };

/**
 * One operation of a graph: its output's shape, its arithmetic, and its work.
 * Shapes are those of one sample for values and whole for parameters; tensors carry the batch as first axis.
 */
export interface Op<Attributes> {
	/** @throws {RangeError} when the shapes don't fit the op */
	shape(inputs: readonly Shape[], attributes: Attributes): Shape;
	run(inputs: readonly Tensor[], attributes: Attributes, mode: Mode): Tensor;
	/** Multiply-adds for one sample; ops that only move or compare values have none. */
	multiplyAdds?(inputs: readonly Shape[], output: Shape): number;
}

/** The inputs of an op that takes a fixed number of them; a missing one is the graph builder's mistake. */
export function required<T>(inputs: readonly T[], index: number): T {
	const input = inputs[index];
	if (input === undefined) throw new RangeError(`input ${index} is missing`);
	return input;
}
