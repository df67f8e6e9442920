import { isBatched, isValue, type Operand, problem, shapeOf, type Value } from "../builder.js";
import { axis, BATCH, deal, type Factor, hasBatch, lengthOf, refine, resolve, withoutBatch } from "../factors.js";
import { concatenated, filled, known, numbersOf, pick } from "../fold.js";
import { alongAxis, isolate, sliced } from "../isolate.js";
import {
	allConstant,
	axisIndex,
	constant,
	float,
	type ImportOp,
	int,
	ints,
	intsOrInput,
	isTensor,
	listInput,
	type NodeContext,
	operand,
	text,
} from "../node.js";

function product(lengths: readonly number[]): number {
	return lengths.reduce((all, length) => all * length, 1);
}

/**
 * The lengths that a reshape asks for, with those it leaves open filled in. A file exported with a fixed number of
 * samples has that number in its shapes: there it becomes the batch again.
 */
function resolveShape(context: NodeContext, x: Operand, asked: readonly number[]): readonly number[] {
	const shape = shapeOf(x);
	const zeroCopies = int(context, "allowzero", 0) === 0;
	const lengths = asked.map((length, index) => (length === 0 && zeroCopies ? (shape[index] ?? 1) : length));
	const total = product(shape);
	const withBatch = isValue(x) && isBatched(x) ? unfixBatch(lengths, x, context.batch) : lengths;
	const open = withBatch.indexOf(-1);
	const rest = product(withBatch.filter((length) => length !== -1));
	const filledIn = open < 0 ? withBatch : withBatch.map((length, i) => (i === open ? total / rest : length));
	if (product(filledIn) !== total || !filledIn.every((length) => Number.isInteger(length) && length >= 1))
		return problem(`[${describe(shape)}] can't be reshaped to [${describe(asked)}]`);
	return filledIn;
}

function unfixBatch(lengths: readonly number[], x: Value, batch: number): readonly number[] {
	if (lengths.some((length) => length > 0 && length % BATCH === 0)) return lengths;
	const total = product(shapeOf(x));
	const fixed = lengths.includes(-1) || product(lengths) * (BATCH / batch) === total;
	if (!fixed) return lengths;
	const factors = x.axes.flatMap((item) => resolve(item));
	const before = lengthOf(
		factors.slice(
			0,
			factors.findIndex((item) => hasBatch([item])),
		),
	);
	let reached = 1;
	for (const [index, length] of lengths.entries()) {
		if (reached === before && length !== -1) {
			// Samples are never a part of the last axis, the features: there the batch ends the axis before.
			const isLast = index > 0 && index === lengths.length - 1 && length !== batch;
			const at = isLast ? index - 1 : index;
			if ((lengths[at] ?? 1) % batch !== 0 || lengths[at] === -1) return lengths;
			const unfixed = lengths.map((own, i) => (i === at ? (own / batch) * BATCH : own));
			const rest = product(unfixed.filter((own) => own !== -1));
			return total % rest === 0 ? unfixed : lengths;
		}
		if (length === -1 && reached === before) return lengths;
		reached = length === -1 ? before : reached * length;
	}
	return lengths;
}

/** Lengths for a person: n stands for the number of samples. */
function describe(shape: readonly number[]): string {
	return shape
		.map((length) => (length > 0 && length % BATCH === 0 ? `${length === BATCH ? "" : length / BATCH}n` : length))
		.join();
}

function reshaped(context: NodeContext, x: Operand, lengths: readonly number[]): Operand {
	if (!isValue(x)) return { ...x, shape: lengths };
	const flat = x.axes.flatMap((item) => resolve(item));
	const axes = deal(flat, lengths);
	if (axes !== undefined) return { ...x, axes };
	const joined = context.builder.joined(x);
	const again = deal(joined.axes.flat(), lengths);
	return again === undefined ? problem("a reshape mixes the samples with each other") : { ...joined, axes: again };
}

const reshape: ImportOp = (context) => {
	const x = operand(context, 0);
	const asked = intsOrInput(context, "shape", 1) ?? problem("its shape is missing");
	return [reshaped(context, x, resolveShape(context, x, asked))];
};

const flatten: ImportOp = (context) => {
	const x = operand(context, 0);
	const rank = shapeOf(x).length;
	const from = int(context, "axis", 1);
	const cut = from < 0 ? from + rank : from;
	if (!isValue(x)) return [{ ...x, shape: [product(x.shape.slice(0, cut)), product(x.shape.slice(cut))] }];
	return [{ ...x, axes: [x.axes.slice(0, cut).flat(), x.axes.slice(cut).flat()] }];
};

