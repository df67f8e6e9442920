import { sizeOf } from "../../../network/shape.js";
import { BATCH, deal, describeShape, hasBatch, lengthOf, resolve } from "../factors.js";
import { pick } from "../fold.js";
import { axisIndex, type ImportOp, int, ints, intsOrInput, type NodeContext, operand, text } from "../node.js";
import { isBatched, isValue, type Operand, problem, shapeOf, type Value } from "../value.js";

/**
 * The lengths that a reshape asks for, with those it leaves open filled in. A file exported with a fixed number of
 * samples has that number in its shapes: there it becomes the batch again.
 */
function resolveShape(context: NodeContext, x: Operand, asked: readonly number[]): readonly number[] {
	const shape = shapeOf(x);
	const zeroCopies = int(context, "allowzero", 0) === 0;
	const lengths = asked.map((length, index) => (length === 0 && zeroCopies ? (shape[index] ?? 1) : length));
	const total = sizeOf(shape);
	// What is the same for all samples stays one for all where a length for each is asked for.
	const isShared = total % BATCH !== 0 && lengths.some((length) => length > 0 && length % BATCH === 0);
	const forOne = isShared
		? lengths.map((length) => (length > 0 && length % BATCH === 0 ? length / BATCH : length))
		: lengths;
	const withBatch = isValue(x) && isBatched(x) ? unfixBatch(lengths, x, context.batch) : forOne;
	const open = withBatch.indexOf(-1);
	const rest = sizeOf(withBatch.filter((length) => length !== -1));
	const filledIn = open < 0 ? withBatch : withBatch.map((length, i) => (i === open ? total / rest : length));
	if (sizeOf(filledIn) !== total || !filledIn.every((length) => Number.isInteger(length) && length >= 1))
		return problem(`[${describeShape(shape)}] can't be reshaped to [${describeShape(asked)}]`);
	return filledIn;
}

function unfixBatch(lengths: readonly number[], x: Value, fixed: number | undefined): readonly number[] {
	if (lengths.some((length) => length > 0 && length % BATCH === 0)) return lengths;
	const total = sizeOf(shapeOf(x));
	const batch = fixed ?? 1;
	// Where the file leaves the number open, a length that is left open may well be that.
	const hides = (fixed !== undefined && lengths.includes(-1)) || sizeOf(lengths) * (BATCH / batch) === total;
	if (!hides) return lengths;
	const factors = x.axes.flatMap((item) => resolve(item));
	const before = lengthOf(
		factors.slice(
			0,
			factors.findIndex((item) => hasBatch([item])),
		),
	);
	let reached = 1;
	for (const [index, length] of lengths.entries()) {
		// An axis of length 1 before that of the samples, which are more.
		if (length === 1 && batch > 1) continue;
		if (reached === before && length !== -1) {
			// Samples are never a part of the last axis, the features: there the batch ends the axis before.
			const isLast = index > 0 && index === lengths.length - 1 && length !== batch;
			const at = isLast ? index - 1 : index;
			if ((lengths[at] ?? 1) % batch !== 0 || lengths[at] === -1) return lengths;
			const unfixed = lengths.map((own, i) => (i === at ? (own / batch) * BATCH : own));
			const rest = sizeOf(unfixed.filter((own) => own !== -1));
			return total % rest === 0 ? unfixed : lengths;
		}
		// An axis that ends with the samples, after others: so many of each for so many of them.
		if (reached < before && length > 0 && reached * length === before * batch && batch > 1)
			return lengths.map((own, i) => (i === index ? (own / batch) * BATCH : own));
		if (length === -1 && reached === before) return lengths;
		reached = length === -1 ? before : reached * length;
	}
	return lengths;
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
	if (!isValue(x)) return [{ ...x, shape: [sizeOf(x.shape.slice(0, cut)), sizeOf(x.shape.slice(cut))] }];
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
	if (long !== undefined) return problem(`axis ${long} of [${describeShape(shape)}] can't be squeezed`);
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

/** Channels to space and back are splits and joins of axes, which cost nothing until an op wants the result in order. */
const depthToSpace: ImportOp = (context) => {
	const x = context.builder.value(operand(context, 0));
	const block = int(context, "blocksize", 1);
	const channels = (shapeOf(x)[1] ?? 1) / block ** 2;
	const blocksFirst = text(context, "mode", "DCR") === "DCR";
	const [batch = [], depth = [], height = [], width = []] = x.axes;
	const lengths = blocksFirst ? [block, block, channels] : [channels, block, block];
	const parts = deal(depth, lengths) ?? problem(`[${describeShape(shapeOf(x))}] has no blocks of ${block}`);
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

export const reshapingOps: Readonly<Record<string, ImportOp>> = {
	DepthToSpace: depthToSpace,
	Flatten: flatten,
	Reshape: reshape,
	SpaceToDepth: spaceToDepth,
	Squeeze: squeeze,
	Transpose: transpose,
	Unsqueeze: unsqueeze,
};
