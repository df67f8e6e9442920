import { isA, isListOf, isObject, isPerhaps, isText, isWhole } from "../check/values.js";
import { LayoutMismatchError, OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { RandomStream } from "../exact/random.js";
import type { Split } from "./raw.js";

/** What one input of a network is fed, for all samples. */
export interface SampleArray {
	/** Of one sample. */
	readonly shape: readonly number[];
	/** [samples, ...shape], flat. */
	readonly values: Float32Array | Int32Array;
}

/** Samples and what a network should make of them, as flat arrays in sample order. */
export interface Dataset<Inputs extends Float32Array | Int32Array = Float32Array | Int32Array> {
	/** What people call it. */
	readonly name: string;
	/** How many there are. */
	readonly samples: number;
	/** Of one sample: [height, width, channels] for an image. */
	readonly sampleShape: readonly number[];
	/** [samples, ...sampleShape], as the graph takes them: float32, normalised; or int32, tokens. */
	readonly inputs: Inputs;
	/** Of a network with several inputs: those after the first, in the order of its graph. */
	readonly others?: readonly SampleArray[];
	/** The class of each sample, or of each of its tokens (int32); or its target values, as many as the output has (float32). */
	readonly targets: Int32Array | Float32Array;
	/** Of the targets of one sample: [height, width] for a class a pixel; found from their number where nothing is said. */
	readonly targetShape?: readonly number[];
	/** The number that each sample has in its file, from 0; its place here where nothing is said. */
	readonly numbers?: Uint32Array;
	/** How many samples the source has, of whose shuffle these are the first, where that is known. */
	readonly available?: number;
	/** What was assumed where the source left a choice, a line each. */
	readonly assumptions?: readonly string[];
	/** How many classes there are in all, those of samples that were not taken with them; where the source says it. */
	readonly classes?: number;
	/** What the classes are called, from class 0 on, where the source says it. */
	readonly classNames?: readonly string[];
	/** The parts that the source has, of which these samples are one, where there are several. */
	readonly parts?: readonly Split[];
}

const isDatasetShape = isObject("a data set, as loadData reads one", {
	name: isText,
	samples: isWhole(1),
	sampleShape: isListOf(isWhole(1)),
	inputs: isA("a Float32Array or Int32Array", isNumbers),
	others: isPerhaps(isListOf(isObject("an input", { shape: isListOf(isWhole(1)), values: isA("numbers", isNumbers) }))),
	targets: isA("an Int32Array or Float32Array", isNumbers),
});

function isNumbers(value: unknown): boolean {
	return value instanceof Float32Array || value instanceof Int32Array;
}

/**
 * Checks a data set that someone has in memory.
 *
 * @throws {OptionError}         when it is none
 * @throws {LayoutMismatchError} when inputs or targets are not as many as its samples ask for
 */
export function checkDataset(name: string, data: unknown): asserts data is Dataset {
	isDatasetShape(name, data);
	const { samples, targets } = data as Dataset;
	for (const { shape, values } of inputsOf(data as Dataset)) {
		const size = samples * shape.reduce((product, length) => product * length, 1);
		if (values.length !== size)
			throw new LayoutMismatchError(
				`${name}: expected ${size} inputs, ${samples} samples of [${shape}], got ${values.length}`,
			);
	}
	if (targets.length === 0 || targets.length % samples !== 0)
		throw new LayoutMismatchError(
			`${name}: expected as many targets for each of ${samples} samples, got ${targets.length} in all`,
		);
}

/** How many samples to take: so many, all, or as many as there are up to a number. */
export type SampleCount = number | "all" | { readonly atMost: number };

const isCount = isA(
	'a whole number from 1, "all" or { atMost }',
	(value) => value === "all" || (Number.isSafeInteger(value) && (value as number) >= 1),
);

/** The order of samples is the same for everyone: its seed is a constant, whatever --seed says. */
const SAMPLE_ORDER_SEED = 0;

/**
 * The numbers of the first `count` samples of the seeded shuffle of `available` ones.
 *
 * @throws {OptionError} when there are not that many
 */
export function chooseSamples(available: number, count: SampleCount): Uint32Array {
	if (typeof count !== "object" || count === null) isCount("samples", count);
	else isWhole(1)("samples.atMost", count.atMost);
	const chosen = count === "all" ? available : typeof count === "number" ? count : Math.min(count.atMost, available);
	if (chosen > available)
		throw new OptionError("samples", `expected at most ${available} (the size of the data), got ${chosen}`);
	return new RandomStream(SAMPLE_ORDER_SEED, "sampleOrder").permutation(available, chosen);
}

/** What each input of the network is fed, in the order of its graph. */
export function inputsOf({ sampleShape, inputs, others = [] }: Dataset): SampleArray[] {
	return [{ shape: sampleShape, values: inputs }, ...others];
}

/** A data set with all its arrays put somewhere else, such as into shared memory. */
export function withArrays(data: Dataset, move: <A extends Float32Array | Int32Array>(array: A) => A): Dataset {
	const { inputs, others, targets } = data;
	return {
		...data,
		inputs: move(inputs),
		targets: move(targets),
		...(others !== undefined && { others: others.map((other) => ({ ...other, values: move(other.values) })) }),
	};
}

/** Samples of a data set by their places in it, one after another, as a data set of their own. */
export function pickSamples(data: Dataset, places: ArrayLike<number>): Dataset {
	// Samples by their places are no longer the first of any shuffle.
	const { samples, numbers, available: _available, ...rest } = data;
	const pick = <A extends Float32Array | Int32Array | Uint32Array>(values: A): A => {
		const size = values.length / samples;
		const picked = new (values.constructor as new (length: number) => A)(places.length * size);
		for (let i = 0; i < places.length; i++) {
			const place = places[i] ?? 0;
			picked.set(values.subarray(place * size, (place + 1) * size), i * size);
		}
		return picked;
	};
	const picked = withArrays({ ...rest, samples: places.length }, pick);
	return numbers === undefined ? picked : { ...picked, numbers: pick(numbers) };
}

/** SHA-256 over shapes, inputs and targets. */
export function datasetDigest(data: Dataset): string {
	return sha256(...inputsOf(data).flatMap(({ shape, values }) => [JSON.stringify(shape), values]), data.targets);
}
