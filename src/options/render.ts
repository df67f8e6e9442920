import type { PictureOptions } from "../render/options.js";
import { noPreview, out, pictureOptions } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface RenderCommandOptions extends Omit<PictureOptions, "marks"> {
	readonly out?: string;
	readonly noPreview?: boolean;
}

export const renderOptions: OptionTable<RenderCommandOptions> = {
	...pictureOptions,
	out: out("dir", "beside the run file"),
	noPreview,
};
