import { REDUCE_KINDS } from "./instructions.js";
import { areFloats, countOf, type Lowering, type Operand } from "./lowering.js";

/** A reduction over neighbouring axes, from the first, for a program; the axes are gone. Undefined for other axes. */
export function lowerReduce(
	lowering: Lowering,
	name: string,
	x: Operand,
	axes: readonly number[],
): Operand | undefined {
	const kind = REDUCE_KINDS.indexOf(name);
	const [first = 0] = axes;
	const neighbours = axes.length > 0 && axes.every((axis, index) => axis === first + index);
	if (kind < 0 || !neighbours || first === 0 || !areFloats(x) || !x.perSample) return undefined;
	const last = first + axes.length;
	const [before, along, behind] = [x.shape.slice(0, first), x.shape.slice(first, last), x.shape.slice(last)];
	const out = lowering.value([...before, ...behind]);
	lowering.emit("reduce", kind, x.at, out.at, countOf(before), countOf(along), countOf(behind));
	return out;
}

/** Softmax over the last axis, or its logarithm, for a program. */
export function lowerSoftmax(lowering: Lowering, name: "softmax" | "logSoftmax", x: Operand): Operand | undefined {
	if (!areFloats(x) || !x.perSample) return undefined;
	const count = x.shape.at(-1) ?? 1;
	const out = name === "softmax" ? lowering.value(x.shape, x) : lowering.value(x.shape);
	lowering.emit(name, x.at, out.at, countOf(x.shape) / count, count);
	return out;
}

/** (x - mean) / √(variance + ε) over the last axes from `first` on, for a program. */
export function lowerStandardize(lowering: Lowering, x: Operand, first: number, epsilon: number): Operand | undefined {
	if (!areFloats(x) || !x.perSample || first < 1) return undefined;
	const count = countOf(x.shape.slice(first));
	const out = lowering.value(x.shape, x);
	lowering.emit("standardize", x.at, out.at, countOf(x.shape) / count, count, epsilon, 0, 0);
	return out;
}
