import { exp, log } from "../../exact/elementary.js";
import { RandomStream } from "../../exact/random.js";
import { cellOf, type Grid, pointAt } from "../../surface/grid.js";

/** Points of the first audit: so many, or such a part of those that are predicted. */
const [LEAST_POINTS, PART] = [30, 0.01];

/** The chance that is allowed for what is said after the last audit to be wrong. */
const RISK = 0.05;

/** How far, in cells, points around one that was wrong are computed. */
const AROUND = 2;

/** Predictions tried at random. */
export interface Audit {
	/** How many points were computed for it. */
	readonly points: number;
	/** At how many of them the prediction would have shifted lines by more than is tolerated. */
	readonly over: number;
	/** The largest such shift, in cells. */
	readonly worst: number;
	/** At the same points, that of a cubic through the first level alone. */
	readonly worstOfCoarse: number;
}

/**
 * Points to try predictions at, drawn of those that are predicted: twice as many each time that an audit has failed.
 *
 * @param seed   of the draw
 * @param number of the audit, from 0
 */
export function auditPoints(predicted: readonly number[], seed: number, number: number): number[] {
	const wanted = Math.max(LEAST_POINTS, Math.ceil(PART * predicted.length)) * 2 ** number;
	const count = Math.min(wanted, predicted.length);
	const drawn = new RandomStream(seed, "audit", number).permutation(predicted.length, count);
	return Array.from(drawn, (i) => predicted[i] ?? 0).sort((a, b) => a - b);
}

/**
 * The share of predicted points that may be off by more than is tolerated where none of those tried was. It is wrong in one of 20 sweeps
 * at most, however many audits there were: each has half the risk of the one before.
 *
 * @see Clopper and Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934); with none wrong the bound is 1 − risk^(1/n)
 */
export function largestShare(points: number, number: number): number {
	return 1 - exp(log(RISK / 2 ** (number + 1)) / points);
}

/** The points around one, itself among them. */
export function pointsAround(grid: Grid, point: number): number[] {
	const { column, row } = cellOf(grid, point);
	const around: number[] = [];
	for (let y = row - AROUND; y <= row + AROUND; y++)
		for (let x = column - AROUND; x <= column + AROUND; x++) around.push(pointAt(grid, x, y));
	return around.filter((each) => each >= 0);
}
