import { type MethodName, methods } from "../curvature/methods.js";
import type { FigureOptions } from "../render/options.js";
import { type JudgedOptions, judgedOptions } from "./inspect.js";
import { between, choice, positive, text, toggle, whole } from "./kinds.js";
import { planeOptions } from "./plane/index.js";
import { queue, verify } from "./queue.js";
import { figureOptions, fresh, json, live, quiet, seed, threads } from "./shared.js";
import type { OptionTable } from "./table.js";

/** Of `curvature`, what its numbers depend on: a network, its data and loss as `sweep` has them, and what is wanted. */
export interface CurvatureOptions extends Omit<JudgedOptions, "fields" | "metric" | "calibration"> {
	/** A network of the zoo, or a file that holds one. */
	readonly model?: string;
	/** How many of the largest eigenvalues; 5 where nothing is said, 0 for none. */
	readonly top?: number;
	/** How many of the smallest, by value; 2 where nothing is said, and none with power iteration. */
	readonly bottom?: number;
	/** What finds eigenvalues: `lanczos`, or `power`, which orders them by size. */
	readonly method?: MethodName;
	/** Along how many of the first eigenvectors secant curvature is taken, over steps from 0.001 to 1. */
	readonly scale?: number;
	/** Whether the trace is estimated. */
	readonly trace?: boolean;
	/** Whether the spectral density is. */
	readonly density?: boolean;
	/** Whether measures of sharpness are taken. */
	readonly sharpness?: boolean;
	/** Measures of sharpness once more with a layer times this number and the next ones divided by it. */
	readonly rescaled?: number;
	/** Products that eigenvalues, and each probe of the density, may take. */
	readonly steps?: number;
	/** Megabytes (2²⁰ bytes) that Lanczos's basis may take; beyond, it is restarted. 1024 where nothing is said. */
	readonly memory?: number;
	/** How small a residual has to be, in units of the largest eigenvalue. */
	readonly tolerance?: number;
	/** Probes of the density; those of the trace are as many as it takes, up to 100. */
	readonly probes?: number;
	/** Standard deviation of the density's Gaussians; a 300th of the spectrum's range where nothing is said. */
	readonly width?: number;
	/** Of all random vectors. */
	readonly seed?: number;
}

export interface CurvatureCommandOptions extends CurvatureOptions, FigureOptions {
	readonly threads?: number;
	readonly queue?: string;
	readonly verify?: number;
	readonly out?: string;
	readonly fresh?: boolean;
	readonly live?: boolean | number;
	readonly quiet?: boolean;
	readonly json?: boolean;
}

export const curvatureDefaults = {
	top: 5,
	bottom: 2,
	method: "lanczos",
	steps: 80,
	tolerance: 1e-3,
	probes: 10,
	seed: 0,
} as const;

/** Of the vectors of a basis, in MB: room for 80 of them at 3 million parameters. */
export const defaultMemory = 1024;

const { fields: _fields, metric: _metric, calibration: _calibration, ...judged } = judgedOptions;
const group = "What is measured";

/** Of the library's `curvature`. */
export const curvatureOptions: OptionTable<CurvatureOptions> = {
	model: planeOptions.model,
	...judged,
	top: {
		...whole(0),
		help: "eigenvalues from the largest down; 0 for none",
		group,
		fallback: String(curvatureDefaults.top),
	},
	bottom: {
		...whole(0),
		help: "eigenvalues from the lowest up",
		group,
		fallback: `${curvatureDefaults.bottom}; 0 with power iteration`,
	},
	trace: { ...toggle, help: "the trace, whole and by tensor", group },
	density: { ...toggle, help: "the density of all eigenvalues", group },
	scale: {
		...whole(1),
		help: "secant curvature along so many eigenvectors, over steps from 0.001 to 1",
		group,
	},
	sharpness: { ...toggle, help: "measures of sharpness: SAM, ASAM, Keskar's, Fisher-Rao, PAC-Bayes and others", group },
	rescaled: {
		...positive,
		help: "sharpness once more with a layer times so much and the next ones divided by it: the same function",
		group,
	},
	method: {
		...choice(Object.keys(methods) as MethodName[]),
		help: "what finds eigenvalues; power orders them by size and takes --steps for each",
		group: "Accuracy",
		fallback: curvatureDefaults.method,
	},
	steps: {
		...whole(2),
		help: "products that eigenvalues, and each probe of the density, may take",
		group: "Accuracy",
		fallback: String(curvatureDefaults.steps),
	},
	memory: {
		...positive,
		placeholder: "mb",
		help: "megabytes that a basis of vectors may take; Lanczos restarts beyond, the density takes fewer steps",
		group: "Accuracy",
		fallback: String(defaultMemory),
	},
	tolerance: {
		...between(1e-7, 1),
		help: "residual at which an eigenvalue is settled, in units of the largest",
		group: "Accuracy",
		fallback: String(curvatureDefaults.tolerance),
	},
	probes: {
		...whole(2),
		help: "random probes of the density",
		group: "Accuracy",
		fallback: String(curvatureDefaults.probes),
	},
	width: {
		...positive,
		help: "standard deviation of the density's Gaussians",
		group: "Accuracy",
		fallback: "a 300th of the spectrum's range",
	},
	seed: seed("of the random vectors"),
};

export const curvatureCommandOptions = {
	...curvatureOptions,
	...figureOptions,
	threads,
	queue: queue(),
	verify,
	out: { ...text("dir"), help: "where to write", group: "Output", fallback: "runs/curvature-NAME-DIGEST8" },
	fresh,
	live,
	quiet,
	json,
} satisfies OptionTable<CurvatureCommandOptions>;
