import type { Outputs } from "../objective/loss.js";
import type { SummedLoss } from "../objective/module.js";
import type { FieldSpec } from "../surface/field.js";

/** What a probe is told of the sweep that it measures for. */
export interface Subject {
	/** The loss that the sweep is about. */
	readonly loss: SummedLoss;
	readonly samples: number;
	/** How many classes a sample, or a token of it, is told apart by: the length of the output's last axis. */
	readonly classes: number;
	/** Those of all samples. */
	readonly targets: Int32Array | Float32Array;
	/** How many coordinates a place of the section has. */
	readonly dimensions: number;
	/** Whether statistics of batch normalisation are measured on samples at every point, so that no derivative tells how they change. */
	readonly measuresStatistics?: boolean;
	/** Whether they are those of each batch, so that what a sample gives depends on others. */
	readonly normalisesByBatch?: boolean;
	/** How many samples there are of which these are some, where errors are of the mean over all of them; else without end. */
	readonly population?: number;
}

/** Something that is measured at a point: it gives one field or several. */
export type Probe = OutputProbe | DerivativeProbe;

interface NamedProbe {
	readonly name: string;
	/**
	 * The fields it gives, in order.
	 *
	 * @throws {OptionError} where it can't be measured on such targets, by such a loss, or there
	 */
	fields(subject: Subject): readonly FieldSpec[];
}

/** Something that is measured of the network's outputs. */
export interface OutputProbe extends NamedProbe {
	/** Starts measuring at a point. */
	start(subject: Subject): Measurement;
}

/** Something that is made of derivatives of the mean loss. */
export interface DerivativeProbe extends NamedProbe {
	/** Those along the section's directions that it is made of: all probes' are computed at once. */
	along(subject: Subject): readonly Along[];
	/** The values of its fields, in order. */
	measure(derivatives: PointDerivatives, subject: Subject): Promise<readonly number[]>;
}

/** The numbers of one or two of the section's directions, from 0: [0] for the slope along α, [0, 1] for a mixed second derivative. */
export type Along = readonly [number] | readonly [number, number];

/** Derivatives of the mean loss at a point. */
export interface PointDerivatives {
	/** The derivative of the surface itself along its coordinates; running statistics that move on the section move here. */
	along(along: Along): Promise<number>;
	/** The length of the gradient by all parameters that move, running statistics as they are at the point. */
	gradientNorm(): Promise<number>;
	/** The lowest and the highest eigenvalue of the Hessian by the same parameters; NaN where they are not settled. */
	eigenvalues(): Promise<{ readonly lowest: number; readonly highest: number }>;
}

/** A measurement at one point. */
export interface Measurement {
	/** Takes the outputs for some samples: batch after batch, in data order, each sample once. */
	add(outputs: Outputs): void;
	/** The values of the probe's fields, in order, once all samples have been added. */
	finish(): readonly number[];
}
