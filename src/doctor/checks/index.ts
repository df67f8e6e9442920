import type { Check } from "../check.js";
import { angle } from "./angle.js";
import { basinWidth } from "./basin-width.js";
import { batchNorm } from "./batch-norm.js";
import { border } from "./border.js";
import { colours } from "./colours.js";
import { complete } from "./complete.js";
import { filters } from "./filters.js";
import { finite } from "./finite.js";
import { gradient } from "./gradient.js";
import { interpolated } from "./interpolated.js";
import { lengths } from "./lengths.js";
import { minima } from "./minima.js";
import { moving } from "./moving.js";
import { objective } from "./objective.js";
import { origin } from "./origin.js";
import { otherSamples } from "./other-samples.js";
import { relief } from "./relief.js";
import { rounding } from "./rounding.js";
import { samples } from "./samples.js";
import { seeds } from "./seeds.js";
import { spacing } from "./spacing.js";
import { trained } from "./trained.js";

/** Every check, one line each, in the order in which they are made: causes before what follows from them, what takes longest last. */
export const checks: readonly Check[] = [
	trained,
	objective,
	complete,
	finite,
	relief,
	rounding,
	lengths,
	moving,
	filters,
	angle,
	batchNorm,
	basinWidth,
	border,
	origin,
	colours,
	spacing,
	minima,
	interpolated,
	gradient,
	samples,
	otherSamples,
	seeds,
];
