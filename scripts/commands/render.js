import { dirname } from "node:path";
import { checkChoice } from "../../dist/src/check/choice.js";
import { readRun } from "../../dist/src/index.js";
import { parsePositive } from "../../dist/src/options/options.js";
import { colormapNames, scaleNames } from "../../dist/src/render/index.js";
import { newCommand, parse } from "./command.js";
import { writePictures } from "./pictures.js";
import { runFile } from "./runs.js";

const command = newCommand("render", "Draws the pictures of a run again, with other settings.")
	.argument("<run>", "directory of a run, or its run.msgpack")
	.option("--scale <name>", `colours and levels: ${scaleNames.join(", ")}`, "auto")
	.option("--colormap <name>", `colours: ${colormapNames.join(", ")}`, "viridis")
	.option("--title <text>", "title of the pictures")
	.option("--width <n>", "width of the pictures, 240 to 2400; PNGs have twice as many pixels", "600")
	.option("--smooth", "blend the heat map between the points instead of drawing a cell for each")
	.option("--out <dir>", "where to write (default: beside the run file)");

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const flags = command.opts();
	const options = {
		scale: checkChoice("--scale", flags.scale, scaleNames),
		colormap: checkChoice("--colormap", flags.colormap, colormapNames),
		...(flags.title !== undefined && { title: flags.title }),
		width: parsePositive("--width", flags.width),
		smooth: Boolean(flags.smooth),
	};
	const [given = ""] = command.args;
	const path = await runFile(given);
	const { surface } = await readRun(path);
	for (const picture of await writePictures(surface, flags.out ?? dirname(path), options)) console.log(picture);
}
