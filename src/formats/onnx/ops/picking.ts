import { axis, deal, hasBatch, lengthOf, OWN, resolve } from "../factors.js";
import { numbersOf, pick } from "../fold.js";
import { alongAxis, sliced } from "../isolate.js";
import type { OnnxTensor } from "../model.js";
import { axisIndex, type ImportOp, int, intsOrInput, type NodeContext, operand } from "../node.js";
import { isBatched, isValue, type Operand, problem, shapeOf, type Value } from "../value.js";

const split: ImportOp = (context) => {
	const x = operand(context, 0);
	const shape = shapeOf(x);
	const index = axisIndex(int(context, "axis", 0), shape.length);
	const length = shape[index] ?? 1;
	const count = context.node.outputs.length;
	const each = Math.ceil(length / count);
	const equal = Array.from({ length: count }, (_, i) => Math.min(each, length - i * each));
	const lengths = intsOrInput(context, "split", 1) ?? equal;
	if (lengths.reduce((sum, own) => sum + own, 0) !== length || lengths.length !== count)
		return problem(`a length of ${length} can't be split into [${lengths}]`);
	let start = 0;
	return lengths.map((own) => {
		const part = cut(context, x, index, [start, own, 1]);
		start += own;
		return part;
	});
};

/** `count` elements of an axis from `start` on, by `step`. */
export function cut(
	{ builder }: NodeContext,
	x: Operand,
	index: number,
	range: readonly [number, number, number],
): Operand {
	const [start, count, step] = range;
	if (isValue(x)) return sliced(builder, x, index, range);
	const shape = x.shape.map((length, i) => (i === index ? count : length));
	return pick(x, shape, (position) => position.map((at, i) => (i === index ? start + at * step : at)));
}

const slice: ImportOp = (context) => {
	const x = operand(context, 0);
	const shape = shapeOf(x);
	const starts = intsOrInput(context, "starts", 1) ?? problem("its starts are missing");
	const ends = intsOrInput(context, "ends", 2) ?? problem("its ends are missing");
	const axes = intsOrInput(context, "axes", 3) ?? [...starts.keys()];
	const steps = intsOrInput(context, "steps", 4) ?? starts.map(() => 1);
	return [
		axes.reduce<Operand>((part, listed, i) => {
			const index = axisIndex(listed, shape.length);
			const length = shape[index] ?? 1;
			const step = steps[i] ?? 1;
			const clamp = (at: number, low: number, high: number) => Math.min(Math.max(at < 0 ? at + length : at, low), high);
			const [start, end] =
				step > 0
					? [clamp(starts[i] ?? 0, 0, length), clamp(ends[i] ?? 0, 0, length)]
					: [clamp(starts[i] ?? 0, 0, length - 1), clamp(ends[i] ?? 0, -1, length - 1)];
			return cut(context, part, index, [start, Math.max(0, Math.ceil((end - start) / step)), step]);
		}, x),
	];
};

export const gather: ImportOp = (context) => {
	const { builder, node } = context;
	const [data, indices] = [operand(context, 0), operand(context, 1)];
	const shape = shapeOf(data);
	const index = axisIndex(int(context, "axis", 0), shape.length);
	if (isValue(indices)) return [embedding(context, builder.layerWeights(data, node.inputs[0] ?? ""), indices, index)];
	const itself = ofItself(context, data, indices, index);
	if (itself !== undefined) return [itself];
	const length = shape[index] ?? 1;
	// A constant has one sample for all.
	const own = (at: number) => (at >= OWN ? at - length * OWN : at);
	const wanted = numbersOf(indices).map((at) => (at < 0 ? at + length : own(at)));
	if (!wanted.every((at) => at >= 0 && at < length))
		return problem(`indices [${wanted}] don't fit a length of ${length}`);
	const place = [...shape.slice(0, index), ...indices.shape, ...shape.slice(index + 1)];
	if (!isValue(data)) {
		const inner = indices.shape.length;
		return [
			pick(data, place, (position) => {
				const at = position.slice(index, index + inner).reduce((sum, own, i) => sum * (indices.shape[i] ?? 1) + own, 0);
				return [...position.slice(0, index), wanted[at] ?? 0, ...position.slice(index + inner)];
			}),
		];
	}
	const [start = 0] = wanted;
	const consecutive = wanted.every((at, i) => at === start + i);
	const taken = consecutive
		? sliced(builder, data, index, [start, wanted.length, 1])
		: gathered(context, data, index, wanted);
	const dealt = deal(taken.axes[index] ?? [], indices.shape) ?? problem("indices of this shape are not supported");
	return [{ ...taken, axes: [...taken.axes.slice(0, index), ...dealt, ...taken.axes.slice(index + 1)] }];
};

/**
 * What each sample takes of itself, where indices go through all samples, k · OWN + r for element r of one: an export of
 * x[arange(n), i] does so.
 *
 * @returns undefined where the indices are none of that kind
 */
function ofItself(context: NodeContext, data: Operand, indices: OnnxTensor, index: number): Value | undefined {
	if (!isValue(data) || !indices.values.some((value) => value >= OWN)) return undefined;
	const [batch, ...rest] = resolve(data.axes[index] ?? []);
	if (index !== 0 || batch === undefined || !hasBatch([batch])) return problem("it picks samples by their numbers");
	const size = lengthOf(rest);
	const places = numbersOf(indices).map((value) => value - size * OWN);
	if (!places.every((place) => place >= 0 && place < size)) return problem("it picks from other samples");
	return perSampleRows(context, { ...data, axes: [[batch], rest, ...data.axes.slice(1)] }, places, indices.shape);
}

/** Rows of each sample [samples, rows, ...] by their numbers; the result has the axes of the indices, the first that of the samples. */
export function perSampleRows(
	{ builder }: NodeContext,
	data: Value,
	places: readonly number[],
	shape: readonly number[],
): Value {
	const [samples = [], , ...inner] = data.axes;
	const rows = lengthOf(resolve(data.axes[1] ?? []));
	const isAll = places.length === rows && places.every((place, i) => place === i);
	const taken = isAll
		? data
		: alongAxis(builder, data, 1, axis(places.length), "gather", (along) => ({ axis: along, indices: places }));
	const at = shape.indexOf(1);
	const others = shape.filter((_, i) => i !== at);
	const dealt = deal(taken.axes[1] ?? [], others) ?? problem("indices of this shape are not supported");
	const outer =
		at < 0 ? problem("its indices have no axis for the samples") : [...dealt.slice(0, at), samples, ...dealt.slice(at)];
	return { ...taken, axes: [...outer, ...inner] };
}

function gathered({ builder }: NodeContext, data: Value, index: number, indices: readonly number[]): Value {
	return alongAxis(builder, data, index, axis(indices.length), "gather", (along) => ({ axis: along, indices }));
}

/** Rows of a table by the tokens of the input. */
function embedding({ builder }: NodeContext, table: Value, tokens: Value, index: number): Value {
	if (index !== 0 || isBatched(table))
		return problem("indices from the data are supported for the first axis of a table");
	const [rows = [], ...rest] = table.axes;
	const inner = rest.map((item) => resolve(item));
	const weights = builder.weights(table, "kernel", [resolve(rows), ...inner], [0], lengthOf(inner.flat()));
	const groups = builder.groupsOf(tokens);
	return builder.emit(
		"embedding",
		[weights, builder.arrange(tokens, groups)],
		{},
		[...groups, ...inner],
		[...tokens.axes, ...rest],
		table.kind,
	);
}

export const pickingOps: Readonly<Record<string, ImportOp>> = {
	Gather: gather,
	Slice: slice,
	Split: split,
};
