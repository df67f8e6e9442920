import { isText } from "../check/values.js";
import { type Normalisation, toDataset } from "../data/arrange.js";
import type { Dataset, SampleCount } from "../data/dataset.js";
import type { NumericArray } from "../data/raw.js";
import { OptionError } from "../errors.js";
import type { NumberType } from "../files/numbers.js";
import type { Graph } from "../network/graph.js";
import { sizeOf } from "../network/shape.js";

/** What one input of a network is fed, in memory. */
export interface SampleValues {
	/** Flat, in row order. */
	readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
	/** Of all values: [samples, ...]. */
	readonly shape: readonly number[];
}

/** Samples and targets in memory, as a file of data holds them. */
export interface ArrayData {
	/** What people call them; `arrays` where nothing is said. */
	readonly name?: string;
	/** Flat, in row order. */
	readonly inputs: Float32Array | Float64Array | Int32Array | Uint8Array;
	/** Of all inputs: [samples, ...]. */
	readonly shape: readonly number[];
	/** Of a network with several inputs, of which `inputs` is the first: the others by their names. */
	readonly others?: Readonly<Record<string, SampleValues>>;
	/** The class of each sample or token (int32, or plain whole numbers), or values (float32). */
	readonly targets: Int32Array | Float32Array | readonly number[];
}

const types: readonly (readonly [new (length: number) => NumericArray["values"], NumberType])[] = [
	[Float32Array, "float32"],
	[Float64Array, "float64"],
	[Int32Array, "int32"],
	[Uint8Array, "uint8"],
];

/**
 * Arrays, or the first `count` samples of their seeded shuffle, as a network takes them.
 *
 * @throws {OptionError}         when they are no arrays, or their lengths don't go together
 * @throws {LayoutMismatchError} when shapes, tokens or classes don't fit the network
 */
export function arrangeArrays(
	data: ArrayData,
	graph: Graph,
	count: SampleCount,
	normalisation: Normalisation,
): Dataset {
	const { name = "arrays", shape, others = {}, targets } = data;
	isText("data.name", name);
	const inputs = checkedArray({ values: data.inputs, shape });
	const [{ name: first = "" } = {}] = graph.inputs;
	const named = new Map([[first, inputs]]);
	for (const [input, values] of Object.entries(others)) named.set(input, checkedArray(values));
	const [samples = 1] = shape;
	const numbers = targetsOf(targets);
	if (numbers.length % samples !== 0)
		throw new OptionError(
			"data",
			`expected as many targets for each of ${samples} samples, got ${numbers.length} in all`,
		);
	const each = numbers.length / samples;
	const placed = {
		shape: each === 1 ? [samples] : [samples, each],
		type: numbers instanceof Int32Array ? ("int32" as const) : ("float32" as const),
		values: numbers,
	};
	return toDataset({ name, inputs, named, targets: placed }, graph, count, normalisation);
}

function checkedArray({ values, shape }: SampleValues): NumericArray {
	const type = types.find(([kind]) => values instanceof kind)?.[1];
	if (type === undefined)
		throw new OptionError("data", "expected inputs as Float32Array, Float64Array, Int32Array or Uint8Array");
	if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length > 0))
		throw new OptionError("data", `expected a shape of whole numbers from 1, [samples, ...], got ${String(shape)}`);
	if (sizeOf(shape) !== values.length)
		throw new OptionError("data", `expected ${sizeOf(shape)} inputs for the shape [${shape}], got ${values.length}`);
	return { shape, type, values };
}

function targetsOf(targets: ArrayData["targets"]): Int32Array | Float32Array {
	if (targets instanceof Int32Array || targets instanceof Float32Array) return targets;
	if (!Array.isArray(targets) || !targets.every((target) => typeof target === "number"))
		throw new OptionError("data", "expected targets as Int32Array, Float32Array or an array of numbers");
	return targets.every(Number.isInteger) ? Int32Array.from(targets) : Float32Array.from(targets);
}
