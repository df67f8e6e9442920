import type { BatchNormAttributes } from "../../../src/network/ops/batch-norm.js";
import type { ReduceAttributes } from "../../../src/network/ops/reduce.js";
import type { StandardizeAttributes } from "../../../src/network/ops/standardize.js";
import { at, build, elementAt, indexOf, inputOf, placeOf, sizeOf, type Value, visit } from "./value.js";

type Fold = (values: readonly number[]) => number;

const sum: Fold = (values) => values.reduce((total, value) => total + value, 0);
const mean: Fold = (values) => sum(values) / values.length;
const sumOfSquares: Fold = (values) => sum(values.map((value) => value * value));

const folds: Readonly<Record<ReduceAttributes["function"], Fold>> = {
	mean,
	sum,
	max: (values) => Math.max(...values),
	min: (values) => Math.min(...values),
	prod: (values) => values.reduce((product, value) => product * value, 1),
	sumOfSquares,
	norm: (values) => Math.sqrt(sumOfSquares(values)),
};

/** A tensor with axes, by their places, of which a function has made a length of 1. */
function folded(x: Value, places: readonly number[], fold: Fold): Value {
	const shape = x.shape.map((length, place) => (places.includes(place) ? 1 : length));
	const members = Array.from({ length: sizeOf(shape) }, (): number[] => []);
	visit(x.shape, (position, index) => members[indexOf(shape, position)]?.push(elementAt(x, index)));
	return { shape, values: Float64Array.from(members, fold) };
}

export function reduce(inputs: readonly Value[], { function: name, axes }: ReduceAttributes): Value {
	const x = inputOf(inputs, 0);
	const places = axes.map((axis) => placeOf(axis, x));
	const { values } = folded(x, places, folds[name]);
	return { shape: x.shape.filter((_, place) => !places.includes(place)), values };
}

export function standardize(inputs: readonly Value[], { axes, epsilon }: StandardizeAttributes): Value {
	const x = inputOf(inputs, 0);
	const places = axes.map((axis) => placeOf(axis, x));
	const center = folded(x, places, mean);
	const centered = build(x.shape, (position) => at(x, position) - at(center, position));
	const variance = folded(centered, places, (values) => sumOfSquares(values) / values.length);
	return build(x.shape, (position) => at(centered, position) / Math.sqrt(at(variance, position) + epsilon));
}

export function logSoftmax(inputs: readonly Value[]): Value {
	const x = inputOf(inputs, 0);
	const logarithm = folded(x, [placeOf(-1, x)], (values) => {
		const largest = Math.max(...values);
		return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
	});
	return build(x.shape, (position) => at(x, position) - at(logarithm, position));
}

export function softmax(inputs: readonly Value[]): Value {
	const { shape, values } = logSoftmax(inputs);
	return { shape, values: values.map(Math.exp) };
}

/** With the running statistics. */
export function batchNorm(inputs: readonly Value[], { epsilon }: BatchNormAttributes): Value {
	const [x, scale, shift] = [inputOf(inputs, 0), inputOf(inputs, 1), inputOf(inputs, 2)];
	const [center, variance] = [inputOf(inputs, 3), inputOf(inputs, 4)];
	return build(x.shape, (position) => {
		const normalised = (at(x, position) - at(center, position)) / Math.sqrt(at(variance, position) + epsilon);
		return normalised * at(scale, position) + at(shift, position);
	});
}
