import { noOpening, out } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface OpenCommandOptions {
	readonly out?: string;
	readonly noBrowser?: boolean;
}

export const openOptions: OptionTable<OpenCommandOptions> = {
	out: out("file", "viewer.html beside the first run"),
	noBrowser: noOpening,
};
