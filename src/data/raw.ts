import type { NumberType } from "../files/numbers.js";

/** Numbers with a shape, as a file of data holds them. */
export interface NumericArray {
	readonly shape: readonly number[];
	readonly type: NumberType;
	readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** Data as a file holds it, before it is arranged for a network. */
export interface RawData {
	readonly name: string;
	/** [samples, ...] */
	readonly inputs: NumericArray;
	/** The class of each sample or token (int32), or target values (float32). */
	readonly targets: Int32Array | Float32Array;
	/** What the classes are called, where the file says it. */
	readonly classes?: readonly string[];
}
