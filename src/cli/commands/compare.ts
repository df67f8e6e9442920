import { join } from "node:path";
import {
	compare,
	formatMeasures,
	type MeasuredSurface,
	measureSurface,
	measures,
	type NamedSurface,
	OptionError,
	readRun,
	sha256,
	surfaceDigest,
	writeAll,
} from "../../index.js";
import { type CompareCommandOptions, compareOptions } from "../../options/compare.js";
import { defineCommand } from "../command.js";
import { distanceLabels, distancesFromFirst } from "../distances.js";
import { runFile, runName } from "../files.js";
import { print, printJson } from "../print.js";

export const compareCommand = defineCommand<CompareCommandOptions>({
	name: "compare",
	summary: "Puts several runs side by side: pictures on one scale, and their measures.",
	argument: { placeholder: "<run...>", help: "directories of runs, or their run.msgpack" },
	options: compareOptions,
	examples: ["runs/seed0 runs/seed1", 'runs/a runs/b --label "batch 64" --label "batch 256" --metric accuracy'],
	notes: "Planes give panels and, where axes agree, differences from the first; lines one plot of curves.",
	async run({ options: { level, label, out, json = false, ...drawing }, args }) {
		const runs = await readRuns(args, label === undefined ? [] : [label].flat());
		const distances = distancesFromFirst(runs.map(({ surface }) => surface));
		const rows = runs.map(({ label, surface, digest }, i) => ({
			label,
			digest,
			measures: { ...measureSurface(surface, level === undefined ? {} : { level }), ...distances[i] },
		}));
		const pictures = await compare(runs, drawing);
		const directory = out ?? join("runs", `compare-${sha256(...rows.map(({ digest }) => digest)).slice(0, 8)}`);
		const files = await writeAll(directory, [...pictures, { name: "measures.csv", bytes: formatMeasures(rows) }]);
		if (json) printJson({ runs: rows, files });
		else print([table(rows), ...files].join("\n"));
	},
});

/** @param labels none, or one a run */
async function readRuns(paths: readonly string[], labels: readonly string[]) {
	if (labels.length > 0 && labels.length !== paths.length)
		throw new OptionError("label", `expected one for each of ${paths.length} runs, got ${labels.length}`);
	const runs: (NamedSurface & { readonly digest: string })[] = [];
	for (const [i, given] of paths.entries()) {
		const path = await runFile(given);
		const { surface } = await readRun(path);
		const label = labels[i] ?? runName(path);
		runs.push({ label, surface, digest: surfaceDigest(surface) });
	}
	return runs;
}

/** A line a measure, a column a run; measures that no run determines are left out. */
function table(rows: readonly MeasuredSurface[]): string {
	const short = (value: number | null | undefined) =>
		typeof value === "number" ? String(Number(value.toPrecision(5))) : "-";
	const known = [...measures, ...distanceLabels];
	const shown = known.filter(({ name }) => rows.some((row) => typeof row.measures[name] === "number"));
	const lines = [
		["", ...rows.map(({ label }) => label), ""],
		...shown.map(({ name, label, unit }) => [label, ...rows.map((row) => short(row.measures[name])), unit]),
	];
	const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	const cell = (text: string, i: number) =>
		i > 0 && i <= rows.length ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
	return lines.map((line) => line.map(cell).join("  ").trimEnd()).join("\n");
}
