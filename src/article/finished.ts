import type { Picture } from "../index.js";
import type { ViewedRun } from "../view/index.js";
import type { Figure, Verdict } from "./figure.js";
import type { NetworkRecipe } from "./network.js";
import type { Setting } from "./setting.js";

/** A network in the folder, with what its training came to. */
export interface FinishedNetwork {
	readonly name: string;
	readonly recipe: NetworkRecipe;
	readonly path: string;
	/** A share, where it was tried on test data. */
	readonly testAccuracy: number | null;
}

/** A picture in the colours for white, and in those for a dark ground. */
export interface FinishedPicture extends Picture {
	readonly dark: Uint8Array;
	/** The file of the dark one. */
	readonly darkName: string;
	/** What is drawn. */
	readonly caption: string;
}

/** The relief at the head of the page, and what one sees in it. */
export interface FinishedOpening extends Omit<FinishedPicture, "caption"> {
	readonly words: string;
}

/** A figure with all that the page says of it. */
export interface FinishedFigure {
	readonly figure: Figure;
	readonly verdict: Verdict;
	readonly pictures: readonly FinishedPicture[];
	/** The planes that its pictures show, by their names in them, to be turned and read. */
	readonly planes: readonly ViewedRun[];
	/** Makes this figure alone. */
	readonly command: string;
	/** The same by the commands for a training or a sweep each. */
	readonly steps: readonly string[];
}

export interface FinishedArticle {
	readonly setting: Setting;
	readonly figures: readonly FinishedFigure[];
	readonly networks: readonly FinishedNetwork[];
	/** None where no figure has a plane to open with. */
	readonly opening?: FinishedOpening;
	/** Path of the page. */
	readonly page: string;
}
