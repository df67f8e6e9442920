import { extrema, gridPoints, importSurface, type Surface, sha256, surfaceDigest, writeRun } from "../../index.js";
import { type ImportCommandOptions, importOptions } from "../../options/import.js";
import { defineCommand } from "../command.js";
import { checkNoPictures, usualDirectory, writePictures, writeViewer } from "../files.js";
import { printPreview } from "../preview.js";
import { print, printJson, tell } from "../print.js";
import { short } from "../surface-report.js";

export const importCommand = defineCommand<ImportCommandOptions>({
	name: "import",
	summary: "Makes a run of a surface that another program has computed, and draws it.",
	argument: { placeholder: "<file>", help: "surface: the reference code's .h5, or .npz, .json, .csv" },
	options: importOptions,
	examples: [
		"resnet56_surface.h5 --out runs/theirs",
		"surface.h5 --trajectory directions.h5_proj_cos.h5",
		"surface.npz",
		"surface.h5 --missing none",
	],
	notes:
		"What isoloss has exported comes back whole, with the same digest. -1 stands for a point that is not computed.",
	async run({ options, args: [path = ""] }) {
		const { missing, trajectory, out, fresh, noPictures = false, noViewer = false, ...rest } = options;
		const { noPreview = false, json = false, ...drawing } = rest;
		checkNoPictures(noPictures, drawing);
		const surface = await importSurface(path, {
			...(missing !== undefined && { missing }),
			...(trajectory !== undefined && { trajectory }),
		});
		const { provenance } = surface;
		const digest = surfaceDigest(surface);
		const directory = out ?? usualDirectory()(provenance.plan.model, sha256(JSON.stringify(provenance.plan)));
		const files = [
			...(await writeRun(directory, surface, fresh)),
			...(noPictures ? [] : await writePictures(surface, directory, drawing)),
			...(noViewer ? [] : await writeViewer(surface, directory)),
		];
		const done = surface.done.subarray(0, gridPoints(surface.grid)).filter((mark) => mark === 1).length;
		if (json)
			return printJson({
				digest,
				model: provenance.plan.model,
				points: gridPoints(surface.grid),
				done,
				assumptions: provenance.assumptions,
				files,
			});
		for (const line of provenance.assumptions) tell(`assumed: ${line}`);
		if (!noPreview) await printPreview(surface, drawing);
		print([...summary(surface, done), `digest ${digest}`, ...files].join("\n"));
	},
});

/** A line a field: from where to where it goes. */
function summary(surface: Surface, done: number): string[] {
	const points = gridPoints(surface.grid);
	const width = Math.max(...surface.fields.map(({ name }) => name.length));
	return [
		`${surface.provenance.plan.model}, ${done} of ${points} points`,
		...surface.fields.map(({ name }) => {
			const found = extrema(surface, name);
			const range = found === null ? "no finite value" : `${short(found.min.value)} to ${short(found.max.value)}`;
			return `${name.padEnd(width)}  ${range}`;
		}),
	];
}
