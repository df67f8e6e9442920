import { type Axis, axis, deal, lengthOf, resolve } from "../factors.js";
import { known, worked } from "../fold.js";
import { sliced } from "../isolate.js";
import { float, type ImportOp, int, type NodeContext, operand } from "../node.js";
import { isValue, problem, shapeOf, type Value } from "../value.js";
import { applyBinary, applyUnary } from "./elementwise.js";
import { joinedAlong } from "./extending.js";
import { product } from "./linear.js";
import { gather } from "./picking.js";
import { softmaxAlong } from "./reduction.js";

/** A value with its heads as an axis: [samples, heads, steps, size], of [samples, steps, heads · size] where it has three axes. */
function withHeads(x: Value, heads: number): Value {
	if (x.axes.length === 4) return x;
	const [batch = [], steps = [], width = []] = x.axes;
	const size = lengthOf(resolve(width)) / heads;
	const [head, rest] = deal(width, [heads, size]) ?? problem(`${lengthOf(resolve(width))} in ${heads} heads`);
	return { ...x, axes: [batch, head ?? [], steps, rest ?? []] };
}

/** Where a condition holds the value, else -∞, which a softmax ignores. */
function masked({ builder }: NodeContext, scores: Value, condition: Value): Value {
	const never = builder.value(known([], [Number.NEGATIVE_INFINITY], "float"));
	const { tensors, groups, axes } = builder.align([condition, scores, never]);
	return builder.emit("where", tensors, {}, groups, axes);
}

/** softmax(scale · Q Kᵀ + mask) V for each head; several heads of Q may share one of K and V. */
const attention: ImportOp = (context) => {
	const { builder } = context;
	if (context.inputs[4] !== undefined || context.inputs[5] !== undefined)
		return problem("keys and values of earlier steps are not supported");
	if ([1, 2, 3].some((output) => context.isRead(output))) return problem("it gives only its first output");
	const [q, k, v] = [0, 1, 2].map((index) => builder.value(operand(context, index))) as [Value, Value, Value];
	const heads = int(context, "q_num_heads", 0) || lengthOf(resolve(q.axes[1] ?? []));
	const shared = int(context, "kv_num_heads", 0) || lengthOf(resolve(k.axes[1] ?? []));
	const query = withHeads(q, heads);
	const [batch = [], all = [], steps = [], size = []] = query.axes;
	// Heads of Q fall into groups, each of which reads one head of K and V.
	const [own, group] = deal(all, [shared, heads / shared]) ?? problem(`${heads} heads share ${shared}`);
	const spread = (x: Value): Value => {
		const { axes, ...rest } = withHeads(x, shared);
		return { ...rest, axes: [axes[0] ?? [], axes[1] ?? [], [], axes[2] ?? [], axes[3] ?? []] };
	};
	const [key, value] = [spread(k), spread(v)];
	const turned = { ...key, axes: [...key.axes.slice(0, 3), key.axes[4] ?? [], key.axes[3] ?? []] };
	const grouped = { ...query, axes: [batch, own ?? [], group ?? [], steps, size] };
	const scale = float(context, "scale", 1 / Math.sqrt(lengthOf(resolve(size))));
	let scores = applyUnary(context, product(context, grouped, turned), "affine", { alpha: scale, beta: 0 });
	const mask = context.inputs[3];
	if (mask !== undefined) {
		const given = builder.value(mask);
		const axes = [...Array<Axis>(4 - given.axes.length).fill([]), ...given.axes];
		const [first = [], second = [], ...matrix] = axes;
		const [kept, rest] = deal(second, lengthOf(resolve(second)) === 1 ? [1, 1] : [shared, heads / shared]) ?? [];
		const lined: Value = { ...given, axes: [first, kept ?? [], rest ?? [], ...matrix] };
		scores = given.kind === "bool" ? masked(context, scores, lined) : applyBinary(context, scores, lined, "add");
	}
	if (int(context, "is_causal", 0) === 1) {
		const [rows = 1, columns = 1] = shapeOf(scores).slice(-2);
		const seen = worked([rows, columns], "bool", (i) => (i % columns <= Math.floor(i / columns) ? 1 : 0));
		scores = masked(context, scores, builder.value(seen));
	}
	const y = product(context, softmaxAlong(context, scores, [scores.axes.length - 1]), value);
	const [, heads1 = [], heads2 = [], rows = [], width = []] = y.axes;
	const joined = [...resolve(heads1), ...resolve(heads2)];
	return [
		{ ...y, axes: q.axes.length === 4 ? [batch, joined, rows, width] : [batch, rows, [...joined, ...resolve(width)]] },
	];
};

