import { normalize } from "../../section/normalize.js";
import { norm } from "../../section/products.js";
import { moved } from "../vector.js";
import { gaussian } from "./average.js";
import type { SharpnessMeasure, SharpnessSubject } from "./measure.js";

const RISE = 0.1;
const DIRECTIONS = 30;
/** The first distance that is tried, and by how much the next ones are longer. */
const [FIRST, LONGER] = [1e-3, 1.3];
const MOST = 1e3;

/**
 * How far one can walk from θ0 along a random direction before the loss has risen by 0.1: quantiles over 30 directions, of length 1
 * and normalised filter by filter.
 *
 * @see Hochreiter and Schmidhuber, Flat minima, Neural Computation 9 (1997); Dinh et al. 2017, section 2.1
 */
export const epsilonFlatness: SharpnessMeasure = {
	name: "epsilon-flatness",
	label: "distance to a rise of 0.1",
	invariant: false,

	async measure(subject) {
		const unit = await distances(subject, (direction) => {
			const length = norm(direction);
			return direction.map((value) => value / length);
		});
		const filter = await distances(subject, (direction) => {
			normalize(direction, subject.parameters, subject.layout, "filter", "keep");
			return subject.hold(direction);
		});
		const figure = (value: number) => ({ value, how: "sampled" as const });
		return {
			settings: { rise: RISE, directions: DIRECTIONS },
			figures: {
				unit10: figure(quantile(unit, 0.1)),
				unit50: figure(quantile(unit, 0.5)),
				unit90: figure(quantile(unit, 0.9)),
				filter10: figure(quantile(filter, 0.1)),
				filter50: figure(quantile(filter, 0.5)),
				filter90: figure(quantile(filter, 0.9)),
			},
		};
	},
};

async function distances(
	subject: SharpnessSubject,
	scale: (direction: Float64Array) => Float64Array,
): Promise<number[]> {
	const { parameters, loss, lossAt } = subject;
	const found: number[] = [];
	for (let number = 0; number < DIRECTIONS; number++) {
		const direction = scale(gaussian(subject, 200 + number));
		const rises = async (distance: number) => !((await lossAt(moved(parameters, distance, direction))) <= loss + RISE);
		let [low, high] = [0, FIRST];
		// Step by step outwards, so that what lies behind a first rise does not count.
		while (high < MOST && !(await rises(high))) [low, high] = [high, high * LONGER];
		if (high >= MOST) {
			found.push(Number.POSITIVE_INFINITY);
			continue;
		}
		for (let round = 0; round < 5; round++) {
			const middle = (low + high) / 2;
			if (await rises(middle)) high = middle;
			else low = middle;
		}
		found.push((low + high) / 2);
	}
	return found.sort((a, b) => a - b);
}

/** Between the values beside the place, linearly. */
function quantile(sorted: readonly number[], share: number): number {
	const place = share * (sorted.length - 1);
	const below = Math.floor(place);
	const [a = Number.NaN, b = a] = sorted.slice(below, below + 2);
	return place === below || a === b ? a : a + (b - a) * (place - below);
}
