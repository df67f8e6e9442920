import type { Dataset } from "../data/dataset.js";
import type { LayersModelLike } from "../formats/index.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import type { PlaneOptions } from "../options/plane/index.js";
import type { Section } from "../section/section.js";
import type { ArrayData } from "./data-in-memory.js";

/** What to sweep: by names and paths, or in memory. */
export interface SweepRequest extends Omit<PlaneOptions, "data" | "to"> {
	/** A network in memory, in place of `model` and `weights`; a LayersModel of TensorFlow.js, too. */
	readonly network?: Network | LayersModelLike;
	/**
	 * A data set by name, a directory of IDX files, a folder of images, or a file (.npz, .npy, .csv); or in memory: arrays,
	 * which are arranged for the network as those of a file are, or a data set that `loadData` has read.
	 */
	readonly data?: string | ArrayData | Dataset;
	/**
	 * The other networks, each a file, `init:SEED` for fresh parameters, a network or the state of one: one for an
	 * interpolation, two for a plane through three networks, none for random directions.
	 */
	readonly to?: OtherNetwork | readonly OtherNetwork[];
	/** Where to look, in place of `directions` and all that goes with it: from `affineSection`, say. */
	readonly section?: Section;
	/**
	 * What the networks on the section are called in pictures, the origin first, and then the trainings of `trajectory`; the names of
	 * their files by default.
	 */
	readonly labels?: readonly string[];
}

/** The properties that a request has besides those of the command line. */
export const requestProperties = ["network", "section", "labels"] as const satisfies readonly (keyof SweepRequest)[];

export type OtherNetwork = string | Network | LayersModelLike | State;
