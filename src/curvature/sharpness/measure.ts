import type { RandomStream } from "../../exact/random.js";
import type { Layout } from "../../network/parameters.js";

/** What sharpness is measured of: a network at a point, whose losses and gradients nearby can be had. */
export interface SharpnessSubject {
	/** θ0. */
	readonly parameters: Float32Array;
	readonly layout: Layout;
	/** The loss and its gradient at θ0. */
	readonly loss: number;
	readonly gradient: Float32Array;
	/** The mean loss elsewhere. */
	readonly lossAt: (parameters: Float32Array) => Promise<number>;
	/** Its gradient elsewhere. */
	readonly gradientAt: (parameters: Float32Array) => Promise<Float32Array>;
	/** The product of the Hessian at θ0 with a vector. */
	readonly product: (vector: Float32Array) => Promise<Float32Array>;
	/** Of the samples' derivatives along a vector at θ0: the mean of their squares. */
	readonly meanSquareSlope: (vector: Float32Array) => Promise<number>;
	/** Numbers of one's own for each part. */
	readonly random: (part: number) => RandomStream;
	/** Sets to 0 what does not move. */
	readonly hold: <V extends Float32Array | Float64Array>(vector: V) => V;
}

/** A figure, and how it was come by. */
export interface Figure {
	readonly value: number;
	/** `exact` but for rounding; `first order` or `second order` of an expansion; `search`, which has found a lower bound; `sampled`. */
	readonly how: "exact" | "first order" | "second order" | "step" | "search" | "sampled";
	/** Of what is sampled. */
	readonly standardError?: number;
}

/** What a measure says: its settings, and its figures by name. */
export interface Sharpness {
	readonly settings: Readonly<Record<string, number>>;
	readonly figures: Readonly<Record<string, Figure>>;
}

/** One way to say how sharp a minimum is. */
export interface SharpnessMeasure {
	readonly name: string;
	/** In a few words. */
	readonly label: string;
	/** Whether it stays the same when layers are rescaled so that the network computes the same. */
	readonly invariant: boolean;
	measure(subject: SharpnessSubject): Promise<Sharpness>;
}
