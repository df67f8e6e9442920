import { noOpening, out } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface GalleryCommandOptions {
	readonly out?: string;
	readonly noBrowser?: boolean;
}

export const galleryOptions: OptionTable<GalleryCommandOptions> = {
	out: out("file", "gallery.html in the directory"),
	noBrowser: noOpening,
};