const transpose: ImportOp = (context) => {
	const x = operand(context, 0);
	const shape = shapeOf(x);
	const order = ints(context, "perm") ?? [...shape.keys()].reverse();
	if (order.length !== shape.length || new Set(order).size !== order.length)
		return problem(`perm [${order}] does not fit ${shape.length} axes`);
	if (isValue(x)) return [{ ...x, axes: order.map((index) => x.axes[axisIndex(index, shape.length)] ?? []) }];
	const to = order.map((index) => shape[index] ?? 1);
	return [pick(x, to, (position) => shape.map((_, index) => position[order.indexOf(index)] ?? 0))];
};

const squeeze: ImportOp = (context) => {
	const x = operand(context, 0);
	const shape = shapeOf(x);
	const listed = intsOrInput(context, "axes", 1)?.map((index) => axisIndex(index, shape.length));
	const gone = listed ?? [...shape.keys()].filter((index) => shape[index] === 1);
	const long = gone.find((index) => shape[index] !== 1);
	if (long !== undefined) return problem(`axis ${long} of [${describe(shape)}] can't be squeezed`);
	if (isValue(x)) return [{ ...x, axes: x.axes.filter((_, index) => !gone.includes(index)) }];
	return [{ ...x, shape: shape.filter((_, index) => !gone.includes(index)) }];
};

const unsqueeze: ImportOp = (context) => {
	const x = operand(context, 0);
	const listed = intsOrInput(context, "axes", 1) ?? problem("its axes are missing");
	const rank = shapeOf(x).length + listed.length;
	const added = new Set(listed.map((index) => axisIndex(index, rank)));
	const spread = <T>(items: readonly T[], unit: T): T[] => {
		const rest = [...items];
		return Array.from({ length: rank }, (_, index) => (added.has(index) ? unit : (rest.shift() ?? unit)));
	};
	return [isValue(x) ? { ...x, axes: spread(x.axes, []) } : { ...x, shape: spread(x.shape, 1) }];
};

const concat: ImportOp = (context) => {
	const { builder } = context;
	const inputs = context.inputs.filter((input) => input !== undefined);
	const index = axisIndex(int(context, "axis", 0), shapeOf(operand(context, 0)).length);
	if (allConstant(inputs)) return [concatenated(inputs, index)];
	const values = inputs.map((input) => builder.value(input)).filter((value) => (shapeOf(value)[index] ?? 0) > 0);
	for (const value of values)
		builder.decide(value, "kernel", resolve(value.axes[0] ?? []), Math.max(1, shapeOf(value).at(-1) ?? 1));
	const first = values.find(isBatched) ?? values[0] ?? problem("nothing to join");
	return [joinedAlong(context, values, first, index)];
};

/** Values one after another along an axis, in memory as the first of them lies. */
function joinedAlong({ builder }: NodeContext, values: readonly Value[], first: Value, index: number): Value {
	for (const value of [...values, ...values]) {
		for (const [other, item] of first.axes.entries()) {
			const theirs = value.axes[other] ?? [];
			if (other === index || hasBatch(resolve(item))) continue;
			if (!refine(item, theirs))
				return problem(`[${describe(shapeOf(first))}] and [${describe(shapeOf(value))}] differ`);
		}
	}
	const { groups, place } = isolate(first, index, builder.groupsOf(first));
	const tensors = values.map((value) => {
		const twins = new Map<Factor, Factor>();
		for (const [other, item] of first.axes.entries()) {
			const theirs = resolve(value.axes[other] ?? []);
			if (other !== index) for (const [i, one] of resolve(item).entries()) twins.set(one, theirs[i] ?? one);
		}
		const along = resolve(value.axes[index] ?? []);
		const own = groups.map((group, i) =>
			i === groups.length + place ? along : withoutBatch(group).map((item) => twins.get(item) ?? item),
		);
		return builder.arrange(value, own);
	});
	const total = values.reduce((sum, value) => sum + (shapeOf(value)[index] ?? 0), 0);
	const result = axis(total);
	const to = groups.map((group, i) => (i === groups.length + place ? result : group));
	const axes = first.axes.map((item, i) => (i === index ? result : item));
	return builder.emit("concat", tensors, { axis: place }, to, axes, first.kind);
}

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

