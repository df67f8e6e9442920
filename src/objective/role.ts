import { LayoutMismatchError } from "../errors.js";
import { sizeOf } from "../network/shape.js";
import type { Targets } from "./targets.js";

/** What the targets of a sample say, and how they are kept: this and not their type decides which losses fit. */
export const roles = {
	/** int32 [samples]: an index; negative where the sample does not count. */
	class: "one class a sample",
	/** int32 [samples, places]: an index for each token or pixel, likewise. */
	classes: "a class for each place of a sample",
	/** float32 [samples, classes]: a probability for each class, as soft labels have it. */
	distribution: "a probability for each class",
	/** float32 [samples, width]: 0, 1 or between, for each output on its own. */
	labels: "yes or no for each output",
	/** float32 [samples, width]. */
	values: "a value for each output",
} as const;

export type Role = keyof typeof roles;

/** Targets in a role, kept as it says. */
export interface PlacedTargets {
	readonly role: Role;
	readonly targets: Int32Array | Float32Array;
	/** The axis of the output that counts classes; it is to come last. */
	readonly classAxis?: number;
}

/** The index that PyTorch leaves out where nothing is said. */
export const IGNORED = -100;

/** What is judged: the output's shape, targets, and the index of a class that does not count. */
export interface Judged {
	/** Of the network, for errors. */
	readonly name: string;
	/** For one sample, as the network's framework has it. */
	readonly output: readonly number[];
	readonly targets: Targets;
	readonly ignoreIndex: number;
}

/**
 * The targets in a role.
 *
 * @throws {LayoutMismatchError} saying why they can't have it, with both shapes or the place of the first that is wrong
 */
export function placeTargets(role: Role, judged: Judged): PlacedTargets {
	switch (role) {
		case "class":
		case "classes":
			return asClasses(role, judged);
		case "distribution":
			return asDistribution(judged);
		case "labels":
			return { role, targets: asNumbers(judged, (value) => value >= 0 && value <= 1, "labels are from 0 to 1") };
		case "values":
			return { role, targets: asNumbers(judged, Number.isFinite, "values are finite") };
	}
}

/** The targets in a role; undefined where they can't have it. */
export function placedIn(role: Role, judged: Judged): PlacedTargets | undefined {
	try {
		return placeTargets(role, judged);
	} catch (error) {
		if (error instanceof LayoutMismatchError) return undefined;
		throw error;
	}
}

function mismatch({ targets, output, name }: Judged, what: string): LayoutMismatchError {
	return new LayoutMismatchError(
		`${targets.name}: targets of [${targets.shape}] a sample are not ${what} for the output of ${name}, [${output}]`,
	);
}

const withoutUnits = (shape: readonly number[]) => shape.filter((length) => length !== 1);
const isSame = (a: readonly number[], b: readonly number[]) => String(withoutUnits(a)) === String(withoutUnits(b));

/** The axes that may count the classes: the last, as Keras and tokens have it, or the first, as PyTorch has images. */
function classAxes(output: readonly number[]): number[] {
	const last = output.length - 1;
	return output.length >= 3 ? [0, last] : [last, 0];
}

function asClasses(role: "class" | "classes", judged: Judged): PlacedTargets {
	const { output, targets } = judged;
	const places = sizeOf(targets.shape);
	if ((role === "class") !== (places === 1)) throw mismatch(judged, roles[role]);
	const axis = classAxes(output).find(
		(each) => (output[each] ?? 0) > 1 && isSame([...output.slice(0, each), ...output.slice(each + 1)], targets.shape),
	);
	if (axis === undefined) throw mismatch(judged, roles[role]);
	const classes = output[axis] ?? 0;
	const indices = Int32Array.from(targets.values, (value, at) => {
		if (value === judged.ignoreIndex) return -1;
		if (Number.isInteger(value) && value >= 0 && value < classes) return value;
		throw outOfRange(judged, at, value, classes);
	});
	return { role, targets: indices, classAxis: axis };
}

function outOfRange(judged: Judged, at: number, value: number, classes: number): LayoutMismatchError {
	const { targets, name } = judged;
	const isFromOne = value === classes && !targets.values.some((each) => each === 0);
	return new LayoutMismatchError(
		`${targets.name}: class ${value} of ${placeOf(targets, at)} is not one of the ${classes} that ${name} tells apart, ` +
			`whole numbers from 0 to ${classes - 1}${isFromOne ? "; yours count from 1" : ""}`,
	);
}

/** Where in the data a target stands: samples as the file counts them, from 0. */
function placeOf({ shape, numbers }: Targets, at: number): string {
	const places = sizeOf(shape);
	const sample = numbers?.[Math.floor(at / places)] ?? Math.floor(at / places);
	return places === 1 ? `sample ${sample}` : `sample ${sample}, place ${at % places}`;
}

/** How far the probabilities of a sample may be from 1 together: float16 has no more digits. */
const SLACK = 2e-3;

function asDistribution(judged: Judged): PlacedTargets {
	const { output, targets } = judged;
	const [classes = 1, ...others] = withoutUnits(output);
	if (others.length > 0 || classes < 2 || !isSame(targets.shape, output)) throw mismatch(judged, roles.distribution);
	const axis = output.indexOf(classes);
	const values = Float32Array.from(targets.values);
	for (let at = 0; at < values.length; at += classes) {
		const row = values.subarray(at, at + classes);
		const sum = row.reduce((total, value) => total + value, 0);
		if (!(row.every((value) => value >= 0) && Math.abs(sum - 1) <= SLACK))
			throw new LayoutMismatchError(
				`${targets.name}: the targets of ${placeOf(targets, at)} add up to ${sum}; probabilities are from 0 on and add up to 1`,
			);
	}
	const hot = indicesOf(values, classes);
	return hot === undefined
		? { role: "distribution", targets: values, classAxis: axis }
		: { role: "class", targets: hot, classAxis: axis };
}

/** The index of the one in each row; undefined where a row is not one 1 and else zeros. */
function indicesOf(values: Float32Array, classes: number): Int32Array | undefined {
	if (!values.every((value) => value === 0 || value === 1)) return undefined;
	return Int32Array.from({ length: values.length / classes }, (_, row) =>
		values.subarray(row * classes, (row + 1) * classes).indexOf(1),
	);
}

function asNumbers(judged: Judged, isRight: (value: number) => boolean, rule: string): Float32Array {
	const { targets, output } = judged;
	if (sizeOf(targets.shape) !== sizeOf(output)) throw mismatch(judged, "a number each");
	const wrong = targets.values.findIndex((value) => !isRight(value));
	if (wrong >= 0)
		throw new LayoutMismatchError(
			`${targets.name}: the target ${targets.values[wrong]} of ${placeOf(targets, wrong)} can't be: ${rule}`,
		);
	return Float32Array.from(targets.values);
}
