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

/** What a file holds of the samples, and the name of their targets. */
interface Contents {
	/** All arrays of samples, by name; the first is the samples of a network with one input. */
	readonly inputs: ReadonlyMap<string, NumericArray>;
	readonly targets: string;
}

/**
 * Reads samples and targets from a .npz file: `x` and `y` and other usual names, with `_train` or `_test` where the file has
 * parts, or its first two arrays where they have no names. Arrays of other names are kept for networks with several inputs.
 *
 * @param path how errors call the file
 * @throws {FileFormatError} when the file is damaged or one of them is missing
 */
export function parseNpzData(bytes: Uint8Array, path: string, { split }: Pick<DataOptions, "split"> = {}): RawData {
	const arrays = parseNpz(bytes, path);
	const parts = partsOf(arrays);
	const names = Object.keys(parts) as Split[];
	const whole = contentsOf(arrays, (base) => [base]);
	if (whole !== undefined && (names.length === 0 || hasUsualName(whole))) {
		const one = split === undefined ? [] : [`${path} has one part, which is taken whatever the split`];
		const isUnsure = !hasUsualName(whole) && whole.inputs.size > 1;
		return { ...fromArrays(arrays, whole, path, [...one, ...namedUnusually(whole, path)]), isUnsure };
	}
	const part = split ?? (names.includes("train") ? "train" : names[0]);
	const chosen = part === undefined ? undefined : parts[part];
	if (chosen !== undefined) {
		const other = names.filter((name) => name !== part);
		const listed = (contents: Contents | undefined) =>
			contents === undefined ? "" : [...fileNames(arrays, contents), contents.targets].join(" and ");
		const also = other.length === 0 ? "" : `, not ${other.map((name) => listed(parts[name])).join()}`;
		return { ...fromArrays(arrays, chosen, path, [`${listed(chosen)} of ${path}${also}`]), parts: names };
	}
	const [first, second] = [arrays.get("arr_0"), arrays.get("arr_1")];
	if (arrays.size === 2 && first !== undefined && second !== undefined) {
		const contents = { inputs: new Map([["arr_0", first]]), targets: "arr_1" };
		return fromArrays(arrays, contents, path, [`arr_0 of ${path} holds the samples, arr_1 the targets`]);
	}
	const there = [...arrays].slice(0, 20).map(([name, { shape }]) => `${name} [${shape}]`);
	const wanted = part === undefined ? "arrays x and y" : `arrays x_${part} and y_${part}`;
	throw new FileFormatError(path, `expected ${wanted}, got ${there.join(", ")}`);
}

/**
 * What a file holds under names that are written as told. Samples are whatever has as many rows as the targets, those with a
 * usual name first.
 */
function contentsOf(arrays: Arrays, written: (base: string) => readonly string[]): Contents | undefined {
	const targets = targetNames.flatMap(written).find((name) => arrays.has(name));
	if (targets === undefined) return undefined;
	const rows = arrays.get(targets)?.shape[0];
	const usual = inputNames.find((base) => written(base).some((name) => arrays.has(name)));
	const bases = [...arrays.keys()].flatMap((name) => baseOf(name, written) ?? []);
	const found = new Map<string, NumericArray>();
	for (const base of usual === undefined ? bases : [usual, ...bases]) {
		const array = written(base).flatMap((name) => (name === targets ? [] : (arrays.get(name) ?? [])))[0];
		const fits = base === usual || (array?.shape[0] === rows && array?.names === undefined);
		if (array !== undefined && fits && !targetNames.includes(base)) found.set(base, array);
	}
	return found.size === 0 ? undefined : { inputs: found, targets };
}

/** What a name of the file stands for where names are written as told: `x` for `x_train`. */
function baseOf(name: string, written: (base: string) => readonly string[]): string | undefined {
	const bare = name.replace(/^(train|training|test|val|valid)_|_(train|training|test|val|valid)$/, "");
	return [name, bare].find((base) => written(base).includes(name));
}

function hasUsualName({ inputs }: Contents): boolean {
	return inputNames.some((name) => inputs.has(name));
}

/** Says which array is taken for the samples where none has a usual name. */
function namedUnusually(contents: Contents, path: string): string[] {
	const [name] = contents.inputs.keys();
	if (hasUsualName(contents) || contents.inputs.size > 1 || name === undefined) return [];
	return [`${name} of ${path} holds the samples`];
}

function fileNames(arrays: Arrays, { inputs }: Contents): string[] {
	const own = new Set(inputs.values());
	return [...arrays].filter(([, array]) => own.has(array)).map(([name]) => name);
}

function partsOf(arrays: Arrays): Partial<Record<Split, Contents>> {
	const found = (Object.entries(partNames) as [Split, readonly string[]][]).map(
		([part, names]) =>
			[part, contentsOf(arrays, (base) => names.flatMap((name) => [`${base}_${name}`, `${name}_${base}`]))] as const,
	);
	return Object.fromEntries(found.filter(([, contents]) => contents !== undefined));
}

/** Reads samples and targets from two .npy files. */
export function parseNpyData(inputs: Uint8Array, targets: Uint8Array, path: string): RawData {
	return checked(new Map([["x", parseNpy(inputs, path)]]), parseNpy(targets, `${path} (targets)`), path, []);
}

function fromArrays(arrays: Arrays, contents: Contents, path: string, assumptions: readonly string[]): RawData {
	const targets = arrays.get(contents.targets);
	if (targets === undefined) throw new FileFormatError(path, `holds no ${contents.targets}`);
	return checked(contents.inputs, targets, path, assumptions);
}

function checked(named: Arrays, targets: NumericArray, path: string, assumptions: readonly string[]): RawData {
	const [inputs] = named.values();
	const [samples] = inputs?.shape ?? [];
	if (inputs === undefined || samples === undefined || samples === 0)
		throw new FileFormatError(path, "holds no samples");
	if (inputs.names !== undefined) throw new FileFormatError(path, "its samples are texts; expected numbers");
	if (targets.shape[0] !== samples)
		throw new FileFormatError(path, `holds ${samples} samples, but ${targets.shape[0] ?? "no"} targets`);
	const { names } = targets;
	return { name: path, inputs, named, targets, assumptions, ...(names !== undefined && { classes: names }) };
}
