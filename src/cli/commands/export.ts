import { dirname, extname, join } from "node:path";
import { exportSurface } from "../../export/index.js";
import {
	exportDirections,
	exportParameters,
	exportTrajectory,
	OptionError,
	readRun,
	type Surface,
	writeWhole,
} from "../../index.js";
import { type ExportCommandOptions, exportFormats, exportOptions } from "../../options/export.js";
import { defineCommand } from "../command.js";
import { runFile } from "../files.js";
import { print, printJson } from "../print.js";

export const exportCommand = defineCommand<ExportCommandOptions>({
	name: "export",
	summary: "Writes a run for other programs: its surface, directions, parameters or trajectory.",
	argument: { placeholder: "<run>", help: "directory of a run, or its run.msgpack" },
	options: exportOptions,
	examples: [
		"runs/mnist-cnn-ec7f120e --format h5",
		"run --out landscape.vts",
		"run --what directions --out directions.npz",
		"run --what parameters --at 0.5,1 --out point.safetensors",
		"run --what trajectory --projection cos --out proj_cos.h5",
	],
	notes:
		"Directions and parameters are had again from the files that the run was made of, which must be where they were: run it in the same directory.",
	async run({ options, args: [given = ""] }) {
		const { what = "surface", out, json = false } = options;
		const path = await runFile(given);
		const { surface } = await readRun(path);
		const file = out ?? join(dirname(path), `${what}.${options.format ?? asked(what)}`);
		const name = nameWithFormat(file, options.format);
		const content = await contents(surface, name, options).catch((error: unknown) => {
			throw error instanceof OptionError && error.option === "path" ? new OptionError("format", error.reason) : error;
		});
		await writeWhole(file, content);
		if (json) printJson({ what, file, bytes: Buffer.byteLength(content) });
		else print(file);
	},
});

/** @throws {OptionError} always: nothing says in which format */
function asked(what: string): never {
	throw new OptionError("format", `expected one of ${exportFormats.join(", ")}, or --out with ${what}.npz, say`);
}

/** A name whose ending says the format, by which things are written. */
function nameWithFormat(file: string, format: string | undefined): string {
	if (format === undefined || extname(file).toLowerCase() === `.${format}`) return file;
	return `${file}.${format}`;
}

async function contents(
	surface: Surface,
	path: string,
	{ what = "surface", at, projection, label }: ExportCommandOptions,
): Promise<string | Uint8Array> {
	const odd = Object.entries({ at, projection, label }).find(
		([name, value]) => value !== undefined && what !== (name === "at" ? "parameters" : "trajectory"),
	);
	if (odd !== undefined)
		throw new OptionError(
			odd[0],
			`expected --what ${odd[0] === "at" ? "parameters" : "trajectory"} with it, got ${what}`,
		);
	if (what === "surface") return exportSurface(surface, path);
	if (what === "directions") return exportDirections(surface, path);
	if (what === "parameters") return exportParameters(surface, path, at === undefined ? {} : { at });
	return exportTrajectory(surface, path, {
		...(projection !== undefined && { projection }),
		...(label !== undefined && { label }),
	});
}
