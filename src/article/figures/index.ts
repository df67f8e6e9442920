import type { Figure } from "../figure.js";
import { connected } from "./connected.js";
import { betweenBatchSizes, fromInitialToTrained } from "./lines.js";
import { depth, optimizerShapes, width } from "./networks.js";
import { filterNormalized, wholeNormalized } from "./normalized.js";
import { batchSizesFarOut, unnormalized } from "./ranges.js";
import { chaoticIsWorse, flatterIsBetter } from "./relations.js";
import { rescaling } from "./rescaling.js";

/** The article's figures in its order; a new one is a file, or an entry in one, and a line here. */
export const figures: readonly Figure[] = [
	fromInitialToTrained,
	unnormalized(2, 20),
	unnormalized(3, 25_000),
	unnormalized(4, 2_500_000),
	batchSizesFarOut,
	filterNormalized,
	wholeNormalized,
	betweenBatchSizes,
	optimizerShapes,
	width,
	depth,
	rescaling,
	connected,
	flatterIsBetter,
	chaoticIsWorse,
];
