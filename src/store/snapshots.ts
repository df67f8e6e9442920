import type { State } from "../network/parameters.js";

/** All that the bytes of a training depend on, for comparison and for people. */
export type TrainingPlan = Readonly<Record<string, string | number>>;

export interface Snapshot {
	/** Steps done; 0 for the start. */
	readonly step: number;
	/** The network then. */
	readonly state: State;
}

export interface Trajectory {
	/** What the training was done with. */
	readonly plan: TrainingPlan;
	/** Steps from one snapshot to the next; the last may come sooner. */
	readonly every: number;
	/** From the start to the end. */
	readonly snapshots: readonly Snapshot[];
}
