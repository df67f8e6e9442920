import { anyNumber, choice, type Kind, list, text } from "./kinds.js";
import { json, out } from "./shared.js";
import type { OptionTable } from "./table.js";

export const exportedThings = ["surface", "directions", "parameters", "trajectory"] as const;
export type ExportedThing = (typeof exportedThings)[number];

export const exportFormats = ["npz", "h5", "json", "csv", "tex", "vts", "vtp", "obj", "safetensors"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportCommandOptions {
	readonly what?: ExportedThing;
	readonly format?: ExportFormat;
	readonly at?: readonly number[];
	readonly projection?: "lstsq" | "cos";
	readonly label?: string;
	readonly out?: string;
	readonly json?: boolean;
}

const place: Kind<readonly number[]> = { ...list(anyNumber), placeholder: "a,b" };

export const exportOptions: OptionTable<ExportCommandOptions> = {
	what: {
		...choice(exportedThings, "thing"),
		help: `what of the run: ${exportedThings.join(", ")}`,
		group: "What is written",
		fallback: "surface",
	},
	format: {
		...choice(exportFormats),
		help: `format: ${exportFormats.join(", ")}; directions npz, safetensors or h5, parameters npz or safetensors, a trajectory h5, npz or csv`,
		group: "What is written",
		fallback: "by the ending of --out",
	},
	at: {
		...place,
		help: "of parameters, the place α,β",
		group: "What is written",
		fallback: "the origin",
	},
	projection: {
		...choice(["lstsq", "cos"] as const),
		help: "of a trajectory: lstsq, the nearest places, or cos, as the reference code projects where nothing is said",
		group: "What is written",
		fallback: "lstsq",
	},
	label: {
		...text("text"),
		help: "of a trajectory: which training, of a run with several",
		group: "What is written",
	},
	out: out("file", "WHAT.FORMAT beside the run file"),
	json,
};
