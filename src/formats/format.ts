import type { RawData, Split } from "../data/raw.js";
import type { Source } from "../files/frames.js";
import type { GraphInput } from "../network/graph.js";
import type { Network } from "../network/network.js";
import type { NamedTensor } from "../network/parameters.js";
import type { Fitting } from "./images/fit.js";

/** Gives the bytes of a file beside the one that is read, by the name that stands in it. */
export interface ReadBeside {
	(location: string): Uint8Array;
	/** What the bytes of the file that is read lack. */
	readonly left?: LeftInFile | undefined;
}

/** Numbers that stay in the file until they are asked for, by the name that stands in their stead. */
export interface LeftInFile {
	readonly location: string;
	/** The whole file. */
	readonly source: Source;
}

/** A file as its bytes without what is large in it. */
export interface Apart {
	readonly bytes: Uint8Array;
	readonly left: LeftInFile;
}

/** What of a network is read, where its file leaves a choice. */
export interface NetworkOptions {
	/** Which of several outputs. */
	readonly output?: string;
	/** Lengths of axes that the file leaves open, by their names or as `axis1`, `axis2`; the samples are axis 0. */
	readonly dims?: Readonly<Record<string, number>>;
	/** Patterns of names of tensors that are to move though they look like constants. */
	readonly move?: readonly string[];
	/** Of a sample of the data, from which open lengths are taken otherwise. */
	readonly sampleShape?: readonly number[];
	/** The same of networks with several inputs, by their names. */
	readonly sampleShapes?: Readonly<Record<string, readonly number[]>>;
}

/** Reads a network whole: its graph and its values. `path` is how errors call the file. */
export type ReadNetwork = (bytes: Uint8Array, path: string, beside: ReadBeside, options?: NetworkOptions) => Network;

/** Which weights of a file, and who is told what was assumed. */
export interface WeightsOptions {
	/** Of a checkpoint with several networks: the one under this key. */
	readonly checkpointKey?: string;
	/** Is told what was chosen where nothing was said, a line each. */
	readonly assume?: (line: string) => void;
}

/** Reads tensors by name: weights for a network that is known. */
export type ReadTensors = (
	bytes: Uint8Array,
	path: string,
	beside: ReadBeside,
	options?: WeightsOptions,
) => ReadonlyMap<string, NamedTensor>;

/** Reads samples and targets from a file, or from a folder. */
export type ReadData = (path: string, options: DataOptions) => RawData | Promise<RawData>;

export interface DataOptions {
	/** What the network takes; images are resized to it. */
	readonly input: GraphInput;
	/** The column of a table that is the target. */
	readonly target?: string;
	/** Which part of data that have several; where nothing is said, the training part. */
	readonly split?: Split;
	/** How images come to the network's size; `stretch` where nothing is said. */
	readonly resize?: Fitting;
}

/** A file format: what it is called, how its files' names end, and what can be read of it. Readers are loaded when first needed. */
export interface FileFormat {
	readonly name: string;
	/** In lower case, with the dot: `.onnx`; `/` for a folder. */
	readonly endings: readonly string[];
	/** Takes large numbers out of a file, which its readers then find in what is left; undefined where it holds none. */
	readonly apart?: () => Promise<(source: Source) => Apart | undefined>;
	readonly network?: () => Promise<ReadNetwork>;
	readonly weights?: () => Promise<ReadTensors>;
	readonly data?: () => Promise<ReadData>;
	/** Whether data are read alike whatever the network takes: the network may then take lengths from them. */
	readonly isAlone?: boolean;
}
