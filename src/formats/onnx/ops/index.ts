import type { ImportOp } from "../node.js";
import { attentionOps } from "./attention.js";
import { choosingOps } from "./choosing.js";
import { constantOps } from "./constants.js";
import { convolutionOps } from "./convolution.js";
import { einsumOps } from "./einsum.js";
import { elementwiseOps } from "./elementwise.js";
import { extendingOps } from "./extending.js";
import { linearOps } from "./linear.js";
import { normalizationOps } from "./normalization.js";
import { pickingOps } from "./picking.js";
import { poolingOps } from "./pooling.js";
import { quantisationOps } from "./quantisation.js";
import { recurrentOps } from "./recurrent.js";
import { reductionOps } from "./reduction.js";
import { reshapingOps } from "./reshaping.js";
import { resizingOps } from "./resizing.js";
import { scatteringOps } from "./scattering.js";
import { triangularOps } from "./triangular.js";

/** How each ONNX operator is imported, by its name in the standard. */
export const importers: ReadonlyMap<string, ImportOp> = new Map(
	[
		attentionOps,
		choosingOps,
		constantOps,
		convolutionOps,
		einsumOps,
		elementwiseOps,
		extendingOps,
		linearOps,
		normalizationOps,
		pickingOps,
		poolingOps,
		quantisationOps,
		recurrentOps,
		reductionOps,
		reshapingOps,
		resizingOps,
		scatteringOps,
		triangularOps,
	].flatMap((family) => Object.entries(family)),
);
