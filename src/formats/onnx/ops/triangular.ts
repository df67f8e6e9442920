import { sizeOf } from "../../../network/shape.js";
import { known, mapped, worked } from "../fold.js";
import type { OnnxTensor } from "../model.js";
import { axisIndex, constant, type ImportOp, int, operand, optionalConstant } from "../node.js";
import { isValue, shapeOf, type Value } from "../value.js";
import { applyUnary } from "./elementwise.js";
import { dense } from "./linear.js";

/** Whether an element of a matrix lies in its upper or lower triangle, moved by k. */
function isKept(upper: boolean, k: number): (row: number, column: number) => boolean {
	return (row, column) => (upper ? column - row >= k : column - row <= k);
}

/** The upper or lower triangle of matrices; the rest is 0, whatever it was. */
const trilu: ImportOp = (context) => {
	const { builder } = context;
	const x = operand(context, 0);
	const k = optionalConstant(context, 1, "k")?.values[0] ?? 0;
	const kept = isKept(int(context, "upper", 1) === 1, k);
	const [rows = 1, columns = 1] = shapeOf(x).slice(-2);
	if (!isValue(x)) return [mapped(x, (value, i) => (kept(Math.floor(i / columns) % rows, i % columns) ? value : 0))];
	const mask = worked([rows, columns], "bool", (i) => (kept(Math.floor(i / columns), i % columns) ? 1 : 0));
	const zero = builder.value(known([], [0], x.kind));
	const { tensors, groups, axes } = builder.align([builder.value(mask), x, zero]);
	return [builder.emit("where", tensors, {}, groups, axes, x.kind)];
};

/** The sums of all elements up to each, along an axis: a product with a triangle of ones. */
const cumulativeSum: ImportOp = (context) => {
	const { builder } = context;
	const x = operand(context, 0);
	const along = axisIndex(constant(context, 1, "axis").values[0] ?? 0, shapeOf(x).length);
	const [isExclusive, isReverse] = [int(context, "exclusive", 0) === 1, int(context, "reverse", 0) === 1];
	const length = shapeOf(x)[along] ?? 1;
	if (!isValue(x)) return [summed(x, along, isExclusive, isReverse)];
	// What each element of the input counts for those of the output: rows are the input's.
	const kept = isKept(!isReverse, isExclusive ? (isReverse ? -1 : 1) : 0);
	const ones = worked([length, length], "float", (i) => (kept(Math.floor(i / length), i % length) ? 1 : 0));
	const triangle = builder.value(ones);
	const order = [...x.axes.keys()].filter((index) => index !== along);
	const floats = x.kind === "float" ? x : applyUnary(context, x, "toFloat");
	const last: Value = { ...floats, axes: [...order, along].map((index) => floats.axes[index] ?? []) };
	const sums = dense(context, last, triangle, undefined);
	const back = x.axes.map((_, index) => sums.axes[index === along ? order.length : order.indexOf(index)] ?? []);
	const y = { ...sums, axes: back };
	return [x.kind === "float" ? y : applyUnary(context, y, "toInt", {}, "int")];
};

/** The same of a constant, one step an element however long it is. */
function summed(x: OnnxTensor, along: number, isExclusive: boolean, isReverse: boolean): OnnxTensor {
	const length = x.shape[along] ?? 1;
	const inner = sizeOf(x.shape.slice(along + 1));
	const sums = new Float64Array(x.values.length);
	for (let line = 0; line < sums.length / length; line++) {
		const first = Math.floor(line / inner) * length * inner + (line % inner);
		let sum = 0;
		for (let step = 0; step < length; step++) {
			const place = first + (isReverse ? length - 1 - step : step) * inner;
			const before = sum;
			sum += x.values[place] ?? 0;
			sums[place] = isExclusive ? before : sum;
		}
	}
	return known(x.shape, sums, x.kind);
}

export const triangularOps: Readonly<Record<string, ImportOp>> = { CumSum: cumulativeSum, Trilu: trilu };
