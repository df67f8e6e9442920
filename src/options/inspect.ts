import { json } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface InspectCommandOptions {
	readonly json?: boolean;
}

export const inspectOptions: OptionTable<InspectCommandOptions> = { json };
