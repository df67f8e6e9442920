import { asam } from "./asam.js";
import { average } from "./average.js";
import { epsilonFlatness } from "./epsilon-flatness.js";
import { fisherRao } from "./fisher-rao.js";
import { keskar } from "./keskar.js";
import type { SharpnessMeasure } from "./measure.js";
import { pacBayes } from "./pac-bayes.js";
import { sam } from "./sam.js";

export type { Figure, Sharpness, SharpnessMeasure, SharpnessSubject } from "./measure.js";

/** Every measure of sharpness, one line each. */
export const sharpnessMeasures: readonly SharpnessMeasure[] = [
	sam,
	asam,
	keskar,
	average,
	fisherRao,
	pacBayes,
	epsilonFlatness,
];
