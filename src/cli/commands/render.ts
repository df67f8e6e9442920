import { dirname } from "node:path";
import { readRun } from "../../index.js";
import { type RenderCommandOptions, renderOptions } from "../../options/render.js";
import { defineCommand } from "../command.js";
import { runFile, writePictures } from "../files.js";
import { printPreview } from "../preview.js";
import { print } from "../print.js";

export const renderCommand = defineCommand<RenderCommandOptions>({
	name: "render",
	summary: "Draws the pictures of a run again, with other settings.",
	argument: { placeholder: "<run>", help: "directory of a run, or its run.msgpack" },
	options: renderOptions,
	examples: [
		"runs/mnist-cnn-ec7f120e --colormap magma --zmax 5",
		"run --levels 0.1,0.5,1,2 --width 800 --out figures",
		"run --animate range",
	],
	async run({ options, args: [given = ""] }) {
		const path = await runFile(given);
		const { surface } = await readRun(path);
		const { out = dirname(path), noPreview = false, ...drawing } = options;
		const pictures = await writePictures(surface, out, drawing);
		if (!noPreview) await printPreview(surface, drawing);
		for (const picture of pictures) print(picture);
	},
});
