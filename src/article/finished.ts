import type { Picture } from "../index.js";
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

/** A figure with all that the page says of it. */
export interface FinishedFigure {
	readonly figure: Figure;
	readonly verdict: Verdict;
	readonly pictures: readonly (Picture & { readonly title: string })[];
	/** Makes this figure alone. */
	readonly command: string;
	/** The same by the commands for a training or a sweep each. */
	readonly steps: readonly string[];
}

export interface FinishedArticle {
	readonly setting: Setting;
	readonly figures: readonly FinishedFigure[];
	readonly networks: readonly FinishedNetwork[];
	/** Path of the page. */
	readonly page: string;
}
