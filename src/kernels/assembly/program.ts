import { batchNorm } from "./batch-norm";
import { binary } from "./binary";
import { copyRows, copyStrided, gatherRows } from "./copy";
import { convolveDirect } from "./direct";
import { gemm, products } from "./gemm";
import { logSoftmax, reduce, softmax, standardize } from "./rows";
import { unary } from "./unary";
import { depthwise } from "./depthwise";
import { averagePool, maxPool } from "./pooling";
import { winograd } from "./winograd";

/**
 * A flat program: instructions one after the other, each its number and then its operands, words of four bytes. The numbers are
 * the places in the list of kernels/instructions.ts.
 */

@inline
function word(at: usize, index: i32): i32 {
	return load<i32>(at + (index << 2));
}

@inline
function real(at: usize, index: i32): f32 {
	return load<f32>(at + (index << 2));
}

@inline
function flag(at: usize, index: i32): bool {
	return load<i32>(at + (index << 2)) !== 0;
}

/** Carries out the instructions from one address to another. */
export function run(at: usize, end: usize): void {
	while (at < end) {
		switch (load<i32>(at)) {
			case 0:
				gemm(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
					word(at, 9), flag(at, 10), word(at, 11), word(at, 12), word(at, 13),
				);
				at += 14 * 4;
				break;
			case 1:
				products(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
					word(at, 9), word(at, 10), word(at, 11), word(at, 12),
				);
				at += 13 * 4;
				break;
			case 2:
				winograd(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
					word(at, 9), word(at, 10), word(at, 11), word(at, 12), word(at, 13), flag(at, 14), flag(at, 15),
					flag(at, 16), word(at, 17), word(at, 18), flag(at, 19), word(at, 20), word(at, 21),
				);
				at += 22 * 4;
				break;
			case 3:
				convolveDirect(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), flag(at, 7), word(at, 8),
					word(at, 9), word(at, 10),
				);
				at += 11 * 4;
				break;
			case 4:
				depthwise(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), flag(at, 6), word(at, 7), word(at, 8));
				at += 9 * 4;
				break;
			case 5:
				maxPool(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
				at += 5 * 4;
				break;
			case 6:
				averagePool(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
				at += 5 * 4;
				break;
			case 7:
				batchNorm(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), real(at, 6), word(at, 7), word(at, 8),
					word(at, 9), flag(at, 10), word(at, 11),
				);
				at += 12 * 4;
				break;
			case 8:
				unary(word(at, 1), word(at, 2), word(at, 3), word(at, 4), real(at, 5), real(at, 6));
				at += 7 * 4;
				break;
			case 9:
				binary(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
					word(at, 9), word(at, 10), word(at, 11), word(at, 12), word(at, 13), word(at, 14), word(at, 15), word(at, 16),
					flag(at, 17),
				);
				at += 18 * 4;
				break;
			case 10:
				reduce(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6));
				at += 7 * 4;
				break;
			case 11:
				softmax(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
				at += 5 * 4;
				break;
			case 12:
				logSoftmax(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
				at += 5 * 4;
				break;
			case 13:
				standardize(word(at, 1), word(at, 2), word(at, 3), word(at, 4), real(at, 5), word(at, 6), word(at, 7));
				at += 8 * 4;
				break;
			case 14:
				copyStrided(
					word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8),
					word(at, 9), word(at, 10), word(at, 11),
				);
				at += 12 * 4;
				break;
			case 15:
				gatherRows(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5));
				at += 6 * 4;
				break;
			case 16:
				copyRows(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7));
				at += 8 * 4;
				break;
			default:
				unreachable();
		}
	}
}
