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

/** Every check, one line each, in the order in which they are made: those that take longest last. */
export const checks: readonly Check[] = [
	trained,
	objective,
	complete,
	finite,
	border,
	origin,
	basinWidth,
	relief,
	colours,
	spacing,
	minima,
	interpolated,
	angle,
	lengths,
	moving,
	filters,
	batchNorm,
	rounding,
	gradient,
	samples,
	otherSamples,
	seeds,
];
