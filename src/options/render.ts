import type { PictureOptions } from "../render/options.js";
import { out, pictureOptions } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface RenderCommandOptions extends Omit<PictureOptions, "marks"> {
	readonly out?: string;
}

export const renderOptions: OptionTable<RenderCommandOptions> = {
	...pictureOptions,
	out: out("dir", "beside the run file"),
};
