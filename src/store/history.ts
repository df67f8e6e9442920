/** How a training went. */
export interface TrainingHistory {
	/** For each step done: the mean loss of its batch, in training mode. */
	readonly losses: number[];
	/** For each step done: the share of its batch that was right, 0 to 1. */
	readonly accuracies: number[];
	/** For each epoch done. */
	readonly epochs: EpochRecord[];
}

export interface EpochRecord {
	/** From 1. */
	readonly epoch: number;
	/** Steps done by then. */
	readonly step: number;
	/** Means over the epoch's samples, as they were trained on: with dropout, and with the parameters of the time. */
	readonly trainLoss: number;
	/** Likewise, a share from 0 to 1. */
	readonly trainAccuracy: number;
	/** Of the network at the epoch's end, in evaluation mode. Accuracies are shares, 0 to 1. */
	readonly testLoss: number;
	/** Likewise, a share from 0 to 1. */
	readonly testAccuracy: number;
}
