import type { Dataset } from "../data/dataset.js";

/** Targets as data hold them, before it is known what they are for. */
export interface Targets {
	/** Of the data, for errors. */
	readonly name: string;
	/** Of one sample; [] for one number. */
	readonly shape: readonly number[];
	/** [samples, ...shape] */
	readonly values: Int32Array | Float32Array;
	/** The number that each sample has in its file, where it is another than its place here. */
	readonly numbers?: Uint32Array;
}

/** Those of a data set. */
export function targetsOf({ name, samples, targets, targetShape, numbers }: Dataset): Targets {
	const each = targets.length / samples;
	const shape = targetShape ?? (each === 1 ? [] : [each]);
	return { name, shape, values: targets, ...(numbers !== undefined && { numbers }) };
}
