import type { FieldSpec } from "../surface/field.js";

/** How a training went. */
export interface TrainingHistory {
	/** What is measured beside the loss: accuracy of classes, R² of values; null where nothing is. */
	readonly metric: FieldSpec | null;
	/** For each step done: the mean loss of its batch, in training mode. */
	readonly losses: number[];
	/** For each epoch done. */
	readonly epochs: EpochRecord[];
}

export interface EpochRecord {
	/** From 1. */
	readonly epoch: number;
	/** Steps done by then. */
	readonly step: number;
	/** Over the epoch's samples, as they were trained on: with dropout, and with the parameters of the time. */
	readonly trainLoss: number;
	/** Likewise, in the metric's unit; null where there is no metric. */
	readonly trainMetric: number | null;
	/** Of the network at the epoch's end, in evaluation mode; null where there is nothing to test it on. */
	readonly testLoss: number | null;
	/** Likewise. */
	readonly testMetric: number | null;
}

/** Sums over the samples of an epoch so far, from which its means come. */
export interface Tally {
	/** Of the losses. */
	loss: number;
	/** Of what they count. */
	weight: number;
	/** Those of the metric. */
	readonly metric: Float64Array;
}
