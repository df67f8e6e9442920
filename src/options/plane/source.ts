import { shown } from "../../check/values.js";
import type { Split } from "../../data/raw.js";
import { type InputScale, inputScales } from "../../data/scale.js";
import { OptionError } from "../../errors.js";
import { type Fitting, fittings } from "../../formats/images/fit.js";
import { modelNames } from "../../network/zoo/index.js";
import { anyNumber, choice, type Kind, list, listed, positive, text, whole } from "../kinds.js";
import type { OptionTable } from "../table.js";
import { defaults } from "./defaults.js";

/** Of a sweep, which network and which data. */
export interface SourceOptions {
	/** A network of the zoo, or a file that holds one (.onnx, Keras .keras, .h5 or model.json). */
	readonly model?: string;
	/** Which output of a network that has several; one that fits the targets where nothing is said. */
	readonly output?: string;
	/** Lengths of axes that the network's file leaves open, `height=32`; from the data where nothing is said. */
	readonly dim?: string | readonly string[];
	/** A file of the network's parameters (.safetensors, .pt, .npz, .h5, .onnx); those that come with it by default. */
	readonly weights?: string;
	/** Of a checkpoint with several networks: the one under this key, `model_ema`, or `ema.model` for one within another. */
	readonly checkpointKey?: string;
	/** A data set by name, a directory of IDX files, a folder of images, or a file (.npz, .npy, .csv). */
	readonly data?: string;
	/** Which part of a data set that has two; `train` where nothing is said. */
	readonly split?: Split;
	/** Subtracted from each channel of the samples: one number for all channels or one for each. */
	readonly mean?: readonly number[];
	/** What each channel is divided by, likewise. */
	readonly std?: readonly number[];
	/** How images come to the network's size: `stretch` where nothing is said, `crop` or `pad`. */
	readonly resize?: Fitting;
	/** Whether 8-bit inputs are divided by 255; found from the network where nothing is said. */
	readonly scaleInput?: InputScale;
	/** The column of a table that is the target. */
	readonly target?: string;
	/** How many samples of the seeded shuffle; by default 256, or all where there are fewer. */
	readonly samples?: number | "all";
}

const splits = ["train", "test"] as const satisfies readonly Split[];

const group = "Network and data";

/** Lengths by name, `height=32`. */
const lengths: Kind<string | readonly string[]> = {
	...text("name=n"),
	parse: (property, given) => checkLength(property, given),
	check: (property, value) =>
		Array.isArray(value) ? value.map((each) => checkLength(property, each)) : checkLength(property, value),
};

function checkLength(property: string, value: unknown): string {
	if (typeof value === "string" && /^[^=]+=[1-9]\d{0,8}$/.test(value)) return value;
	throw new OptionError(property, `expected NAME=N with a whole number from 1, got ${shown(value)}`);
}

export const sourceOptions: OptionTable<SourceOptions> = {
	model: {
		...text("name|file"),
		help: `network: ${modelNames.join(", ")}, or a file that holds one (.onnx, .keras, .h5, model.json)`,
		group,
		fallback: defaults.model,
	},
	output: {
		...text("name"),
		help: "which output of a network that has several",
		group,
		fallback: "one that fits the targets",
	},
	dim: {
		...lengths,
		repeats: true,
		help: "length of an axis that the network's file leaves open, by its name or as axis1",
		group,
		fallback: "from the data",
	},
	weights: {
		...text("file"),
		help: "parameters: .safetensors, .pt, .npz, .h5 or .onnx",
		group,
		fallback: "those that come with the network",
	},
	checkpointKey: {
		...text("key"),
		help: "which network of a checkpoint that has several: model_ema, or ema.model for one within another",
		group,
		fallback: "one under a usual name",
	},
	data: {
		...text("name|path"),
		help: "data: mnist, a directory of IDX files, a folder of images, or a .npz, .npy or .csv file",
		group,
		fallback: defaults.data,
	},
	split: {
		...choice(splits),
		help: `part of the data: ${splits.join(" or ")}`,
		group,
		fallback: defaults.split,
	},
	samples: {
		...whole(1, "all"),
		help: "how many samples, the same ones for everyone",
		group,
		fallback: `${defaults.samples}, or all where there are fewer`,
	},
	mean: {
		...list(anyNumber),
		help: "subtracted from the samples: one number, or one a channel",
		group,
		fallback: "none; of IDX files their own",
	},
	std: {
		...list(positive),
		help: "the samples are divided by it, likewise",
		group,
		fallback: "none; of IDX files their own",
	},
	resize: {
		...choice(Object.keys(fittings) as Fitting[]),
		help: "how images of another size come to the network's: stretch, crop (cover, then the middle) or pad",
		group,
		fallback: "stretch",
	},
	scaleInput: {
		...choice(inputScales),
		help: "what 8-bit inputs are divided by: 255, or none where the network does so itself",
		group,
		fallback: "found from the network",
	},
	target: {
		...text("column"),
		help: "column of a table that is the target: its name, first, last or its number",
		group,
		fallback: "one called label, target, class or y, else the last",
	},
};

/** Lengths of open axes by their names, from `height=32`. */
export function dimsOf(dim: string | readonly string[]): Record<string, number> {
	return Object.fromEntries(
		listed(dim).map((each) => {
			const at = each.lastIndexOf("=");
			return [each.slice(0, at), Number(each.slice(at + 1))];
		}),
	);
}
