export { batchNorm, batchNormGradient, batchStatistics, normBytes, prepareNorm } from "./batch-norm";
export { copyRows, copyStrided, gatherRows, slice } from "./copy";
export { binary } from "./binary";
export { convolveDirect } from "./direct";
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
export { addAlong, addGram, addRest, combineRows } from "./differences";
export { erf } from "./erf";
export { formPoint } from "./form";
export { gemm, packMatrix, products } from "./gemm";
export { logSumExp } from "./log-sum-exp";
export { fillNormals } from "./normals";
export { transpose } from "./pack";
export { run } from "./program";
export { logSoftmax, reduce, softmax, standardize } from "./rows";
export { sumRows } from "./sum";
export { unary } from "./unary";
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient, maxPoolTangent } from "./pooling";
export { prepareFilters, winograd, winogradSide } from "./winograd";
export { winogradFilterGradient, winogradGradientScratch } from "./winograd-gradient";

import { CONSTANTS_BYTES } from "./constants";
import { directBytes } from "./direct";
import { GEMM_SCRATCH, packedSize as packedMatrixSize } from "./gemm";
import { addColumns as addColumnsToImage, Geometry } from "./image";
import { zero } from "./pack";
import { winogradFilterBytes, winogradScratch as winogradTileScratch } from "./winograd";

/** Bytes of the table of constants, which lies where `constants` of the imports says. */
export function constantsBytes(): i32 {
	return CONSTANTS_BYTES;
}

/** Bytes of scratch `gemm` needs. */
export function gemmScratch(): i32 {
	return GEMM_SCRATCH;
}

/** Bytes of scratch `convolveDirect` needs; geometry as an address. */
export function directScratch(geometry: usize, outputs: i32): i32 {
	return directBytes(changetype<Geometry>(geometry), outputs);
}

/** Bytes that `packMatrix` writes. */
export function packedBytes(depth: i32, columns: i32): i32 {
	return packedMatrixSize(depth, columns) << 2;
}

/** Bytes of scratch `winograd` needs for tiles of side × side besides its filters. */
export function winogradScratch(side: i32, inputs: i32, outputs: i32): i32 {
	return winogradTileScratch(side, inputs, outputs);
}

/** Bytes of the filters that `winograd` works with, and `prepareFilters` writes. */
export function winogradFilters(side: i32, inputs: i32, outputs: i32): i32 {
	return winogradFilterBytes(side, inputs, outputs);
}

/** Sets an image to the sum of its columns; geometry as an address. */
export function addColumns(image: usize, columns: usize, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	zero(image, (g.height * g.width * g.channels) << 2);
	addColumnsToImage(image, columns, g);
}
