import type { Unit } from "../../surface/field.js";

/**
 * The names that the reference code's surface files (tomgoldstein/loss-landscape) have for what is measured, and how they are filled:
 * arrays are declared (x, y) but filled with α running faster, so that only square ones can be drawn by its own scripts; shares are in
 * per cent, and a point that is pending is −1.
 */
export const COORDINATES = ["xcoordinates", "ycoordinates"] as const;

/** Where a surface file says which directions it is along. */
export const DIRECTION_FILE = "dir_file";

/** Where a trajectory file has its places. */
export const PROJECTED = ["proj_xcoord", "proj_ycoord"] as const;

/** What stands for a value that is not computed yet. */
export const PENDING = -1;

/** Per cent, for shares. */
export const PER_CENT = 100;

/** A field by the reference code's name for it. */
export interface ReferenceName {
	/** Its name here; `test-` goes before it where a file has both parts of the data. */
	readonly name: string;
	readonly label: string;
	readonly unit: Unit;
	/** The part of the data, of losses and accuracies. */
	readonly split?: "train" | "test";
}

export const referenceNames: Readonly<Record<string, ReferenceName>> = {
	train_loss: { name: "loss", label: "loss", unit: "loss", split: "train" },
	train_acc: { name: "accuracy", label: "accuracy", unit: "fraction", split: "train" },
	test_loss: { name: "loss", label: "loss", unit: "loss", split: "test" },
	test_acc: { name: "accuracy", label: "accuracy", unit: "fraction", split: "test" },
	min_eig: { name: "min-eigenvalue", label: "lowest eigenvalue", unit: "derivative" },
	max_eig: { name: "max-eigenvalue", label: "highest eigenvalue", unit: "derivative" },
};

/** The group in which our own surface files have everything to the bit, beside the reference code's names. */
export const OWN_GROUP = "isoloss";

/** A field's name as the key of an array in that group: a slash would make a group of its own. */
export function keyOf(name: string): string {
	return name.replaceAll("/", "_");
}
