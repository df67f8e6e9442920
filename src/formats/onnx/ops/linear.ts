import { type Axis, hasBatch, lengthOf, refine, resolve, withoutBatch } from "../factors.js";
import { known, multiplied } from "../fold.js";
import { float, type ImportOp, int, type NodeContext, operand } from "../node.js";
import { isBatched, isValue, type Operand, problem, shapeOf, type Value } from "../value.js";
import { applyBinary } from "./elementwise.js";
import { separated } from "./reduction.js";

/** A value with its last two axes swapped, as ONNX sees it. */
function swapped(value: Value): Value {
	const axes = value.axes;
	return { ...value, axes: [...axes.slice(0, -2), axes.at(-1) ?? [], axes.at(-2) ?? []] };
}

/**
 * x [..., in] times weights [in, out]. The weights follow the order in which the features lie in memory, so a flattened
 * image is not transposed.
 */
export function dense(context: NodeContext, x: Value, weights: Value, bias: Value | undefined): Value {
	const { builder } = context;
	const [into = [], out = []] = weights.axes;
	const last = x.axes.at(-1) ?? [];
	const fanIn = lengthOf(resolve(into));
	if (fanIn !== lengthOf(resolve(last)) || !refine(last, into))
		return problem(`features [${shapeOf(x)}] meet weights [${shapeOf(weights)}]`);
	if (hasBatch(resolve(last))) return problem("a product over the samples is not supported");
	const features = resolve(last);
	const groups = separated(builder.groupsOf(x), features);
	const mine = groups.filter((group) => group.some((item) => features.includes(item))).flat();
	const rest = groups.filter((group) => !group.some((item) => features.includes(item)) && group.length > 0);
	if (resolve(out).some((item) => rest.flat().includes(item)))
		return dense(context, context.builder.renamed(x), weights, bias);
	const twin = new Map(features.map((item, index) => [item, resolve(into)[index] ?? item]));
	const columns = resolve(out);
	const kernel = builder.weights(weights, "kernel", [mine.map((item) => twin.get(item) ?? item), columns], [1], fanIn);
	const inputs = [builder.arrange(x, [...rest, mine]), kernel];
	if (bias !== undefined) inputs.push(builder.weights(bias, "bias", [bias.axes.flat()], [], fanIn));
	const axes = [...x.axes.slice(0, -1), out];
	return builder.emit("dense", inputs, {}, [...rest, columns], axes);
}

/** Products of matrices, both of which differ from sample to sample, or of which the first doesn't. */
export function product(context: NodeContext, first: Value, second: Value): Value {
	const { builder } = context;
	const [a, b] = builder.forOneSampleBeside(first, second);
	const [ours, theirs] = [resolve(a.axes.at(-2) ?? []), resolve(b.axes.at(-1) ?? [])];
	if (ours.some((item) => theirs.includes(item))) return product(context, a, builder.renamed(b));
	const [rows, inner] = [a.axes.at(-2) ?? [], a.axes.at(-1) ?? []];
	const [across, columns] = [b.axes.at(-2) ?? [], b.axes.at(-1) ?? []];
	if (!refine(inner, across)) return problem(`matrices [${shapeOf(a)}] and [${shapeOf(b)}] can't be multiplied`);
	for (const part of [rows, inner, across, columns])
		if (hasBatch(resolve(part))) return problem("a product over the samples is not supported");
	const rank = Math.max(a.axes.length, b.axes.length) - 2;
	const outer = (value: Value): Axis[] => {
		const own = value.axes.slice(0, -2);
		return [...Array<Axis>(rank - own.length).fill([]), ...own];
	};
	const [left, right] = [outer(a), outer(b)];
	const shared = left.map((item, index): Axis => {
		const other = right[index] ?? [];
		if (resolve(item).length > 0 && resolve(other).length > 0 && !refine(item, other))
			return problem(`matrices [${shapeOf(a)}] and [${shapeOf(b)}] can't be multiplied`);
		return resolve(item).length > 0 ? resolve(item) : resolve(other);
	});
	// Each stack of matrices is one axis a factor, so that one side may lack some of them.
	const stacks = (own: readonly Axis[]) =>
		shared.flatMap((item, index) => {
			const theirs = resolve(own[index] ?? []);
			return item
				.filter((one) => !hasBatch([one]))
				.map((one) => {
					const twin = theirs[item.indexOf(one)];
					return twin === undefined ? [] : [twin];
				});
		});
	const place = (value: Value, own: readonly Axis[], first: Axis, second: Axis) => {
		const groups = [...stacks(own), resolve(first), resolve(second)];
		const used = isBatched(value)
			? 0
			: Math.min(
					groups.length - 2,
					Math.max(
						0,
						groups.findIndex((g) => g.length > 0),
					),
				);
		return builder.arrange(value, groups.slice(used));
	};
	const inputs = [place(a, left, rows, inner), place(b, right, across, columns)];
	const groups = [...shared.flatMap((item) => withoutBatch(item).map((one) => [one])), resolve(rows), resolve(columns)];
	return builder.emit("matMul", inputs, {}, groups, [...shared, rows, columns]);
}

