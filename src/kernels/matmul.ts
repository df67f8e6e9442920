import { _FusedMatMul, BatchMatMul, broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { allFloat32, type Kernel, type KernelCall, type KernelContext, ROW_MAJOR, TRANSPOSED } from "./backend.js";

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
			);
		}
	});
	return out;
}

export const matMul: Kernel = { name: BatchMatMul, run: multiply };
export const fusedMatMul: Kernel = { name: _FusedMatMul, run: multiply };
