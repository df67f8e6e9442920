import { formatNumber } from "../render/parts/ticks.js";
import { type Axis, type Grid, gridPoints, isLine } from "../surface/grid.js";
import { type Extremum, mainField, type Surface } from "../surface/surface.js";
import { type Topology, topology } from "../topology/topology.js";

/** The finite losses of a grid. */
export function finiteLosses(surface: Surface): Float64Array {
	const values = mainField(surface).values.subarray(0, gridPoints(surface.grid));
	return values.filter((value, point) => surface.done[point] === 1 && Number.isFinite(value));
}

/** From the lowest to the highest finite loss, and that as a share of the largest. */
export function reliefOf(surface: Surface) {
	const losses = finiteLosses(surface);
	const low = losses.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
	const high = losses.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
	const size = Math.max(Math.abs(low), Math.abs(high));
	return { low, high, share: size === 0 || losses.length === 0 ? 0 : (high - low) / size, points: losses.length };
}

/** Of the loss: what rounding of float32 outputs can make by itself. */
const ROUNDING = 1e-5;

/** Whether a surface of several points differs by no more than that. */
export function isRounding(surface: Surface): boolean {
	const { share, points } = reliefOf(surface);
	return points > 1 && share < ROUNDING;
}

/** Whether it is of a line or plane between networks, whose origin is one of them and no middle. */
export function isBetweenNetworks({ anchors }: Pick<Surface, "anchors">): boolean {
	return anchors.some(({ role }) => role === "end");
}

/** The topology of the loss; null where a value is −∞, or none is there. */
export function diagramFor(surface: Surface): Topology | null {
	const values = mainField(surface).values.subarray(0, gridPoints(surface.grid));
	const known = values.filter((value, point) => surface.done[point] === 1 && !Number.isNaN(value));
	return known.length === 0 || known.includes(Number.NEGATIVE_INFINITY) ? null : topology(surface);
}

/** Where an extremum lies, for people. */
export function placeText({ grid }: Pick<Surface, "grid">, { alpha, beta }: Extremum): string {
	return isLine(grid) ? `α = ${formatNumber(alpha)}` : `(${formatNumber(alpha)}, ${formatNumber(beta)})`;
}

export function spacingOf({ min, max, steps }: Axis): number {
	return (max - min) / Math.max(1, steps - 1);
}

/** Two digits are enough for a range. */
export function rounded(value: number): number {
	return Number(value.toPrecision(2));
}

/** Options for the same grid with its axes as many times as long. */
export function narrowed({ axes }: Grid, times: number): Readonly<Record<string, Axis>> {
	return byName(axes.map(({ min, max, steps }) => ({ min: rounded(min * times), max: rounded(max * times), steps })));
}

/** Options for the axes that a sweep has where nothing is said. */
export function usualAxes({ axes }: Grid): Readonly<Record<string, unknown>> {
	return { x: undefined, y: axes.length === 1 ? null : undefined };
}

/** Options for axes around the origin with a point there. */
export function axesAround({ axes }: Grid): Readonly<Record<string, Axis>> {
	return byName(
		axes.map(({ min, max, steps }) => {
			const half = rounded(Math.max(Math.abs(min), Math.abs(max), 0.1));
			return { min: -half, max: half, steps: steps % 2 === 0 ? steps + 1 : Math.max(3, steps) };
		}),
	);
}

/** Options for the same axes with a point more between every two. */
export function finer({ axes }: Grid): Readonly<Record<string, Axis>> {
	return byName(axes.map(({ min, max, steps }) => ({ min, max, steps: 2 * steps - 1 })));
}

function byName(axes: readonly Axis[]): Readonly<Record<string, Axis>> {
	return Object.fromEntries(axes.map((axis, i) => [i === 0 ? "x" : "y", axis]));
}
