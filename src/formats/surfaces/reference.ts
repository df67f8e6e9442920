import { FileFormatError } from "../../errors.js";
import type { Field } from "../../surface/field.js";
import { type Hdf5, readHdf5Exactly } from "../hdf5.js";
import { axisThrough, baseName, type FoundSurface, keysText, type Missing } from "./found.js";
import { readOwnGroup } from "./own-group.js";
import {
	COORDINATES,
	DIRECTION_FILE,
	OWN_GROUP,
	PENDING,
	PER_CENT,
	PROJECTED,
	type ReferenceName,
	referenceNames,
} from "./reference-names.js";

type Contents = Hdf5<Float32Array | Float64Array>;

/**
 * A surface file of the reference code, or one of ours, which has everything to the bit in a group of its own.
 *
 * @param missing what stands for a value that is not computed: −1 where nothing is said
 * @throws {FileFormatError} naming the keys there are when these are none of a surface, or when −1 could be a value
 */
export function readReferenceSurface(bytes: Uint8Array, path: string, missing?: Missing): FoundSurface {
	const file = readHdf5Exactly(bytes, path);
	const own = readOwnGroup(file, path);
	if (own !== undefined) return own;
	const { x, y } = axesOfFile(file, path);
	const points = x.steps * (y?.steps ?? 1);
	const known = knownFields(file, path, points);
	const pending = pendingIn(known, missing, path);
	const both = new Set(known.map(({ as: { split } }) => split)).has("train") && known.some(isOfTest);
	const done = doneOf(known, pending, points);
	const told: string[] = [];
	const fields = known.map(({ key, as, values }) => fieldOf(key, as, values, { pending, both, done, told }));
	const left = [...file.arrays.keys()].filter((key) => !isKnown(key) && !COORDINATES.some((name) => name === key));
	const directionFile = file.texts.get(DIRECTION_FILE);
	return {
		...{ x, y, fields, done },
		model: modelOf(file, path),
		facts: { split: both ? "both" : known.some(isOfTest) ? "test" : "train" },
		notes: { ...(directionFile !== undefined && { directions: directionFile }) },
		told: [
			...(y !== null && x.steps !== y.steps
				? ["values lie with α running faster, as the reference code fills them"]
				: []),
			...(pending !== null && done.includes(0) ? [`points whose values are ${pending} are not computed`] : []),
			...told,
			...(left.length > 0 ? [`left out: ${keysText(left)}`] : []),
		],
	};
}

interface Known {
	readonly key: string;
	readonly as: ReferenceName;
	readonly values: Float32Array | Float64Array;
}

function isKnown(key: string): boolean {
	return Object.hasOwn(referenceNames, key) || key.startsWith(`${OWN_GROUP}/`);
}

function isOfTest({ as: { split } }: Known): boolean {
	return split === "test";
}

function axesOfFile({ arrays }: Contents, path: string) {
	const [xName, yName] = COORDINATES;
	const [x, y] = [arrays.get(xName), arrays.get(yName)];
	if (x === undefined) throw new FileFormatError(path, describeKeys([...arrays.keys()], path));
	return {
		x: axisThrough(x.values, path, xName),
		y: y === undefined ? null : axisThrough(y.values, path, yName),
	};
}

/** What a file without coordinates seems to be. */
function describeKeys(keys: readonly string[], path: string): string {
	const expected = `expected ${COORDINATES.join(", ")} and one of ${Object.keys(referenceNames).join(", ")}`;
	if (keys.some((key) => /^loss_\d+_\d+$/.test(key)))
		return `holds keys loss_I_J, one loss each, as nreHieW/loss writes them, without coordinates; ${expected}`;
	if (PROJECTED.every((name) => keys.includes(name)))
		return `holds the places of a trajectory; give it as --trajectory, with the surface that it lies on`;
	if (keys.some((key) => /^[xy]direction\//.test(key)))
		return `holds directions, not a surface; isoloss sweep takes them as --directions file:${path}`;
	return `${expected}, got keys ${keysText(keys)}`;
}

function knownFields({ arrays }: Contents, path: string, points: number): Known[] {
	const known = Object.entries(referenceNames).flatMap(([key, as]) => {
		const array = arrays.get(key);
		if (array === undefined) return [];
		if (array.values.length !== points)
			throw new FileFormatError(path, `expected ${points} values of ${key}, one a point, got [${array.shape}]`);
		return [{ key, as, values: array.values }];
	});
	// The loss comes first, whatever there is beside it.
	const losses = known.filter(({ as: { unit } }) => unit === "loss");
	if (known.length === 0) throw new FileFormatError(path, describeKeys([...arrays.keys()], path));
	return [...losses, ...known.filter((each) => !losses.includes(each))];
}

/** @throws {FileFormatError} when the losses go below 0, and −1 is among them */
function pendingIn(known: readonly Known[], missing: Missing | undefined, path: string): Missing {
	if (missing !== undefined) return missing;
	for (const { key, as, values } of known) {
		if (as.unit !== "loss" || !values.includes(PENDING)) continue;
		const negative = values.find((value) => value < 0 && value !== PENDING);
		if (negative !== undefined)
			throw new FileFormatError(
				path,
				`${key} goes below 0 (${negative}), so that ${PENDING} may be a value or stand for none; say --missing ${PENDING} or --missing none`,
			);
	}
	return PENDING;
}

/** A point is computed where its first field is, the loss as a rule. */
function doneOf([first]: readonly Known[], pending: Missing, points: number): Uint8Array {
	return Uint8Array.from({ length: points }, (_, point) =>
		pending !== null && first?.values[point] === pending ? 0 : 1,
	);
}

function fieldOf(
	key: string,
	{ name, label, unit, split }: ReferenceName,
	values: Float32Array | Float64Array,
	{
		pending,
		both,
		done,
		told,
	}: { readonly pending: Missing; readonly both: boolean; readonly done: Uint8Array; readonly told: string[] },
): Field {
	let lacking = 0;
	const isEigenvalue = split === undefined;
	const own = Float64Array.from(values, (value, point) => {
		// An eigenvalue of −1 is one like any other.
		if (pending === null || value !== pending || isEigenvalue) return unit === "fraction" ? value / PER_CENT : value;
		if (done[point] === 1) lacking += 1;
		return Number.NaN;
	});
	if (lacking > 0) told.push(`${key} is NaN at ${lacking} points where it alone is not computed`);
	const isSecond = both && split === "test";
	return {
		name: isSecond ? `test-${name}` : name,
		label: isSecond ? `test ${label}` : label,
		unit,
		values: own,
	};
}

/** The network: said in one of ours, else told by the path of the directions. */
function modelOf({ attributes, texts }: Contents, path: string): string {
	const said = attributes.get("")?.model;
	if (typeof said === "string" && said !== "") return said;
	const parts = (texts.get(DIRECTION_FILE) ?? "").split("/").filter((part) => part !== "");
	// `trained_nets/resnet56_sgd_lr=0.1/model_300.t7_weights_xnorm=filter.h5`: the folder says which network, and how it was trained.
	const name = parts.at(-1)?.startsWith("model_") ? parts.at(-2) : undefined;
	return name ?? baseName(path);
}
