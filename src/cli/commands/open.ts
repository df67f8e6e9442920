import { dirname, join } from "node:path";
import { OptionError, readRun, writeWhole } from "../../index.js";
import { type OpenCommandOptions, openOptions } from "../../options/open.js";
import { type ViewedRun, viewerPage } from "../../view/index.js";
import { openInBrowser } from "../browser.js";
import { defineCommand } from "../command.js";
import { runFile, runName, VIEWER } from "../files.js";
import { print } from "../print.js";

export const openCommand = defineCommand<OpenCommandOptions>({
	name: "open",
	summary: "Opens runs in a browser, one alone or several side by side: to turn, zoom and read.",
	argument: { placeholder: "<run...>", help: "directories of runs, or their run.msgpack" },
	options: openOptions,
	examples: ["runs/mnist-cnn-ec7f120e", "runs/a runs/b --out compare.html"],
	notes: "The page is one file that needs no network and no server: it can be sent to somebody.",
	async run({ options, args }) {
		const [first = ""] = args;
		if (args.length > 1 && options.out === undefined)
			throw new OptionError("out", "expected a file to write with several runs, viewer.html is that of one");
		const runs: ViewedRun[] = [];
		for (const given of args) {
			const path = await runFile(given);
			const { surface } = await readRun(path);
			runs.push({ surface, ...(args.length > 1 && { name: runName(path) }) });
		}
		const path = options.out ?? join(dirname(await runFile(first)), VIEWER);
		await writeWhole(path, viewerPage(runs));
		if (!options.noBrowser) await openInBrowser(path);
		print(path);
	},
});
