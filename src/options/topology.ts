import { refuse } from "../check/values.js";
import type { FigureOptions } from "../render/options.js";
import type { TopologyOptions } from "../topology/landscape.js";
import { type Kind, notNegative, text } from "./kinds.js";
import { figureOptions, json, out } from "./shared.js";
import type { OptionTable } from "./table.js";

export interface TopologyCommandOptions extends TopologyOptions, FigureOptions {
	readonly out?: string;
	readonly json?: boolean;
}

const fourOrSix: Kind<4 | 6> = {
	placeholder: "4|6",
	values: ["4", "6"],
	parse: (property, given) => fourOrSix.check(property, /^[46]$/.test(given) ? Number(given) : given),
	check(property, value) {
		if (value === 4 || value === 6) return value;
		return refuse(property, "4 or 6", value);
	},
};

const group = "What is counted";

export const topologyCommandOptions: OptionTable<TopologyCommandOptions> = {
	field: { ...text("name"), help: "the field whose minima are looked for, such as accuracy", group, fallback: "loss" },
	persistence: {
		...notNegative,
		help: "depth below the saddle to a lower one from which a minimum is significant, in units of the field",
		group,
		fallback: "twice the standard error of that difference, where the run has errors; else a hundredth of the range",
	},
	neighbours: {
		...fourOrSix,
		help: "neighbours of a point that paths may go to: along the axes, or along one diagonal too",
		group,
		fallback: "6",
	},
	...figureOptions,
	out: out("dir", "beside the run file"),
	json,
};
