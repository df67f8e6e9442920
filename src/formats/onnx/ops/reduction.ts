import type { ReduceAttributes } from "../../../network/ops/reduce.js";
import { type Factor, hasBatch, resolve, withoutBatch } from "../factors.js";
import { reduced } from "../fold.js";
import { axisIndex, type ImportOp, int, intsOrInput, type NodeContext, operand } from "../node.js";
import { isValue, type Operand, problem, shapeOf, type Value } from "../value.js";
import { applyUnary } from "./elementwise.js";

type Reduction = ReduceAttributes["function"];

/** A value reduced over some of ONNX's axes, which stay with length 1 or go. */
export function reduceValue(
	{ builder }: NodeContext,
	x: Value,
	name: Reduction,
	over: readonly number[],
	keep: boolean,
): Value {
	const gone = over.flatMap((index) => resolve(x.axes[index] ?? []));
	if (hasBatch(gone)) problem("a reduction over the samples is not supported");
	const axes = keep
		? x.axes.map((item, index) => (over.includes(index) ? [] : item))
		: x.axes.filter((_, index) => !over.includes(index));
	if (gone.length === 0 && ["mean", "sum", "max", "min", "prod"].includes(name)) return { ...x, axes };
	const groups = separated(builder.groupsOf(x), gone);
	const reducedAxes = [...groups.keys()].filter((index) => groups[index]?.some((item) => gone.includes(item)));
	const kept = groups.filter((_, index) => !reducedAxes.includes(index));
	const attributes = { function: name, axes: reducedAxes.map((index) => index - groups.length) };
	return builder.emit("reduce", [builder.arrange(x, groups)], attributes, kept, axes, x.kind);
}

/** Axes in memory taken apart where only some of their factors belong to a set. */
export function separated(groups: readonly (readonly Factor[])[], set: readonly Factor[]): Factor[][] {
	return groups.flatMap((group) => {
		const parts: Factor[][] = [];
		for (const item of withoutBatch(group)) {
			const before = parts.at(-1)?.at(-1);
			if (before !== undefined && set.includes(before) === set.includes(item)) parts.at(-1)?.push(item);
			else parts.push([item]);
		}
		return parts.length === 0 ? [[]] : parts;
	});
}

const folds: Partial<Record<Reduction, [number, (sum: number, value: number, count: number) => number]>> = {
	sum: [0, (sum, value) => sum + value],
	mean: [0, (sum, value, count) => sum + value / count],
	max: [Number.NEGATIVE_INFINITY, (sum, value) => Math.max(sum, value)],
	min: [Number.POSITIVE_INFINITY, (sum, value) => Math.min(sum, value)],
	prod: [1, (sum, value) => sum * value],
};

function reduction(name: Reduction): ImportOp {
	return (context) => {
		const x = operand(context, 0);
		const rank = shapeOf(x).length;
		const listed = intsOrInput(context, "axes", 1);
		if ((listed === undefined || listed.length === 0) && int(context, "noop_with_empty_axes", 0) === 1) return [x];
		const all = Array.from({ length: rank }, (_, index) => index);
		const over = listed === undefined || listed.length === 0 ? all : listed.map((index) => axisIndex(index, rank));
		const keep = int(context, "keepdims", 1) === 1;
		const fold = folds[name];
		if (!isValue(x) && fold !== undefined) return [reduced(x, over, keep, ...fold)];
		return [reduceValue(context, context.builder.value(x), name, over, keep)];
	};
}

/** Before opset 13 the axes from `axis` on count as one; since then only `axis` itself does. */
function softmaxOver(context: NodeContext, rank: number): number[] {
	const since13 = context.opset >= 13;
	const from = axisIndex(int(context, "axis", since13 ? -1 : 1), rank);
	return since13 ? [from] : Array.from({ length: rank - from }, (_, index) => from + index);
}

function softmax(op: "softmax" | "logSoftmax"): ImportOp {
	return (context) => {
		const x = context.builder.value(operand(context, 0));
		return [softmaxAlong(context, x, softmaxOver(context, x.axes.length), op)];
	};
}

/** A softmax over some axes of ONNX's at once. */
export function softmaxAlong(
	{ builder }: NodeContext,
	x: Value,
	over: readonly number[],
	op: "softmax" | "logSoftmax" = "softmax",
): Value {
	const last = over.flatMap((index) => resolve(x.axes[index] ?? []));
	if (hasBatch(last)) return problem("a softmax over the samples is not supported");
	const rest = separated(builder.groupsOf(x), last).filter((group) => !group.some((i) => last.includes(i)));
	const groups = [...rest, last];
	return builder.emit(op, [builder.arrange(x, groups)], {}, groups, x.axes);
}

const logSumExp: ImportOp = (context) => {
	const exponentials = applyUnary(context, context.builder.value(operand(context, 0)), "exp");
	const [sum] = reduction("sum")({ ...context, inputs: [exponentials, ...context.inputs.slice(1)] }) as Operand[];
	return sum !== undefined && isValue(sum) ? [applyUnary(context, sum, "log")] : problem("nothing to sum");
};

/** A reduction of one function of the values, and then another of the sum. */
function sumOf(before: "abs" | undefined, after: "log" | undefined): ImportOp {
	return (context) => {
		const x = context.builder.value(operand(context, 0));
		const first = before === undefined ? x : applyUnary(context, x, before);
		const [sum] = reduction("sum")({ ...context, inputs: [first, ...context.inputs.slice(1)] });
		if (sum === undefined || !isValue(sum)) return problem("nothing to sum");
		return [after === undefined ? sum : applyUnary(context, sum, after)];
	};
}

/** x / ‖x‖ along an axis. */
const lpNormalization: ImportOp = (context) => {
	const p = int(context, "p", 2);
	const { builder } = context;
	const x = builder.value(operand(context, 0));
	const along = axisIndex(int(context, "axis", -1), x.axes.length);
	const norm =
		p === 1
			? reduceValue(context, applyUnary(context, x, "abs"), "sum", [along], true)
			: reduceValue(context, x, "norm", [along], true);
	const { tensors, groups, axes } = builder.align([x, norm]);
	return [builder.emit("binary", tensors, { function: "div" }, groups, axes)];
};

export const reductionOps: Readonly<Record<string, ImportOp>> = {
	LogSoftmax: softmax("logSoftmax"),
	LpNormalization: lpNormalization,
	ReduceL1: sumOf("abs", undefined),
	ReduceL2: reduction("norm"),
	ReduceLogSum: sumOf(undefined, "log"),
	ReduceLogSumExp: logSumExp,
	ReduceMax: reduction("max"),
	ReduceMean: reduction("mean"),
	ReduceMin: reduction("min"),
	ReduceProd: reduction("prod"),
	ReduceSum: reduction("sum"),
	ReduceSumSquare: reduction("sumOfSquares"),
	Softmax: softmax("softmax"),
};
