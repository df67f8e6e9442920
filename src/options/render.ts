import type { PictureOptions } from "../render/options.js";
import { noViewer, out, pictureOptions } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface RenderCommandOptions extends Omit<PictureOptions, "marks"> {
	readonly out?: string;
	readonly noViewer?: boolean;
}

export const renderOptions: OptionTable<RenderCommandOptions> = {
	...pictureOptions,
	noViewer,
	out: out("dir", "beside the run file"),
};
