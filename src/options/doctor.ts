import { toggle } from "./kinds.js";
import { json, quiet, threads } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface DoctorCommandOptions {
	readonly quick?: boolean;
	readonly threads?: number;
	readonly quiet?: boolean;
	readonly json?: boolean;
}

export const doctorOptions: OptionTable<DoctorCommandOptions> = {
	quick: {
		...toggle,
		help: "evaluate nothing: no other samples, no other seeds",
		group: "What is asked",
	},
	threads,
	quiet,
	json,
};
