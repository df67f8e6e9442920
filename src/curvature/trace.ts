import { RandomStream } from "../exact/random.js";
import { studentQuantile } from "../exact/student.js";
import type { Layout } from "../network/parameters.js";
import { slice } from "../network/parameters.js";
import { addTimes, dot } from "../section/products.js";
import type { Operator } from "./lanczos.js";
import { type Notebook, noted } from "./notebook.js";
import { meanOf } from "./vector.js";

/** A trace as it is estimated. */
export interface Trace {
	readonly value: number;
	/** Of the mean over the probes. */
	readonly standardError: number;
	/** Where the trace lies 95 times in 100, by Student's t. */
	readonly interval: readonly [number, number];
	readonly probes: number;
	/** Of each tensor's own block, by its name; no probe is spent on these. */
	readonly byTensor: Readonly<Record<string, number>>;
}

export interface TraceOptions {
	readonly layout: Layout;
	readonly seed: number;
	/** Probes at most, and at least. */
	readonly most: number;
	readonly least: number;
	/** Enough where the standard error is so much of the value. */
	readonly tolerance: number;
	/** Unit vectors whose part is computed exactly and taken out of the probes: those of the largest eigenvalues. */
	readonly known: readonly Float32Array[];
	readonly hold: (vector: Float32Array) => Float32Array;
	readonly onProbe?: (estimate: Pick<Trace, "value" | "standardError" | "probes">) => void;
}

/**
 * The trace of a symmetric operator by Hutchinson's estimator with Rademacher probes, of which the part along known vectors is
 * taken out and computed as it is.
 *
 * @see Hutchinson 1990; Meyer, Musco, Musco and Woodruff, Hutch++ (SOSA 2021, arXiv 2010.09649)
 */
export async function trace(operator: Operator, options: TraceOptions, notebook: Notebook): Promise<Trace> {
	const { layout, known, most, least, tolerance, hold } = options;
	const images: Float32Array[] = [];
	let exact = 0;
	for (const [i, vector] of known.entries()) {
		const { vector: image = new Float32Array() } = await noted(notebook, `trace known ${i}`, async () => ({
			numbers: [],
			vector: await operator(vector),
		}));
		images.push(image);
		exact += dot(vector, image);
	}
	const values: number[] = [];
	const blocks = layout.slots.map(() => 0);
	for (let probe = 0; probe < most; probe++) {
		const { numbers } = await noted(notebook, `trace ${probe}`, async () => ({
			numbers: await probed(operator, hold(rademacher(layout.length, options.seed, probe)), known, images, layout),
		}));
		const [value = 0, ...parts] = numbers;
		values.push(value);
		for (const [i, part] of parts.entries()) blocks[i] = (blocks[i] ?? 0) + part;
		const estimate = meanOf(values);
		const total = exact + estimate.mean;
		options.onProbe?.({ value: total, standardError: estimate.standardError, probes: values.length });
		if (values.length >= least && estimate.standardError <= tolerance * Math.abs(total)) break;
	}
	const { mean, standardError } = meanOf(values);
	const byTensor = layout.slots.map(({ name }, i): [string, number] => [name, (blocks[i] ?? 0) / values.length]);
	const value = exact + mean;
	// One probe says nothing of its error.
	const half = values.length < 2 ? standardError : studentQuantile(0.975, values.length - 1) * standardError;
	return {
		value,
		standardError,
		interval: [value - half, value + half],
		probes: values.length,
		byTensor: Object.fromEntries(byTensor),
	};
}

/** What one probe says of the whole outside of what is known, and of each tensor's block. */
async function probed(
	operator: Operator,
	probe: Float32Array,
	known: readonly Float32Array[],
	images: readonly Float32Array[],
	layout: Layout,
): Promise<number[]> {
	const outside = Float64Array.from(probe);
	const along = known.map((vector) => dot(vector, probe));
	for (const [i, vector] of known.entries()) addTimes(outside, -(along[i] ?? 0), vector);
	const rounded = Float32Array.from(outside);
	const image = await operator(rounded);
	const value = dot(rounded, image);
	const whole = Float64Array.from(image);
	for (const [i, each] of images.entries()) addTimes(whole, along[i] ?? 0, each);
	return [value, ...layout.slots.map((slot) => dot(slice(probe, slot), slice(whole, slot)))];
}

/** 1 or -1, each as likely, for every parameter. */
export function rademacher(
	length: number,
	seed: number,
	probe: number,
	purpose: "traceProbes" | "densityProbes" | "rounding" = "traceProbes",
): Float32Array {
	const random = new RandomStream(seed, purpose, probe);
	const signs = new Float32Array(length);
	let word = 0;
	for (let i = 0; i < length; i++) {
		if (i % 32 === 0) word = random.uint32();
		signs[i] = (word >>> (i % 32)) & 1 ? 1 : -1;
	}
	return signs;
}
