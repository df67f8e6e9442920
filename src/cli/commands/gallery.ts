import { readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { OptionError, readRun, writeWhole } from "../../index.js";
import { type GalleryCommandOptions, galleryOptions } from "../../options/gallery.js";
import { galleryPage, type ViewedRun } from "../../view/index.js";
import { openInBrowser } from "../browser.js";
import { defineCommand } from "../command.js";
import { print, tell } from "../print.js";

export const galleryCommand = defineCommand<GalleryCommandOptions>({
	name: "gallery",
	summary: "Makes a page with an index of all runs under a directory: searched, opened, compared two by two.",
	argument: { placeholder: "<dir>", help: "directory that holds runs, at any depth" },
	options: galleryOptions,
	examples: ["runs", "runs --out shared/index.html"],
	notes: "The page is one file that holds every value of every run; it needs no network and no server.",
	async run({ options, args: [directory = "."] }) {
		const runs = await runsUnder(directory);
		if (runs.length === 0)
			throw new OptionError("dir", `${directory}: expected runs under it, found no run.msgpack that can be read`);
		const path = options.out ?? join(directory, "gallery.html");
		await writeWhole(path, galleryPage(`Runs in ${directory}`, runs));
		if (!options.noBrowser) await openInBrowser(path);
		print(`${runs.length} ${runs.length === 1 ? "run" : "runs"}`);
		print(path);
	},
});

/** The runs under a directory, the newest first; one that can't be read is named and left out. */
async function runsUnder(directory: string): Promise<ViewedRun[]> {
	const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => {
		throw new OptionError("dir", `${directory}: expected a directory that can be read`);
	});
	const found: { readonly run: ViewedRun; readonly written: number }[] = [];
	for (const { name, parentPath } of entries.filter((entry) => entry.isFile() && entry.name === "run.msgpack")) {
		const path = join(parentPath, name);
		try {
			const { surface } = await readRun(path);
			const { mtime, mtimeMs } = await stat(path);
			const shown = relative(directory, dirname(path)) || surface.provenance.plan.model;
			found.push({ run: { surface, name: shown, date: dayOf(mtime) }, written: mtimeMs });
		} catch (error) {
			tell(`left out: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	return found.sort((a, b) => b.written - a.written).map(({ run }) => run);
}

/** The day where one is, as 2026-11-27. */
function dayOf(time: Date): string {
	const two = (number: number) => String(number).padStart(2, "0");
	return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
