import { countOf, joinAxes, type Lowering, type Operand } from "./lowering.js";

/**
 * Values that lie otherwise, for a program: out of `shape`, whose neighbours along each axis lie `strides` values apart in x.
 * Undefined where that takes more than four loops.
 *
 * @param offset of the first one in x, in values
 */
export function lowerCopy(
	lowering: Lowering,
	x: Operand,
	shape: readonly number[],
	strides: readonly number[],
	offset = 0,
): Operand | undefined {
	if (x.type === "bool" || shape.includes(0)) return undefined;
	const axes = joinAxes(shape.map((length, axis) => ({ length, strides: [strides[axis] ?? 0] })));
	if (axes === undefined) return undefined;
	const out = { ...lowering.value(shape), type: x.type };
	const lengths = axes.map(({ length }) => length);
	lowering.emit("copyStrided", x.at, offset, out.at, ...lengths, ...axes.map((axis) => axis.strides[0] ?? 0));
	return out;
}

/**
 * Values one after another along an axis, for a program. One without samples is repeated for each of them, along the first axis
 * behind them only.
 */
export function lowerConcat(lowering: Lowering, parts: readonly Operand[], axis: number): Operand | undefined {
	const [whole] = parts.filter(({ perSample }) => perSample);
	const type = whole?.type;
	if (!whole || type === "bool" || parts.some((part) => part.type !== type)) return undefined;
	const own = (part: Operand) => (part.perSample ? part.shape : [1, ...part.shape]);
	if (parts.some((part) => !part.perSample && axis > 1)) return undefined;
	const total = parts.reduce((sum, part) => sum + (own(part)[axis] ?? 0), 0);
	const shape = whole.shape.map((length, i) => (i === axis ? total : length));
	const out = { ...lowering.value(shape), type: whole.type };
	const rows = countOf(shape.slice(0, axis));
	const inner = countOf(shape.slice(axis + 1));
	let offset = 0;
	for (const part of parts) {
		const run = (own(part)[axis] ?? 0) * inner;
		lowering.emit("copyRows", part.at, part.perSample ? run : 0, out.at, offset, total * inner, rows, run);
		offset += run;
	}
	return out;
}
