export const precisions = ["fast", "exact", "relaxed"] as const;

/**
 * `exact`: the stock TensorFlow.js kernels, the reference. `fast`: our kernels, deterministic. `relaxed`: our kernels with
 * fused multiply-add, which engines may round differently.
 */
export type Precision = (typeof precisions)[number];