function cut({ builder }: NodeContext, x: Operand, index: number, range: readonly [number, number, number]): Operand {
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

const gather: ImportOp = (context) => {
	const { builder, node } = context;
	const [data, indices] = [operand(context, 0), operand(context, 1)];
	const shape = shapeOf(data);
	const index = axisIndex(int(context, "axis", 0), shape.length);
	if (isValue(indices)) return [embedding(context, builder.layerWeights(data, node.inputs[0] ?? ""), indices, index)];
	const length = shape[index] ?? 1;
	const wanted = numbersOf(indices).map((at) => (at < 0 ? at + length : at));
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

const pad: ImportOp = (context) => {
	const { builder } = context;
	const x = operand(context, 0);
	const shape = shapeOf(x);
	const pads = intsOrInput(context, "pads", 1) ?? problem("its pads are missing");
	const axes = context.inputs[3] === undefined ? [...shape.keys()] : listInput(context, 3, "axes");
	const mode = text(context, "mode", "constant");
	if (mode !== "constant" && mode !== "reflect" && mode !== "edge") return problem(`mode ${mode} is not supported`);
	const value =
		context.inputs[2] === undefined ? float(context, "value", 0) : (constant(context, 2, "value").values[0] ?? 0);
	let y: Operand = builder.value(x);
	const added: { index: number; before: number; after: number }[] = [];
	for (const [i, listed] of axes.entries()) {
		const index = axisIndex(listed, shape.length);
		const [before, after] = [pads[i] ?? 0, pads[i + axes.length] ?? 0];
		const length = shape[index] ?? 1;
		if (before < 0 || after < 0) {
			const start = Math.max(0, -before);
			y = cut(context, y, index, [start, length - start - Math.max(0, -after), 1]);
		}
		if (before > 0 || after > 0) added.push({ index, before: Math.max(0, before), after: Math.max(0, after) });
	}
	return [isValue(y) ? padded(context, y, added, mode, value) : y];
};

function padded(
	context: NodeContext,
	x: Value,
	added: readonly { index: number; before: number; after: number }[],
	mode: "constant" | "reflect" | "edge",
	value: number,
): Value {
	if (added.length === 0) return x;
	// An axis of length 1 has no factors to tell it by, so it comes alone.
	const unit = added.find(({ index }) => shapeOf(x)[index] === 1);
	if (unit !== undefined && added.length > 1) {
		const rest = added.filter((item) => item !== unit);
		return padded(context, padded(context, x, [unit], mode, value), rest, mode, value);
	}
	const { builder } = context;
	let groups: readonly (readonly Factor[])[] = builder.groupsOf(x);
	for (const { index } of added) groups = isolate(x, index, groups).groups;
	const results = new Map(
		added.map(({ index, before, after }) => [index, axis((shapeOf(x)[index] ?? 1) + before + after)] as const),
	);
	const ownerOf = (group: readonly Factor[]) =>
		added.find(
			({ index }) => String(resolve(x.axes[index] ?? []).map(({ id }) => id)) === String(group.map(({ id }) => id)),
		);
	const padding = groups.map((group): [number, number] => {
		const owner = ownerOf(group);
		return owner === undefined ? [0, 0] : [owner.before, owner.after];
	});
	const to = groups.map((group) => results.get(ownerOf(group)?.index ?? -1) ?? group);
	const axes = x.axes.map((item, index) => results.get(index) ?? item);
	return builder.emit("pad", [builder.arrange(x, groups)], { padding, mode, value }, to, axes, x.kind);
}

/** Axes of length 1 stretched; where only the number of samples is asked for, broadcasting does it later. */
const expand: ImportOp = (context) => {
	const { builder } = context;
	const x = operand(context, 0);
	const asked = listInput(context, 1, "shape");
	const shape = shapeOf(x);
	const rank = Math.max(asked.length, shape.length);
	const own = [...Array<number>(rank - shape.length).fill(1), ...shape];
	const wanted = [...Array<number>(rank - asked.length).fill(1), ...asked];
	const to = own.map((length, i) => (length === 1 && (wanted[i] ?? 1) % BATCH !== 0 ? (wanted[i] ?? 1) : length));
	if (!isValue(x)) {
		const shift = rank - shape.length;
		return [pick(x, to, (position) => shape.map((length, i) => (length === 1 ? 0 : (position[i + shift] ?? 0))))];
	}
	const lifted: Value = { ...x, axes: [...Array(rank - shape.length).fill([]), ...x.axes] };
	const stretched = to.flatMap((length, i) => (length !== own[i] ? [i] : []));
	return [
		stretched.reduce<Value>((value, index) => {
			builder.decide(value, "kernel", resolve(value.axes[0] ?? []), 1);
			const { groups, place } = isolate(value, index, builder.groupsOf(value));
			const result = axis(to[index] ?? 1);
			const all = groups.map((group, i) => (i === groups.length + place ? result : group));
			const lengths = all.map((group) => lengthOf(withoutBatch(group)));
			const axes = value.axes.map((item, i) => (i === index ? result : item));
			return builder.emit("expand", [builder.arrange(value, groups)], { shape: lengths }, all, axes, value.kind);
		}, lifted),
	];
};

/** Repeats beyond this are no network's, and each is an input of a concatenation. */
const MAX_REPEATS = 256;

const tile: ImportOp = (context) => {
	const x = operand(context, 0);
	const repeats = listInput(context, 1, "repeats");
	if (!repeats.every((count) => count >= 1 && (count <= MAX_REPEATS || count === BATCH)))
		return problem(`repeats [${repeats}] are not supported`);
	const shape = shapeOf(x);
	if (!isValue(x)) {
		const to = shape.map((length, i) => length * (repeats[i] === BATCH ? 1 : (repeats[i] ?? 1)));
		return [pick(x, to, (position) => position.map((at, i) => at % (shape[i] ?? 1)))];
	}
	return [
		repeats.reduce<Value>((value, count, index) => {
			if (count === 1 || count === BATCH) return value;
			return joinedAlong(context, Array<Value>(count).fill(value), value, index);
		}, x),
	];
};

const shapeOp: ImportOp = (context) => {
	const shape = shapeOf(operand(context, 0));
	const part = shape.slice(int(context, "start", 0), int(context, "end", shape.length));
	return [known([part.length], part, "int")];
};

const constantOp: ImportOp = ({ node }) => {
	const { attributes } = node;
	const value = attributes.get("value");
	if (isTensor(value)) return [value];
	for (const [name, kind] of [
		["value_float", "float"],
		["value_int", "int"],
		["value_floats", "float"],
		["value_ints", "int"],
	] as const) {
		const value = attributes.get(name);
		if (typeof value === "number") return [known([], [value], kind)];
		if (Array.isArray(value)) return [known([value.length], value, kind)];
	}
	return problem("a constant of this kind is not supported");
};

const constantOfShape: ImportOp = (context) => {
	const shape = listInput(context, 0, "shape");
	const value = context.node.attributes.get("value");
	if (!isTensor(value)) return [filled(shape, 0, "float")];
	return [filled(shape, value.values[0] ?? 0, value.kind)];
};

/** The most elements of a range; more is no axis of a network. */
const MAX_RANGE = 2 ** 20;

const range: ImportOp = (context) => {
	const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((index) => constant(context, index, "range").values[0] ?? 0);
	const count = Math.max(0, Math.ceil((limit - start) / delta));
	if (!(count <= MAX_RANGE)) return problem(`a range of ${count} numbers is not supported`);
	return [
		known(
			[count],
			Array.from({ length: count }, (_, i) => start + i * delta),
			operand(context, 0).kind,
		),
	];
};

const trilu: ImportOp = (context) => {
	const x = constant(context, 0, "input");
	const k = context.inputs[1] === undefined ? 0 : (constant(context, 1, "k").values[0] ?? 0);
	const upper = int(context, "upper", 1) === 1;
	const [rows = 1, columns = 1] = x.shape.slice(-2);
	const values = Float64Array.from(x.values, (value, i) => {
		const [row, column] = [Math.floor(i / columns) % rows, i % columns];
		return (upper ? column - row >= k : column - row <= k) ? value : 0;
	});
	return [{ ...x, values }];
};

/** Channels to space and back are splits and joins of axes, which cost nothing until an op wants the result in order. */
const depthToSpace: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const block = int(context, "blocksize", 1);
	const channels = (shapeOf(x)[1] ?? 1) / block ** 2;
	const blocksFirst = text(context, "mode", "DCR") === "DCR";
	const [batch = [], depth = [], height = [], width = []] = x.axes;
	const lengths = blocksFirst ? [block, block, channels] : [channels, block, block];
	const parts = deal(depth, lengths) ?? problem(`[${describe(shapeOf(x))}] has no blocks of ${block}`);
	const [a = [], b = [], c = []] = parts;
	const [down, right, rest] = blocksFirst ? [a, b, c] : [b, c, a];
	return [{ ...x, axes: [batch, rest, [...height, ...down], [...width, ...right]] }];
};

const spaceToDepth: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const block = int(context, "blocksize", 1);
	const [batch = [], depth = [], height = [], width = []] = x.axes;
	const [, , rows = 1, columns = 1] = shapeOf(x);
	const [high = [], down = []] = deal(height, [rows / block, block]) ?? problem("blocks don't fit");
	const [wide = [], right = []] = deal(width, [columns / block, block]) ?? problem("blocks don't fit");
	return [{ ...x, axes: [batch, [...down, ...right, ...depth], high, wide] }];
};

export const shapingOps: Readonly<Record<string, ImportOp>> = {
	Concat: concat,
	Constant: constantOp,
	ConstantOfShape: constantOfShape,
	DepthToSpace: depthToSpace,
	Expand: expand,
	Flatten: flatten,
	Gather: gather,
	Pad: pad,
	Range: range,
	Reshape: reshape,
	Shape: shapeOp,
	Size: (context) => [known([], [product(shapeOf(operand(context, 0)))], "int")],
	Slice: slice,
	SpaceToDepth: spaceToDepth,
	Split: split,
	Squeeze: squeeze,
	Tile: tile,
	Transpose: transpose,
	Trilu: trilu,
	Unsqueeze: unsqueeze,
};
