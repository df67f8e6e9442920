import type { CompareOptions } from "../render/comparison.js";
import { positive, text } from "./kinds.js";
import { figureOptions, json, out, pictureOptions } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface CompareCommandOptions extends CompareOptions {
	/** The loss to which half-widths and areas are told. */
	readonly level?: number;
	readonly label?: string | readonly string[];
	readonly out?: string;
	readonly json?: boolean;
}

const { scale, colormap, title, width, smooth, cells } = pictureOptions;

export const compareOptions: OptionTable<CompareCommandOptions> = {
	metric: {
		...text("name"),
		help: "the field that the pictures show: loss, or another that all runs have, such as accuracy",
		group: "What is compared",
		fallback: "loss",
	},
	level: {
		...positive,
		help: "loss to which half-widths and areas are told",
		group: "What is compared",
		fallback: "twice each run's at the origin",
	},
	label: {
		...text("text"),
		repeats: true,
		help: "what a run is called, once for each in their order",
		group: "Pictures",
		fallback: "its directory",
	},
	scale,
	colormap,
	title,
	width: { ...width, fallback: "by the number of panels" },
	...figureOptions,
	smooth,
	cells,
	out: out("dir", "runs/compare-DIGEST8, digest of the surfaces"),
	json,
};
