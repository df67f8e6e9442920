import type { ImportOp } from "../node.js";
import { convolutionOps } from "./convolution.js";
import { elementwiseOps } from "./elementwise.js";
import { linearOps } from "./linear.js";
import { normalizationOps } from "./normalization.js";
import { poolingOps } from "./pooling.js";
import { reductionOps } from "./reduction.js";
import { resizingOps } from "./resizing.js";
import { shapingOps } from "./shaping.js";

/** How each ONNX operator is imported, by its name in the standard. */
export const importers: ReadonlyMap<string, ImportOp> = new Map(
	[
		convolutionOps,
		elementwiseOps,
		linearOps,
		normalizationOps,
		poolingOps,
		reductionOps,
		resizingOps,
		shapingOps,
	].flatMap((family) => Object.entries(family)),
);
