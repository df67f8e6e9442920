import { BINARY_KINDS, UNARY_KINDS } from "./instructions.js";
import { areFloats, countOf, joinAxes, type Lowering, type Operand, stretchedStrides } from "./lowering.js";

/** A function of each value, for a program; undefined for a function that the kernels don't know. */
export function lowerUnary(
	lowering: Lowering,
	name: string,
	x: Operand,
	alpha: number,
	beta: number,
): Operand | undefined {
	const kind = UNARY_KINDS.indexOf(name);
	if (kind < 0 || !areFloats(x) || !x.perSample) return undefined;
	const out = lowering.value(x.shape, x);
	lowering.emit("unary", kind, x.at, out.at, countOf(x.shape), alpha, beta);
	return out;
}

/** A function of two values, broadcast, for a program. */
export function lowerBinary(lowering: Lowering, name: string, a: Operand, b: Operand): Operand | undefined {
	const kind = BINARY_KINDS.indexOf(name);
	if (kind < 0 || !areFloats(a, b) || !(a.perSample || b.perSample)) return undefined;
	const rank = Math.max(a.shape.length, b.shape.length);
	const lengthOf = ({ shape }: Operand, axis: number) => shape[axis - rank + shape.length] ?? 1;
	const shape = Array.from({ length: rank }, (_, axis) => {
		const [x, y] = [lengthOf(a, axis), lengthOf(b, axis)];
		return x === 1 ? y : x;
	});
	const [ofA, ofB] = [stretchedStrides(a.shape, shape), stretchedStrides(b.shape, shape)];
	const axes = joinAxes(shape.map((length, axis) => ({ length, strides: [ofA[axis] ?? 0, ofB[axis] ?? 0] })));
	if (axes === undefined) return undefined;
	const whole = [a, b].find((operand) => operand.perSample && countOf(operand.shape) === countOf(shape));
	const out = lowering.value(shape, whole);
	const strides = (operand: 0 | 1) => axes.map((axis) => axis.strides[operand] ?? 0);
	const lengths = axes.map(({ length }) => length);
	lowering.emit("binary", kind, a.at, b.at, out.at, ...lengths, ...strides(0), ...strides(1), 0);
	return out;
}
