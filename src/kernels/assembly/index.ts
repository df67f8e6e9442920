export { batchNorm, batchNormGradient, batchStatistics } from "./batch-norm";
export { gatherRows, slice } from "./copy";
export { erf } from "./erf";
export { gemm } from "./gemm";
export { transpose } from "./pack";
export { convolvePlanes, planeScratch } from "./plane";
export { sumRows } from "./sum";
export { averagePool, averagePoolGradient, depthwise, maxPool, maxPoolGradient } from "./window";
export { winograd } from "./winograd";
export { winogradFilterGradient, winogradGradientScratch } from "./winograd-gradient";

import { GEMM_SCRATCH } from "./gemm";
import { addColumns as addColumnsToImage, Geometry } from "./image";
import { zero } from "./pack";
import { winogradFilterBytes, winogradScratch as winogradTileScratch } from "./winograd";

/** Bytes of scratch `gemm` needs. */
export function gemmScratch(): i32 {
	return GEMM_SCRATCH;
}

/** Bytes of scratch `winograd` needs. */
export function winogradScratch(inputs: i32, outputs: i32): i32 {
	return winogradFilterBytes(inputs, outputs) + winogradTileScratch(inputs, outputs);
}

/** Sets an image to the sum of its columns; geometry as an address. */
export function addColumns(image: usize, columns: usize, geometry: usize): void {
	const g = changetype<Geometry>(geometry);
	zero(image, (g.height * g.width * g.channels) << 2);
	addColumnsToImage(image, columns, g);
}
