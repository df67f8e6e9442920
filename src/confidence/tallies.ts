import type { Grid } from "../surface/grid.js";
import { anchorsAround, anchorsOf } from "./anchors.js";
import { type Estimate, estimateOf, type Moments, noMoments, withSamples } from "./estimate.js";

/** What is known at a point: of each field in their order. */
interface Known {
	readonly moments: readonly Moments[];
	/** Of each field, its values sample by sample, stretch after stretch; dropped where moments will do. */
	readonly kept: readonly (readonly Float64Array[])[];
}

/** What the first samples have said at each point of a grid, and at those apart from it, of several means. */
export class Tallies {
	readonly #grid: Grid;
	readonly #population: number;
	readonly #known: Known[];
	/** Of each anchor, by field, its values of all samples; empty before they are used. */
	#anchors: ReadonlyMap<number, readonly Float64Array[]> = new Map();

	/** @param points of the grid and apart from it */
	constructor(grid: Grid, { points, fields, population }: { points: number; fields: number; population: number }) {
		const nothing = { moments: Array(fields).fill(noMoments), kept: Array(fields).fill([]) };
		this.#grid = grid;
		this.#population = population;
		this.#known = Array(points).fill(nothing);
	}

	/** How many samples, the first ones, are known at a point. */
	count(point: number): number {
		return this.#known[point]?.moments[0]?.count ?? 0;
	}

	/** How many have been evaluated, at all points together. */
	get spent(): number {
		return this.#known.reduce((sum, { moments: [first] }) => sum + (first?.count ?? 0), 0);
	}

	get hasAnchors(): boolean {
		return this.#anchors.size > 0;
	}

	/** Takes the values of a point's next samples, of each field. */
	add(point: number, values: readonly Float64Array[]): void {
		const from = this.count(point);
		const { moments = [], kept = [] } = this.#known[point] ?? {};
		this.#known[point] = {
			moments: moments.map((before, field) => {
				const own = values[field] ?? new Float64Array();
				return withSamples(before, own, this.#controls(point, field, from, own.length));
			}),
			kept: this.hasAnchors
				? kept
				: kept.map((stretches, field) => [...stretches, values[field] ?? new Float64Array()]),
		};
	}

	/** From here on, points are compared with the anchors around them, which are known of all samples. */
	useAnchors(): void {
		const anchors = anchorsOf(this.#grid);
		this.#anchors = new Map(
			anchors.map((anchor) => [anchor, (this.#known[anchor]?.kept ?? []).map((stretches) => joined(stretches))]),
		);
		for (const [point, { moments, kept }] of this.#known.entries()) {
			const again = kept.map((stretches, field) => {
				const values = joined(stretches);
				const controls = this.#controls(point, field, 0, values.length);
				// A sum is what it was, one sample after the other.
				return { ...withSamples(noMoments, values, controls), sum: moments[field]?.sum ?? Number.NaN };
			});
			this.#known[point] = { moments: again, kept: kept.map(() => []) };
		}
	}

	estimate(point: number, field: number): Estimate {
		return estimateOf(this.moments(point, field), this.#controlMean(point, field), this.#population);
	}

	moments(point: number, field: number): Moments {
		return this.#known[point]?.moments[field] ?? noMoments;
	}

	/** What some samples give at the anchors around a point, by their weights. */
	#controls(point: number, field: number, from: number, length: number): Float64Array | undefined {
		if (!this.hasAnchors) return undefined;
		const controls = new Float64Array(length);
		for (const { anchor, weight } of anchorsAround(this.#grid, point)) {
			const values = this.#anchors.get(anchor)?.[field];
			for (let i = 0; i < length; i++) controls[i] = (controls[i] ?? 0) + weight * (values?.[from + i] ?? Number.NaN);
		}
		return controls;
	}

	/** Over all samples; null without anchors. */
	#controlMean(point: number, field: number): number | null {
		if (!this.hasAnchors) return null;
		return anchorsAround(this.#grid, point).reduce(
			(sum, { anchor, weight }) => sum + weight * (this.moments(anchor, field).sum / this.#population),
			0,
		);
	}
}

function joined(stretches: readonly Float64Array[]): Float64Array {
	const whole = new Float64Array(stretches.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const stretch of stretches) {
		whole.set(stretch, at);
		at += stretch.length;
	}
	return whole;
}