const matMul: ImportOp = (context) => {
	const { builder, node } = context;
	const [a, b] = [operand(context, 0), operand(context, 1)];
	if (!isValue(a) && !isValue(b)) return [multiplied(a, b)];
	const right = isValue(b) ? b : builder.layerWeights(b, node.inputs[1] ?? "");
	const left = isValue(a) ? a : builder.layerWeights(a, node.inputs[0] ?? "");
	// A vector counts as a matrix of one row or column, which then goes.
	const [row, column] = [left.axes.length === 1, right.axes.length === 1];
	if (row || column) {
		const a = row ? { ...left, axes: [[], ...left.axes] } : left;
		const b = column ? { ...right, axes: [...right.axes, []] } : right;
		const y = multiply(context, a, b);
		const gone = [...(row ? [y.axes.length - 2] : []), ...(column ? [y.axes.length - 1] : [])];
		return [{ ...y, axes: y.axes.filter((_, index) => !gone.includes(index)) }];
	}
	return [multiply(context, left, right)];
};

function multiply(context: NodeContext, left: Value, right: Value): Value {
	const { builder } = context;
	if (!isBatched(right) && right.axes.length === 2) return dense(context, left, right, undefined);
	const filters = left.axes.at(-2) ?? [];
	builder.decide(left, "kernel", filters, lengthOf(resolve(left.axes.at(-1) ?? [])));
	builder.decide(right, "kernel", right.axes.at(-1) ?? [], lengthOf(resolve(right.axes.at(-2) ?? [])));
	return product(context, left, right);
}

const gemm: ImportOp = (context) => {
	const { builder, node } = context;
	const a = builder.value(operand(context, 0));
	const b = builder.layerWeights(operand(context, 1), node.inputs[1] ?? "");
	const x = int(context, "transA", 0) === 1 ? swapped(a) : a;
	const weights = int(context, "transB", 0) === 1 ? swapped(b) : b;
	const [alpha, beta] = [float(context, "alpha", 1), float(context, "beta", 1)];
	const c: Operand | undefined = context.inputs[2];
	const bias = c === undefined ? undefined : builder.layerWeights(c, node.inputs[2] ?? "");
	const scalar = (number: number) => builder.value(known([], [number], "float"));
	const simple = bias !== undefined && !isBatched(bias) && shapeOf(bias).filter((length) => length > 1).length <= 1;
	const wide = simple && lengthOf(resolve(bias.axes.flat())) === lengthOf(resolve(weights.axes[1] ?? []));
	if (isBatched(weights)) return problem("weights that depend on the samples are not supported");
	if (wide && alpha === 1 && beta === 1) return [dense(context, x, weights, bias)];
	const xw = dense(context, x, weights, undefined);
	const scaled = alpha === 1 ? xw : applyBinary(context, xw, scalar(alpha), "mul");
	if (bias === undefined) return [scaled];
	builder.decide(bias, "bias", [], lengthOf(resolve(weights.axes[0] ?? [])));
	const shift = beta === 1 ? bias : applyBinary(context, bias, scalar(beta), "mul");
	return [applyBinary(context, scaled, shift, "add")];
};

export const linearOps: Readonly<Record<string, ImportOp>> = { Gemm: gemm, MatMul: matMul };
