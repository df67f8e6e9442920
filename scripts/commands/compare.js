import { basename, dirname, join, resolve } from "node:path";
import { checkChoice } from "../../dist/src/check/choice.js";
import { sha256 } from "../../dist/src/exact/digest.js";
import { writeWhole } from "../../dist/src/files/write.js";
import {
	compare,
	formatMeasures,
	measureSurface,
	measures,
	OptionError,
	readRun,
	surfaceDigest,
} from "../../dist/src/index.js";
import { parsePositive } from "../../dist/src/options/options.js";
import { colormapNames, scaleNames } from "../../dist/src/render/index.js";
import { newCommand, parse } from "./command.js";
import { runFile } from "./runs.js";

const command = newCommand("compare", "Puts several runs side by side: pictures on one scale, and their measures.")
	.argument("<run...>", "directories of runs, or their run.msgpack")
	.option(
		"--metric <name>",
		"the field that the pictures show: loss, or another that all runs have, such as accuracy",
		"loss",
	)
	.option("--level <x>", "loss to which half-widths and areas are told (default: twice each run's at the origin)")
	.option("--scale <name>", `colours and levels: ${scaleNames.join(", ")}`, "auto")
	.option("--colormap <name>", `colours: ${colormapNames.join(", ")}`, "viridis")
	.option(
		"--label <text>",
		"what a run is called, once for each in their order (default: its directory)",
		(/** @type {string} */ text, /** @type {string[]} */ before = []) => [...before, text],
	)
	.option("--title <text>", "title of the pictures")
	.option("--width <n>", "width of the pictures, 320 to 2400 (default: by the number of panels)")
	.option("--out <dir>", "where to write (default: runs/compare-DIGEST8, digest of the surfaces)")
	.option("--json", "print one JSON object on standard output")
	.addHelpText(
		"after",
		`
Examples:
  node scripts/compare.js runs/seed0 runs/seed1
  node scripts/compare.js runs/a runs/b --label "batch 64" --label "batch 256" --metric accuracy

Planes give panels and, where axes agree, differences from the first; lines give one plot of their curves.`,
	);

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const flags = command.opts();
	const options = {
		metric: flags.metric,
		scale: checkChoice("--scale", flags.scale, scaleNames),
		colormap: checkChoice("--colormap", flags.colormap, colormapNames),
		...(flags.title !== undefined && { title: flags.title }),
		...(flags.width !== undefined && { width: parsePositive("--width", flags.width) }),
	};
	const level = flags.level === undefined ? {} : { level: parsePositive("--level", flags.level) };
	const runs = await readRuns(command.args, flags.label ?? []);
	const rows = runs.map(({ label, surface, digest }) => ({
		label,
		digest,
		measures: measureSurface(surface, level),
	}));
	const pictures = await compare(runs, options);
	const directory = flags.out ?? join("runs", `compare-${sha256(...rows.map(({ digest }) => digest)).slice(0, 8)}`);
	const files = [];
	for (const { name, bytes } of [...pictures, { name: "measures.csv", bytes: formatMeasures(rows) }]) {
		const path = join(directory, name);
		await writeWhole(path, bytes);
		files.push(path);
	}
	if (flags.json) console.log(JSON.stringify({ runs: rows, files }));
	else {
		console.log(table(rows));
		for (const file of files) console.log(file);
	}
}

/**
 * @param {readonly string[]} paths
 * @param {readonly string[]} labels none, or one a run
 */
async function readRuns(paths, labels) {
	if (labels.length > 0 && labels.length !== paths.length)
		throw new OptionError("--label", `expected one for each of ${paths.length} runs, got ${labels.length}`);
	const runs = [];
	for (const [i, given] of paths.entries()) {
		const path = await runFile(given);
		const { surface } = await readRun(path);
		const label = labels[i] ?? basename(dirname(resolve(path)));
		runs.push({ label, surface, digest: surfaceDigest(surface) });
	}
	return runs;
}

/**
 * A line a measure, a column a run; measures that no run determines are left out.
 *
 * @param {readonly import("../../dist/src/index.js").MeasuredSurface[]} rows
 */
function table(rows) {
	const short = (/** @type {number | null | undefined} */ value) =>
		typeof value === "number" ? String(Number(value.toPrecision(5))) : "-";
	const shown = measures.filter(({ name }) => rows.some((row) => typeof row.measures[name] === "number"));
	const lines = [
		["", ...rows.map(({ label }) => label), ""],
		...shown.map(({ name, label, unit }) => [label, ...rows.map((row) => short(row.measures[name])), unit]),
	];
	const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	return lines
		.map((line) =>
			line
				.map((cell, i) => (i > 0 && i <= rows.length ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}
