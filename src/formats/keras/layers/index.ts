import type { AddLayer } from "../network.js";
import { activationLayers } from "./activations.js";
import { arrangingLayers } from "./arranging.js";
import { convolutionLayers } from "./convolution.js";
import { denseLayers } from "./dense.js";
import { mergingLayers } from "./merging.js";
import { normalizationLayers } from "./normalization.js";
import { poolingLayers } from "./pooling.js";
import { recurrentLayers } from "./recurrent.js";

/** Every Keras layer that can be imported, by its name in Keras. */
export const kerasLayers: ReadonlyMap<string, AddLayer> = new Map(
	[
		activationLayers,
		arrangingLayers,
		convolutionLayers,
		denseLayers,
		mergingLayers,
		normalizationLayers,
		poolingLayers,
		recurrentLayers,
	].flatMap((family) => Object.entries(family)),
);
