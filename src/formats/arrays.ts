import type { NumericArray, RawData, Split } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { readInput } from "../files/read.js";
import type { DataOptions, ReadData } from "./format.js";
import { parseNpy } from "./npy.js";
import { parseNpz } from "./npz.js";

export const readNpzData: ReadData = (path, options) => parseNpzData(readInput(path), path, options);

/** The targets of x.npy are in y.npy beside it. */
export const readNpyData: ReadData = (path) => parseNpyData(readInput(path), readInput(targetsBeside(path)), path);

function targetsBeside(path: string): string {
	const beside = path.replace(/x(?=\.npy$)/i, (x) => (x === "x" ? "y" : "Y"));
	if (beside === path) throw new FileFormatError(path, "expected a name that ends in x.npy, with y.npy beside it");
	return beside;
}

/** What people call the samples and their targets, the usual first. */
const inputNames = ["x", "X", "inputs", "images", "data", "features", "input"];
const targetNames = ["y", "Y", "targets", "labels", "target", "label"];

/** What people call the parts of data. */
const partNames: Readonly<Record<Split, readonly string[]>> = {
	train: ["train", "training"],
	test: ["test", "val", "valid"],
};

type Arrays = ReadonlyMap<string, NumericArray>;

/**
 * Reads samples and targets from a .npz file: `x` and `y` and other usual names, with `_train` or `_test` where the file has
 * parts, or its first two arrays where they have no names.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the file is damaged or one of them is missing
 */
export function parseNpzData(bytes: Uint8Array, path: string, { split }: Pick<DataOptions, "split"> = {}): RawData {
	const arrays = parseNpz(bytes, path);
	const whole = pair(arrays, (base) => [base]);
	if (whole !== undefined) {
		const one = split === undefined ? [] : [`${path} has one part, which is taken whatever the split`];
		return fromArrays(arrays, whole, path, one);
	}
	const parts = partsOf(arrays);
	const names = Object.keys(parts) as Split[];
	const part = split ?? (names.includes("train") ? "train" : names[0]);
	const chosen = part === undefined ? undefined : parts[part];
	if (chosen !== undefined) {
		const other = names.filter((name) => name !== part);
		const also = other.length === 0 ? "" : `, not ${other.map((name) => parts[name]?.join(" and ")).join()}`;
		return fromArrays(arrays, chosen, path, [`${chosen.join(" and ")} of ${path}${also}`]);
	}
	if (arrays.size === 2 && arrays.has("arr_0") && arrays.has("arr_1"))
		return fromArrays(arrays, ["arr_0", "arr_1"], path, [`arr_0 of ${path} holds the samples, arr_1 the targets`]);
	const there = [...arrays].slice(0, 20).map(([name, { shape }]) => `${name} [${shape}]`);
	const wanted = part === undefined ? "arrays x and y" : `arrays x_${part} and y_${part}`;
	throw new FileFormatError(path, `expected ${wanted}, got ${there.join(", ")}`);
}

type Pair = readonly [inputs: string, targets: string];

/** The names of samples and targets under one of the usual names, each written as told. */
function pair(arrays: Arrays, written: (base: string) => readonly string[]): Pair | undefined {
	const find = (bases: readonly string[]) => bases.flatMap(written).find((name) => arrays.has(name));
	const [inputs, targets] = [find(inputNames), find(targetNames)];
	return inputs === undefined || targets === undefined ? undefined : [inputs, targets];
}

function partsOf(arrays: Arrays): Partial<Record<Split, Pair>> {
	const found = (Object.entries(partNames) as [Split, readonly string[]][]).map(
		([part, names]) =>
			[part, pair(arrays, (base) => names.flatMap((name) => [`${base}_${name}`, `${name}_${base}`]))] as const,
	);
	return Object.fromEntries(found.filter(([, names]) => names !== undefined));
}

/** Reads samples and targets from two .npy files. */
export function parseNpyData(inputs: Uint8Array, targets: Uint8Array, path: string): RawData {
	return checked(parseNpy(inputs, path), parseNpy(targets, `${path} (targets)`), path, []);
}

function fromArrays(arrays: Arrays, [x, y]: Pair, path: string, assumptions: readonly string[]): RawData {
	const [inputs, targets] = [arrays.get(x), arrays.get(y)];
	if (inputs === undefined || targets === undefined) throw new FileFormatError(path, `holds no ${x} or no ${y}`);
	return checked(inputs, targets, path, assumptions);
}

function checked(inputs: NumericArray, targets: NumericArray, path: string, assumptions: readonly string[]): RawData {
	const [samples] = inputs.shape;
	if (samples === undefined || samples === 0) throw new FileFormatError(path, "holds no samples");
	if (inputs.names !== undefined) throw new FileFormatError(path, "its samples are texts; expected numbers");
	if (targets.shape[0] !== samples)
		throw new FileFormatError(path, `holds ${samples} samples, but ${targets.shape[0] ?? "no"} targets`);
	const { names } = targets;
	return { name: path, inputs, targets, assumptions, ...(names !== undefined && { classes: names }) };
}
