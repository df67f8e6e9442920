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
}

/** Something that is measured at a point: it gives one field or several. */
export interface Probe {
	readonly name: string;
	/**
	 * The fields it gives, in order.
	 *
	 * @throws {OptionError} where it can't be measured on such targets
	 */
	fields(subject: Subject): readonly FieldSpec[];
	/** Starts measuring at a point. */
	start(subject: Subject): Measurement;
}

/** A measurement at one point. */
export interface Measurement {
	/** Takes the outputs for some samples: batch after batch, in data order, each sample once. */
	add(outputs: Outputs): void;
	/** The values of the probe's fields, in order, once all samples have been added. */
	finish(): readonly number[];
}
