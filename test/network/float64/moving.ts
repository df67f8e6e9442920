import type { ConcatAttributes } from "../../../src/network/ops/concat.js";
import type { ExpandAttributes } from "../../../src/network/ops/expand.js";
import type { GatherAttributes } from "../../../src/network/ops/gather.js";
import type { PadAttributes } from "../../../src/network/ops/pad.js";
import type { ResampleAttributes } from "../../../src/network/ops/resample.js";
import type { ReshapeAttributes } from "../../../src/network/ops/reshape.js";
import type { SliceAttributes } from "../../../src/network/ops/slice.js";
import type { TransposeAttributes } from "../../../src/network/ops/transpose.js";
import type { UnfoldSamplesAttributes } from "../../../src/network/ops/unfold-samples.js";
import { at, build, inputOf, placeOf, reshaped, sizeOf, type Value } from "./value.js";

/** A tensor with what stands at some places of an axis, one after another; `filling` where there is no place. */
function picked(x: Value, axis: number, places: readonly (number | undefined)[], filling = 0): Value {
	return build(x.shape.with(axis, places.length), (position) => {
		const place = places[position[axis] ?? 0];
		return place === undefined ? filling : at(x, position.with(axis, place));
	});
}

export function gather(inputs: readonly Value[], { axis, indices }: GatherAttributes): Value {
	const x = inputOf(inputs, 0);
	return picked(x, placeOf(axis, x), indices);
}

export function slice(inputs: readonly Value[], { axis, start, length, step }: SliceAttributes): Value {
	const x = inputOf(inputs, 0);
	const places = Array.from({ length }, (_, i) => start + i * step);
	return picked(x, placeOf(axis, x), places);
}

/** Where the values of a padded axis come from, given a place that may be outside of it. */
const sources: Readonly<Record<PadAttributes["mode"], (place: number, length: number) => number | undefined>> = {
	constant: (place, length) => (place >= 0 && place < length ? place : undefined),
	edge: (place, length) => Math.min(Math.max(place, 0), length - 1),
	reflect: (place, length) => (place >= length ? 2 * (length - 1) - place : Math.abs(place)),
};

export function pad(inputs: readonly Value[], { padding, mode, value }: PadAttributes): Value {
	const x = inputOf(inputs, 0);
	const first = x.shape.length - padding.length;
	return padding.reduce((padded, [before, after], axis) => {
		const length = x.shape[first + axis] ?? 1;
		const places = Array.from({ length: before + length + after }, (_, i) => sources[mode](i - before, length));
		return picked(padded, first + axis, places, value);
	}, x);
}

export function resample(inputs: readonly Value[], { axis, terms, weights }: ResampleAttributes): Value {
	const x = inputOf(inputs, 0);
	const along = placeOf(axis, x);
	const parts = terms.map((places) => picked(x, along, places));
	const shape = x.shape.with(along, terms[0]?.length ?? 0);
	return build(shape, (position) =>
		parts.reduce((sum, part, term) => sum + (weights?.[term]?.[position[along] ?? 0] ?? 1) * at(part, position), 0),
	);
}

/** What has an axis less than others is the same for all samples. */
export function concat(inputs: readonly Value[], { axis }: ConcatAttributes): Value {
	const longest = inputs.reduce((a, b) => (b.shape.length > a.shape.length ? b : a));
	const along = placeOf(axis, longest);
	const sources = inputs.flatMap((x) => Array.from({ length: x.shape.at(axis) ?? 0 }, (_, place) => ({ x, place })));
	return build(longest.shape.with(along, sources.length), (position) => {
		const source = sources[position[along] ?? 0];
		return source === undefined ? Number.NaN : at(source.x, position.with(along, source.place));
	});
}

export function embedding(inputs: readonly Value[]): Value {
	const [table, tokens] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	const row = table.shape.slice(1);
	const width = sizeOf(row);
	const values = new Float64Array(tokens.values.length * width);
	for (const [i, token] of tokens.values.entries())
		values.set(table.values.subarray(token * width, (token + 1) * width), i * width);
	return { shape: [...tokens.shape, ...row], values };
}

export function expand(inputs: readonly Value[], { shape }: ExpandAttributes): Value {
	const x = inputOf(inputs, 0);
	return build([...x.shape.slice(0, x.shape.length - shape.length), ...shape], (position) => at(x, position));
}

export function perSample(inputs: readonly Value[]): Value {
	const [x, like] = [inputOf(inputs, 0), inputOf(inputs, 1)];
	return build([like.shape[0] ?? 1, ...x.shape], (position) => at(x, position));
}

export function transpose(inputs: readonly Value[], { permutation }: TransposeAttributes): Value {
	const x = inputOf(inputs, 0);
	const first = x.shape.length - permutation.length;
	const order = [...x.shape.slice(0, first).keys(), ...permutation.map((axis) => first + axis)];
	const shape = order.map((axis) => x.shape[axis] ?? 1);
	const places = order.map((_, axis) => order.indexOf(axis));
	const source = (position: readonly number[]) => places.map((place) => position[place] ?? 0);
	return build(shape, (position) => at(x, source(position)));
}

export function reshape(inputs: readonly Value[], { rank, shape }: ReshapeAttributes): Value {
	const x = inputOf(inputs, 0);
	return reshaped(x, [...x.shape.slice(0, x.shape.length - rank), ...shape]);
}

export function flatten(inputs: readonly Value[]): Value {
	const x = inputOf(inputs, 0);
	return reshaped(x, [x.shape[0] ?? 1, sizeOf(x.shape.slice(1))]);
}

export function foldSamples(inputs: readonly Value[]): Value {
	const x = inputOf(inputs, 0);
	const [samples = 1, count = 1, ...rest] = x.shape;
	return reshaped(x, [samples * count, ...rest]);
}

export function unfoldSamples(inputs: readonly Value[], { count }: UnfoldSamplesAttributes): Value {
	const x = inputOf(inputs, 0);
	const [samples = count, ...rest] = x.shape;
	return reshaped(x, [samples / count, count, ...rest]);
}
