import { GatherV2, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext } from "./backend.js";
import { areFloats, countOf, type Lowering, type Operand } from "./lowering.js";

/** Parts of a tensor by their numbers along the first axis, as of an embedding; other axes are left to the stock kernel. */
function run({ inputs: { x, indices }, attrs }: KernelCall, context: KernelContext): TensorInfo | undefined {
	if (!x || !indices || !allFloat32(x) || indices.dtype !== "int32" || indices.shape.includes(0)) return undefined;
	if (Number(attrs.axis) !== 0 || Number(attrs.batchDims ?? 0) !== 0) return undefined;
	const [rows = 0, ...rest] = x.shape;
	const count = indices.shape.reduce((product, length) => product * length, 1);
	const columns = rest.reduce((product, length) => product * length, 1);
	const numbers = context.integers(indices, count);
	// What the stock kernel makes of numbers outside is its affair.
	if (!numbers.every((number) => number >= 0 && number < rows)) return undefined;
	const out = context.output([...indices.shape, ...rest]);
	const [from, at, to] = [context.address(x), context.address(indices), context.address(out)];
	context.kernels.gatherRows(from, at, to, count, columns);
	return out;
}

/** Rows of a table [rows, ...] by their numbers for a program; undefined where a number may be outside. */
export function lowerGather(lowering: Lowering, table: Operand, numbers: Operand): Operand | undefined {
	const [rows = 0, ...rest] = table.shape;
	if (!areFloats(table) || table.perSample || !numbers.perSample || numbers.type !== "int32") return undefined;
	if (!lowering.areInside(numbers, rows)) return undefined;
	const out = lowering.value([...numbers.shape, ...rest]);
	lowering.emit("gatherRows", table.at, numbers.at, out.at, countOf(numbers.shape), countOf(rest));
	return out;
}

export const gather: Kernel = { name: GatherV2, run };
