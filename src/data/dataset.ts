import { OptionError } from "../errors.js";
import { sha256 } from "../exact/digest.js";
import { RandomStream } from "../exact/random.js";

/** Samples and what a network should make of them, as flat arrays in sample order. */
export interface Dataset<Inputs extends Float32Array | Int32Array = Float32Array | Int32Array> {
	readonly name: string;
	readonly samples: number;
	/** Of one sample: [height, width, channels] for an image. */
	readonly sampleShape: readonly number[];
	/** [samples, ...sampleShape], as the graph takes them: float32, normalised; or int32, tokens. */
	readonly inputs: Inputs;
	/** The class of each sample, or of each of its tokens (int32); or its target values, as many as the output has (float32). */
	readonly targets: Int32Array | Float32Array;
	/** How many classes there are in all, those of samples that were not taken with them; where the source says it. */
	readonly classes?: number;
}

/** How many samples to take: so many, all, or as many as there are up to a number. */
export type SampleCount = number | "all" | { readonly atMost: number };

/** The order of samples is the same for everyone: its seed is a constant, whatever --seed says. */
const SAMPLE_ORDER_SEED = 0;

/**
 * The numbers of the first `count` samples of the seeded shuffle of `available` ones.
 *
 * @throws {OptionError} when there are not that many
 */
export function chooseSamples(available: number, count: SampleCount): Uint32Array {
	const chosen = count === "all" ? available : typeof count === "number" ? count : Math.min(count.atMost, available);
	if (chosen > available)
		throw new OptionError("samples", `expected at most ${available} (the size of the data), got ${chosen}`);
	return new RandomStream(SAMPLE_ORDER_SEED, "sampleOrder").permutation(available, chosen);
}

/** SHA-256 over shape, inputs and targets. */
export function datasetDigest({ sampleShape, inputs, targets }: Dataset): string {
	return sha256(JSON.stringify(sampleShape), inputs, targets);
}
