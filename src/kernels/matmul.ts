import { _FusedMatMul, BatchMatMul, broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import {
	allFloat32,
	type Kernel,
	type KernelCall,
	type KernelContext,
	PACKED,
	ROW_MAJOR,
	TRANSPOSED,
} from "./backend.js";
import { areFloats, countOf, type Lowering, type Operand } from "./lowering.js";

/** A shape with all its leading axes taken as one. */
function asThree(shape: readonly number[]): [number, number, number] {
	const [rows = 1, columns = 1] = shape.slice(-2);
	return [shape.slice(0, -2).reduce((size, length) => size * length, 1), rows, columns];
}

/** a [..., m, k] times b [..., k, n], either stored transposed; one of the batches may be 1 and is then repeated. */
function multiply(call: KernelCall, context: KernelContext): TensorInfo | undefined {
	const { a, b, bias, preluActivationWeights } = call.inputs;
	const { transposeA, transposeB, activation = "linear" } = call.attrs;
	if (!a || !b || !allFloat32(a, b) || (activation !== "linear" && activation !== "relu")) return undefined;
	if (preluActivationWeights) return undefined;
	if (a.shape.length < 2 || b.shape.length < 2) return undefined;
	const [batchA, a1, a2] = asThree(a.shape);
	const [batchB, b1, b2] = asThree(b.shape);
	const [rows, depth] = transposeA ? [a2, a1] : [a1, a2];
	const [depthOfB, columns] = transposeB ? [b2, b1] : [b1, b2];
	if (depth !== depthOfB || (batchA !== batchB && batchA !== 1 && batchB !== 1)) return undefined;
	if (bias && (!allFloat32(bias) || bias.shape.length !== 1 || bias.shape[0] !== columns)) return undefined;

	// Batches of the same size but another shape, such as [2, 3] and [3, 2], are not broadcast here.
	const outer = [a.shape.slice(0, -2), b.shape.slice(0, -2)] as const;
	if (batchA === batchB && batchA !== 1 && outer[0].join() !== outer[1].join()) return undefined;
	const batch = Math.max(batchA, batchB);
	const out = context.output([...broadcast_util.assertAndGetBroadcastShape(...outer), rows, columns]);
	const addressOfA = context.address(a);
	const addressOfB = context.address(b);
	const addressOfOut = context.address(out);
	const addressOfBias = bias ? context.address(bias) : 0;
	const { kernels } = context;
	context.withScratch(kernels.gemmScratch(), (scratch) => {
		for (let index = 0; index < batch; index++) {
			kernels.gemm(
				addressOfA + (batchA === 1 ? 0 : index * rows * depth * 4),
				transposeA ? TRANSPOSED : ROW_MAJOR,
				addressOfB + (batchB === 1 ? 0 : index * depth * columns * 4),
				transposeB ? TRANSPOSED : ROW_MAJOR,
				addressOfOut + index * rows * columns * 4,
				addressOfBias,
				rows,
				columns,
				depth,
				activation === "relu",
				0,
				scratch,
				0,
			);
		}
	});
	return out;
}

export const matMul: Kernel = { name: BatchMatMul, run: multiply };
export const fusedMatMul: Kernel = { name: _FusedMatMul, run: multiply };

/** A matrix product to be lowered: x [..., in], a matrix [in, out] for all samples, and a bias [out]. */
export interface Product {
	readonly x: Operand;
	readonly matrix: Operand;
	readonly bias?: Operand | undefined;
	readonly relu?: boolean;
}

/** x · matrix (+ bias) (then relu) for a program; undefined where the matrix is another one for each sample. */
export function lowerProduct(lowering: Lowering, { x, matrix, bias, relu = false }: Product): Operand | undefined {
	const [depth = 0, columns = 0] = matrix.shape;
	if (!areFloats(x, matrix) || (bias && !areFloats(bias)) || !x.perSample || matrix.shape.length !== 2)
		return undefined;
	const packed = lowering.packed(matrix, { depth, columns });
	if (packed === undefined) return undefined;
	const out = lowering.value([...x.shape.slice(0, -1), columns]);
	lowering.emit(
		"gemm",
		x.at,
		ROW_MAJOR,
		packed,
		PACKED,
		out.at,
		bias?.at ?? 0,
		countOf(x.shape) / depth,
		columns,
		depth,
		relu ? 1 : 0,
		0,
		lowering.scratch(lowering.kernels.gemmScratch()),
		0,
	);
	return out;
}

/**
 * Products of a [..., m, k] and b [..., k, n] for a program, as many of one as of the other, or one b for all; undefined for
 * stacks that are stretched otherwise.
 */
export function lowerProducts(lowering: Lowering, a: Operand, b: Operand): Operand | undefined {
	if (!b.perSample && b.shape.length === 2) return lowerProduct(lowering, { x: a, matrix: b });
	if (!areFloats(a, b)) return undefined;
	const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
	if (String(outerA) !== String(outerB)) return undefined;
	const [rows = 0, depth = 0] = a.shape.slice(-2);
	const columns = b.shape.at(-1) ?? 0;
	const out = lowering.value([...outerA, rows, columns]);
	lowering.emit(
		"products",
		countOf(outerA),
		a.at,
		rows * depth * 4,
		ROW_MAJOR,
		b.at,
		depth * columns * 4,
		ROW_MAJOR,
		out.at,
		rows,
		columns,
		depth,
		lowering.scratch(lowering.kernels.gemmScratch()),
	);
	return out;
}