/** Pairs of numbers turned by angles of which sines and cosines are given: halves of a head, or neighbours in it. */
const rotaryEmbedding: ImportOp = (context) => {
	const { builder } = context;
	const given = builder.value(operand(context, 0));
	const heads = int(context, "num_heads", 0);
	if (given.axes.length === 3 && heads === 0) return problem("its num_heads is missing");
	const x = withHeads(given, heads);
	const size = shapeOf(x)[3] ?? 1;
	const turned = int(context, "rotary_embedding_dim", 0) || size;
	const part = sliced(builder, x, 3, [0, turned, 1]);
	const [cos, sin] = [1, 2].map((index) => angles(context, index)) as [Value, Value];
	const isPaired = int(context, "interleaved", 0) === 1;
	const [first, second] = isPaired ? neighbours(context, part) : halves(context, part);
	const turn = (a: Value, b: Value, sign: "sub" | "add") =>
		applyBinary(context, applyBinary(context, a, cos, "mul"), applyBinary(context, b, sin, "mul"), sign);
	const [real, imaginary] = [turn(first, second, "sub"), turn(second, first, "add")];
	const together = isPaired ? paired(context, real, imaginary) : joinedAlong(context, [real, imaginary], real, 3);
	const rest = turned === size ? [] : [sliced(builder, x, 3, [turned, size - turned, 1])];
	const whole = rest.length === 0 ? together : joinedAlong(context, [together, ...rest], together, 3);
	if (given.axes.length === 4) return [whole];
	const [batch = [], head = [], steps = [], width = []] = whole.axes;
	return [{ ...whole, axes: [batch, steps, [...resolve(head), ...resolve(width)]] }];
};

/** Sines or cosines for each step, [samples, 1, steps, size / 2]: rows of a table by the steps' positions, or as they come. */
function angles(context: NodeContext, index: number): Value {
	const { builder, inputs, node } = context;
	const table = operand(context, index);
	const positions = inputs[3];
	const rows =
		positions === undefined
			? table
			: (gather({ ...context, node: { ...node, attributes: new Map() }, inputs: [table, positions] })[0] ?? table);
	const value = isValue(rows) ? rows : builder.value(rows);
	const [batch = [], steps = [], size = []] = value.axes;
	return { ...value, axes: [batch, [], steps, size] };
}

function halves({ builder }: NodeContext, x: Value): readonly [Value, Value] {
	const half = (shapeOf(x)[3] ?? 2) / 2;
	return [sliced(builder, x, 3, [0, half, 1]), sliced(builder, x, 3, [half, half, 1])];
}

function neighbours({ builder }: NodeContext, x: Value): readonly [Value, Value] {
	const size = shapeOf(x)[3] ?? 2;
	return [sliced(builder, x, 3, [0, size / 2, 2]), sliced(builder, x, 3, [1, size / 2, 2])];
}

/** Two values whose elements come in turns. */
function paired(context: NodeContext, a: Value, b: Value): Value {
	const apart = (x: Value): Value => ({ ...x, axes: [...x.axes, axis(1)] });
	const both = joinedAlong(context, [apart(a), apart(b)], apart(a), 4);
	const [batch = [], head = [], steps = [], size = [], two = []] = both.axes;
	return { ...both, axes: [batch, head, steps, [...resolve(size), ...resolve(two)]] };
}

export const attentionOps: Readonly<Record<string, ImportOp>> = {
	Attention: attention,
	RotaryEmbedding: rotaryEmbedding,
};
