import { type JudgedOptions, judgedOptions } from "./inspect.js";
import { text, whole } from "./kinds.js";
import { type PlaneOptions, planeOptions } from "./plane/index.js";
import { json, quiet, seed, threads } from "./shared.js";
import type { OptionTable } from "./table.js";

/** Of `align`, what its result depends on: a network and its data as `sweep` has them, and how long is searched. */
export interface AlignmentSettings
	extends Omit<JudgedOptions, "weights" | "freeze" | "only" | "fields" | "batchNorm" | "calibration"> {
	/** A network of the zoo, or a file that holds one. */
	readonly model?: string;
	/** How often the search starts, the best end of which counts; 10 where nothing is said. */
	readonly restarts?: number;
	/** Of the order in which groups of neurons are gone through, and of where searches start. */
	readonly seed?: number;
}

export interface AlignCommandOptions extends AlignmentSettings {
	readonly calibration?: PlaneOptions["calibration"];
	readonly steps?: number;
	readonly threads?: number;
	readonly out?: string;
	readonly quiet?: boolean;
	readonly json?: boolean;
}

export const alignmentDefaults = { restarts: 10, seed: 0 } as const;

/** Points of the line on which a barrier is looked for, its ends among them. */
export const barrierSteps = 25;

const {
	weights: _weights,
	freeze: _freeze,
	only: _only,
	fields: _fields,
	batchNorm: _batchNorm,
	calibration: _calibration,
	...judged
} = judgedOptions;

/** Of the library's `align`. */
export const alignmentOptions: OptionTable<AlignmentSettings> = {
	model: { ...planeOptions.model, fallback: "A, where that holds a network, else mnist-cnn" },
	...judged,
	restarts: {
		...whole(1),
		help: "how often the search starts, the best end of which counts",
		group: "Search",
		fallback: String(alignmentDefaults.restarts),
	},
	seed: { ...seed("of the order of groups, and of where searches start"), group: "Search" },
};

export const alignCommandOptions = {
	...alignmentOptions,
	calibration: { ...planeOptions.calibration, help: "samples, the first ones, that statistics are measured anew on" },
	steps: {
		...whole(2),
		help: "points of the line between the networks at which barriers are looked for",
		group: "What is measured",
		fallback: String(barrierSteps),
	},
	threads,
	out: {
		...text("file"),
		help: "where to write B as it is aligned",
		group: "Output",
		fallback: "runs/align-DIGEST8.safetensors, digest of B as it is aligned",
	},
	quiet,
	json,
} satisfies OptionTable<AlignCommandOptions>;
