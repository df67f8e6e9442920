import { gridLines } from "../../measure/lines.js";
import { planeScale } from "../../render/parts/scale.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { mainField } from "../../surface/surface.js";
import type { SurfaceCheck } from "../check.js";
import { finer, finiteLosses } from "../facts.js";

/** An isoline shifted by more than so many cells is somewhere else; where the scale changes by less than so much there is none. */
const [SHIFT, STEP] = [0.5, 0.01];
/** Of the places that lines can cross. */
const [SOME, MANY] = [0.05, 0.25];
/** Of fewer places one alone says little: shares count as of so many. */
const LEAST = 20;

/**
 * Whether lines between points are where they seem, along rows and columns, for values as they are drawn, on the scale of the colours. In the
 * middle between two points a straight line and a cubic through four give values whose difference, over the slope, is a shift of the
 * isoline. And where a grid is fine enough, a point left out is what the cubic through those beside it says: oscillations from point to point
 * look smooth to the first question alone.
 */
export const spacing: SurfaceCheck = {
	name: "spacing",
	question: "Is the grid fine enough for its lines?",
	needs: "surface",
	ofShape: true,
	answer({ surface, sweepWith }) {
		const losses = finiteLosses(surface);
		if (losses.length === 0) return null;
		const { position } = planeScale(mainField(surface), losses);
		const lines = (["x", "y"] as const).flatMap((axis) => gridLines(surface, axis));
		const heights = lines.map(({ values }) =>
			values.map((value) => (Number.isFinite(value) ? position(value) : Number.NaN)),
		);
		const between = shareOf(heights.flatMap((line) => stretchesOf(line)));
		const missed = shareOf(heights.flatMap((line) => leftOut(line)));
		if (between.all + missed.all === 0) return null;
		const share = Math.max(between.weight, missed.weight);
		const percent = (part: number) => `${formatNumber(Number((100 * part).toPrecision(2)))} %`;
		const text = `On ${between.off} of ${between.all} stretches between points (${percent(between.share)}), a straight line and a cubic put an isoline more than half a cell apart; ${missed.off} of ${missed.all} points (${percent(missed.share)}), left out, are missed by the cubic through those beside them by more than half a step.`;
		if (share <= SOME) return { verdict: "fine", text };
		return {
			verdict: share > MANY ? "wrong" : "doubtful",
			text: `${text} What is drawn between the points is guessed there: bumps narrower than two cells are not seen, or seen as others.`,
			command: sweepWith(finer(surface.grid)),
		};
	},
};

/** A place of a line: by how much it is off, and the change of the value over a cell there. */
type Place = readonly [number, number];

/** Between each two points with one more on either side. */
function stretchesOf(line: Float64Array): Place[] {
	return Array.from({ length: Math.max(0, line.length - 3) }, (_, i): Place => {
		const [a = 0, b = 0, c = 0, d = 0] = line.subarray(i, i + 4);
		return [Math.abs((b + c - a - d) / 16), Math.abs(c - b)];
	});
}

/** At each point with three on either side. */
function leftOut(line: Float64Array): Place[] {
	return Array.from({ length: Math.max(0, line.length - 6) }, (_, i): Place => {
		const [a = 0, , b = 0, here = 0, c = 0, , d = 0] = line.subarray(i, i + 7);
		return [Math.abs((9 * (b + c) - a - d) / 16 - here), Math.max(Math.abs(here - b), Math.abs(c - here))];
	});
}

/** How many places are off, of those at which something changes and all values are known. */
function shareOf(places: readonly Place[]) {
	const known = places.filter(([error, change]) => Math.max(error, change) >= STEP);
	const off = known.filter(([error, change]) => error > SHIFT * change).length;
	return {
		off,
		all: known.length,
		share: off / Math.max(1, known.length),
		weight: off / Math.max(LEAST, known.length),
	};
}
