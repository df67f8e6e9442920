import { sizeOf } from "../../../network/shape.js";
import { type Axis, axis, deal, hasBatch, lengthOf, OWN, resolve } from "../factors.js";
import { filled, mapped, numbersOf, pick } from "../fold.js";
import { alongAxis } from "../isolate.js";
import type { OnnxTensor } from "../model.js";
import { axisIndex, constant, type ImportOp, int, type NodeContext, operand, text } from "../node.js";
import { isBatched, isValue, problem, shapeOf, type Value } from "../value.js";
import { joinedAlong } from "./extending.js";
import { perSampleRows } from "./picking.js";

/** Which rows, counted through the first `depth` axes, a list of indices names. */
function rowsOf({ shape, values }: OnnxTensor, data: readonly number[]): { rows: number[]; depth: number } {
	const depth = shape.at(-1) ?? 0;
	if (depth === 0) return problem("its indices are of nothing");
	const count = sizeOf(shape.slice(0, -1));
	const rows = Array.from({ length: count }, (_, item) => {
		let row = 0;
		for (let i = 0; i < depth; i++) {
			const length = data[i] ?? 1;
			const given = values[item * depth + i] ?? 0;
			const at = given < 0 ? given + length : given;
			if (!(at >= 0 && at < length)) return problem(`index ${given} is not in a length of ${length}`);
			row = row * length + at;
		}
		return row;
	});
	return { rows, depth };
}

/** A value with its first axes as one. */
function withRows(value: Value, depth: number): Value {
	return { ...value, axes: [value.axes.slice(0, depth).flatMap((item) => resolve(item)), ...value.axes.slice(depth)] };
}

/** Rows of the data replaced: each row of the result is one of the data or one of the updates. */
const scatterNd: ImportOp = (context) => {
	const { builder } = context;
	const [data, updates] = [operand(context, 0), operand(context, 2)];
	if (text(context, "reduction", "none") !== "none") return problem("a reduction is not supported");
	const shape = shapeOf(data);
	const { rows, depth } = rowsOf(constant(context, 1, "indices"), shape);
	const size = sizeOf(shape.slice(0, depth));
	if (!isValue(data) && !isValue(updates)) {
		const inner = data.values.length / size;
		const from = new Map(rows.map((row, item) => [row, item]));
		return [
			mapped(data, (value, index) => {
				const item = from.get(Math.floor(index / inner));
				return item === undefined ? value : (updates.values[item * inner + (index % inner)] ?? Number.NaN);
			}),
		];
	}
	const [old, fresh] = [builder.value(data), builder.value(updates)];
	if (isBatched({ ...old, axes: old.axes.slice(0, depth) })) return problem("it writes into samples by their numbers");
	const indices = Array.from({ length: size }, (_, row) => row);
	rows.forEach((row, item) => {
		indices[row] = size + item;
	});
	const both = [withRows(old, depth), withRows(fresh, fresh.axes.length - (shape.length - depth))];
	const together = joinedAlong(context, both, both.find(isBatched) ?? (both[0] as Value), 0);
	const taken = axis(size);
	const result = alongAxis(builder, together, 0, taken, "gather", (along) => ({ axis: along, indices }));
	return [{ ...result, axes: [...rowsAs(taken, shape.slice(0, depth)), ...result.axes.slice(1)] }];
};

function rowsAs(rows: Axis, lengths: readonly number[]): Axis[] {
	return deal(rows, lengths) ?? problem(`rows can't be told apart as [${lengths}]`);
}

/** Elements at places that are known, each along an axis of its own. */
const gatherElements: ImportOp = (context) => {
	const data = operand(context, 0);
	const given = operand(context, 1);
	// Of a tensor that is the same everywhere it does not matter which elements.
	if (!isValue(data) && isValue(given) && data.values.every((value) => value === data.values[0]))
		return [filled(shapeOf(given), data.values[0] ?? 0, data.kind)];
	const indices = constant(context, 1, "indices");
	if (isValue(data)) return problem("it picks elements of computed values one by one, which is not supported");
	const along = axisIndex(int(context, "axis", 0), data.shape.length);
	const numbers = numbersOf(indices);
	const strides = indices.shape.map((_, i) => sizeOf(indices.shape.slice(i + 1)));
	return [
		pick(data, indices.shape, (position) => {
			const at = numbers[position.reduce((sum, own, i) => sum + own * (strides[i] ?? 0), 0)] ?? 0;
			return position.map((own, i) => (i === along ? (at < 0 ? at + (data.shape[i] ?? 0) : at) : own));
		}),
	];
};

/** Rows of the data by lists of indices that are known. */
const gatherNd: ImportOp = (context) => {
	const data = operand(context, 0);
	if (int(context, "batch_dims", 0) !== 0) return problem("batch_dims is not supported");
	const shape = shapeOf(data);
	const indices = constant(context, 1, "indices");
	if (isValue(data) && indices.values.includes(OWN)) return [ofItself(context, data, indices)];
	const { rows, depth } = rowsOf(indices, shape);
	const outer = indices.shape.slice(0, -1);
	if (!isValue(data)) {
		const length = sizeOf(shape.slice(0, depth));
		const inner = data.values.length / length;
		const table = { ...data, shape: [length, inner] };
		const taken = pick(table, [rows.length, inner], ([row = 0, at = 0]) => [rows[row] ?? 0, at]);
		return [{ ...taken, shape: [...outer, ...shape.slice(depth)] }];
	}
	if (isBatched({ ...data, axes: data.axes.slice(0, depth) })) return problem("it picks samples by their numbers");
	const flat = withRows(data, depth);
	if (lengthOf(resolve(flat.axes[0] ?? [])) === 1) return problem("it picks of one row");
	const taken = axis(rows.length);
	const result = alongAxis(context.builder, flat, 0, taken, "gather", (along) => ({ axis: along, indices: rows }));
	return [{ ...result, axes: [...rowsAs(taken, outer), ...result.axes.slice(1)] }];
};

/** What each sample takes of itself: the first number of every index is that of the sample. */
function ofItself(context: NodeContext, data: Value, indices: OnnxTensor): Value {
	const depth = indices.shape.at(-1) ?? 1;
	const isOwn = indices.values.every((value, i) => (i % depth === 0) === (value === OWN));
	if (!isOwn || !hasBatch(resolve(data.axes[0] ?? []))) return problem("it picks from other samples");
	const within = {
		...indices,
		shape: [...indices.shape.slice(0, -1), depth - 1],
		values: indices.values.filter((_, i) => i % depth > 0),
	};
	const { rows } = rowsOf(within, shapeOf(data).slice(1));
	const joined = data.axes.slice(1, depth).flatMap((item) => resolve(item));
	const flat = { ...data, axes: [data.axes[0] ?? [], joined, ...data.axes.slice(depth)] };
	return perSampleRows(context, flat, rows, indices.shape.slice(0, -1));
}

export const scatteringOps: Readonly<Record<string, ImportOp>> = {
	GatherElements: gatherElements,
	GatherND: gatherNd,
	ScatterND: scatterNd,
};
