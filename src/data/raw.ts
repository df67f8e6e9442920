import type { NumberType } from "../files/numbers.js";

/** Numbers with a shape, as a file of data holds them. */
export interface NumericArray {
	readonly shape: readonly number[];
	readonly type: NumberType;
	readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
	/** What the numbers stand for, where the file has texts: 0 for the first. */
	readonly names?: readonly string[];
}

/** A part of data that have several. */
export type Split = "train" | "test";

/** Data as a file holds it, before it is arranged for a network. */
export interface RawData {
	readonly name: string;
	/** [samples, ...] */
	readonly inputs: NumericArray;
	/** All that the file holds of each sample but its targets, by name: a network with several inputs finds its own here. */
	readonly named?: ReadonlyMap<string, NumericArray>;
	/** Whether `inputs` is only the first of several, none of which has a name that samples usually have. */
	readonly isUnsure?: boolean;
	/** Classes or numbers, of shape [samples, ...]; what they are is decided where the network is known. */
	readonly targets: NumericArray;
	/** What the classes are called, where the file says it. */
	readonly classes?: readonly string[];
	/** The parts that the source has, of which this is one, where there are several. */
	readonly parts?: readonly Split[];
	/** What was assumed where the file left a choice, a line each. */
	readonly assumptions?: readonly string[];
}
