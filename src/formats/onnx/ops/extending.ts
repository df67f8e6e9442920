import {
	axis,
	BATCH,
	describeShape,
	type Factor,
	hasBatch,
	lengthOf,
	refine,
	resolve,
	withoutBatch,
} from "../factors.js";
import { concatenated, pick } from "../fold.js";
import { isolate } from "../isolate.js";
import { largest } from "../memory-order.js";
import {
	allConstant,
	axisIndex,
	constant,
	float,
	type ImportOp,
	int,
	intsOrInput,
	listInput,
	type NodeContext,
	operand,
	text,
} from "../node.js";
import { isBatched, isValue, type Operand, problem, shapeOf, type Value } from "../value.js";
import { cut } from "./picking.js";

const concat: ImportOp = (context) => {
	const { builder } = context;
	const inputs = context.inputs.filter((input) => input !== undefined);
	const index = axisIndex(int(context, "axis", 0), shapeOf(operand(context, 0)).length);
	if (allConstant(inputs)) return [concatenated(inputs, index)];
	const values = inputs.map((input) => builder.value(input)).filter((value) => (shapeOf(value)[index] ?? 0) > 0);
	for (const value of values) builder.decideTable(value);
	const batched = values.filter(isBatched);
	const candidates = batched.length > 0 ? batched : values;
	// It has the most to move, and layers after it are written for its order.
	const first = candidates[largest(candidates)] ?? problem("nothing to join");
	return [joinedAlong(context, values, first, index)];
};

/** Values one after another along an axis, in memory as `first`, one of them, lies. */
export function joinedAlong({ builder }: NodeContext, values: readonly Value[], first: Value, index: number): Value {
	for (const value of [...values, ...values]) {
		for (const [other, item] of first.axes.entries()) {
			const theirs = value.axes[other] ?? [];
			if (other === index || hasBatch(resolve(item))) continue;
			if (!refine(item, theirs))
				return problem(`[${describeShape(shapeOf(first))}] and [${describeShape(shapeOf(value))}] differ`);
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

/** Axes of length 1 stretched; a constant stays as it is where only the number of samples is asked for: broadcasting does it later. */
const expand: ImportOp = (context) => {
	const { builder } = context;
	const x = operand(context, 0);
	const asked = listInput(context, 1, "shape");
	const shape = shapeOf(x);
	const rank = Math.max(asked.length, shape.length);
	const own = [...Array<number>(rank - shape.length).fill(1), ...shape];
	const wanted = [...Array<number>(rank - asked.length).fill(1), ...asked];
	// A file exported with a fixed number of samples asks for that many, the samples first.
	const { batch = 1 } = context;
	if (isValue(x) && !isBatched(x) && own[0] === 1 && batch > 1 && wanted[0] === batch) wanted[0] = BATCH;
	const to = own.map((length, i) => (length === 1 && (wanted[i] ?? 1) % BATCH !== 0 ? (wanted[i] ?? 1) : length));
	if (!isValue(x)) {
		const shift = rank - shape.length;
		return [pick(x, to, (position) => shape.map((length, i) => (length === 1 ? 0 : (position[i + shift] ?? 0))))];
	}
	const shared = (value: Value, index: number): Value => {
		builder.decideTable(value);
		return builder.perSample(value, index);
	};
	const lifted: Value = { ...x, axes: [...Array(rank - shape.length).fill([]), ...x.axes] };
	const stretched = to.flatMap((length, i) => (length !== own[i] ? [i] : []));
	const forSamples = wanted.findIndex((length, i) => length === BATCH && own[i] === 1);
	const isShared = forSamples >= 0 && !isBatched(x) && x.kind === "float";
	return [
		stretched.reduce<Value>(
			(value, index) => {
				builder.decideTable(value);
				const { groups, place } = isolate(value, index, builder.groupsOf(value));
				const result = axis(to[index] ?? 1);
				const all = groups.map((group, i) => (i === groups.length + place ? result : group));
				const lengths = all.map((group) => lengthOf(withoutBatch(group)));
				const axes = value.axes.map((item, i) => (i === index ? result : item));
				return builder.emit("expand", [builder.arrange(value, groups)], { shape: lengths }, all, axes, value.kind);
			},
			isShared ? shared(lifted, forSamples) : lifted,
		),
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

export const extendingOps: Readonly<Record<string, ImportOp>> = {
	Concat: concat,
	Expand: expand,
	Pad: pad,
	Tile: tile,
};
