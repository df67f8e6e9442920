import type { PictureOptions } from "../render/options.js";
import { anyNumber, orNone, text } from "./kinds.js";
import { fresh, json, noPictures, noPreview, noViewer, out, pictureOptions } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface ImportCommandOptions extends Omit<PictureOptions, "marks"> {
	readonly missing?: number | null;
	readonly trajectory?: string;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly noPictures?: boolean;
	readonly noViewer?: boolean;
	readonly noPreview?: boolean;
	readonly json?: boolean;
}

export const importOptions: OptionTable<ImportCommandOptions> = {
	missing: {
		...orNone(anyNumber),
		help: "value that stands for a point not computed in the reference code's files, or none",
		group: "What is read",
		fallback: "-1",
	},
	trajectory: {
		...text("file"),
		help: "projection file of the reference code (.h5), drawn as a training on the plane",
		group: "What is read",
	},
	out: out("dir", "runs/NAME-DIGEST8, digest of what is imported"),
	fresh,
	...pictureOptions,
	noPictures,
	noViewer,
	noPreview,
	json,
};
