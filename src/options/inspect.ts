import { toggle } from "./kinds.js";
import { type PlaneOptions, planeOptions } from "./plane/index.js";
import { json } from "./shared.js";
import type { OptionTable } from "./table.js";

/** What a network is judged by and on, as `sweep` has it. */
export type JudgedOptions = Pick<
	PlaneOptions,
	| "weights"
	| "output"
	| "dim"
	| "freeze"
	| "only"
	| "move"
	| "checkpointKey"
	| "data"
	| "split"
	| "samples"
	| "resize"
	| "scaleInput"
	| "mean"
	| "std"
	| "target"
	| "loss"
	| "ignoreIndex"
	| "classWeights"
	| "labelSmoothing"
	| "metric"
	| "fields"
	| "batchNorm"
	| "calibration"
	| "precision"
>;

export interface InspectCommandOptions extends JudgedOptions {
	readonly evaluate?: boolean;
	readonly json?: boolean;
}

/** The options of `JudgedOptions`. */
const {
	model: _model,
	directions: _,
	to: _to,
	align: _align,
	trajectory: _trajectory,
	mark: _mark,
	origin: _origin,
	centred: _centred,
	steps: _steps,
	adaptive: _adaptive,
	norm: _norm,
	bias: _bias,
	seed: _seed,
	x: _x,
	y: _y,
	...judged
} = planeOptions;

/** One entry an option of `JudgedOptions`: what says where to look is none of it. */
export const judgedOptions: OptionTable<JudgedOptions> = judged;

export const inspectOptions: OptionTable<InspectCommandOptions> = {
	evaluate: {
		...toggle,
		help: "evaluate the network once on data, as sweep would at its origin; --data alone says so, too",
		group: "What is measured",
	},
	...judged,
	json,
};
