export { gemm } from "./gemm";
export { addColumns } from "./image";
export { convolvePlanes, planeScratch } from "./plane";
export { winograd } from "./winograd";

import { GEMM_SCRATCH } from "./gemm";
import { winogradFilterBytes, winogradScratch as winogradTileScratch } from "./winograd";

/** Bytes of scratch `gemm` needs. */
export function gemmScratch(): i32 {
	return GEMM_SCRATCH;
}

/** Bytes of scratch `winograd` needs. */
export function winogradScratch(inputs: i32, outputs: i32): i32 {
	return winogradFilterBytes(inputs, outputs) + winogradTileScratch(inputs, outputs);
}
