import type { Surface } from "../../surface/surface.js";
import { markedName } from "../../surface/trajectory.js";
import type { Colormap } from "./colormap.js";
import { type LegendEntry, type } from "./figure.js";
import type { Frame } from "./frame.js";
import type { Heights } from "./interpolation.js";
import type { Mark } from "./marks.js";
import { dashesOf } from "./palette.js";
import {
	beyondLegend,
	colourOn,
	diamond,
	isAtOrigin,
	type Place,
	shapesLegend,
	square,
	trainingsLegend,
} from "./path.js";
import type { ValueScale } from "./scale.js";
import { drawText, round } from "./text.js";
import { ink } from "./theme.js";
import type { Box, Projection } from "./view.js";

type Ranges = Pick<Frame, "xRange" | "yRange">;

/** Where things stand on a relief, and by what they have their colours. */
interface Ground {
	readonly heights: Heights;
	readonly box: Box;
	readonly projection: Projection;
	readonly ranges: Ranges;
	readonly scale: ValueScale;
	readonly map: Colormap;
	readonly marks: readonly Mark[];
}

/** How far a pin's head stands above the box, by its height. */
const ABOVE = 1.1;

/**
 * Pins at the origin and at marks, and trainings lying on the surface, by the tiles they are drawn with: what is nearer hides them, but
 * for a pin's head, which stands out above the box.
 */
export function standingOn(surface: Surface, ground: Ground): Map<number, string> {
	const { ranges, marks, scale, map } = ground;
	const standing = new Map<number, string>();
	const add = (spot: Spot, drawn: string) => standing.set(spot.tile, `${standing.get(spot.tile) ?? ""}${drawn}`);
	for (const { alpha, beta = 0, label = "" } of [
		...originMark(surface, ranges, marks),
		...marks,
		...networkPins(surface),
	]) {
		const spot = spotAt(ground, alpha, beta);
		if (spot !== null) add(spot, pin(spot, label));
	}
	const colour = colourOn(scale, map);
	for (const [number, { points }] of (surface.trajectories?.paths ?? []).entries()) {
		for (const [i, { at }] of points.entries()) {
			const before = points[i - 1]?.at;
			if (before !== undefined) for (const [spot, drawn] of stretches(ground, before, at, number)) add(spot, drawn);
		}
		for (const [i, { at, loss }] of points.entries()) {
			const spot = spotAt(ground, at[0] ?? 0, at[1] ?? 0);
			if (spot === null) continue;
			const isEnd = i === 0 || i === points.length - 1;
			const shape = i === 0 ? square : isEnd ? diamond : point;
			add(isEnd ? nearer(ground, spot) : spot, shape(spot.foot, colour(loss)));
		}
	}
	return standing;
}

/** What pins, lines and shapes stand for. */
export function standingLegend(surface: Surface, ranges: Ranges, marks: readonly Mark[]): LegendEntry[] {
	const { paths = [] } = surface.trajectories ?? {};
	const symbol = (x: number, y: number) => pin({ foot: { x, y: y + 5 }, head: { x, y: y - 4 } }, "");
	return [
		...originMark(surface, ranges, marks).map(() => ({ label: "origin (0, 0)", symbol })),
		...trainingsLegend(paths),
		...(paths.length > 0 ? shapesLegend(surface, true) : []),
		...beyondLegend(surface),
	];
}

/** The origin, unless something else is drawn there, or it lies elsewhere. */
function originMark(surface: Surface, ranges: Ranges, marks: readonly Mark[]): Mark[] {
	const isTaken = isAtOrigin(surface) || marks.some(({ alpha, beta = 0 }) => alpha === 0 && beta === 0);
	return isTaken || !isWithin(0, ranges.xRange) || !isWithin(0, ranges.yRange) ? [] : [{ alpha: 0, beta: 0 }];
}

/** Networks that are marked, by their names. */
function networkPins({ trajectories }: Surface): Mark[] {
	return (trajectories?.marks ?? []).map((point) => {
		const [alpha = 0, beta = 0] = point.at;
		return { alpha, beta, label: markedName(point) };
	});
}

function isWithin(value: number, [min, max]: readonly [number, number]): boolean {
	return value >= min && value <= max;
}

/** A place on the surface as it is seen, the place above it over the box, and the tile it is on. */
interface Spot {
	readonly foot: Place;
	readonly head: Place;
	readonly tile: number;
}

/** Null beyond the plane; over a hole a spot lies on the floor. */
function spotAt({ heights, box, projection, ranges }: Ground, alpha: number, beta: number): Spot | null {
	if (!isWithin(alpha, ranges.xRange) || !isWithin(beta, ranges.yRange)) return null;
	const share = (value: number, [min, max]: readonly [number, number]) => (value - min) / (max - min);
	const [u, v] = [share(alpha, ranges.xRange), share(beta, ranges.yRange)];
	const [x, y] = [u * (heights.columns - 1), v * (heights.rows - 1)];
	const [column, row] = [Math.min(heights.columns - 2, Math.floor(x)), Math.min(heights.rows - 2, Math.floor(y))];
	const at = (c: number, r: number) => heights.values[r * heights.columns + c] ?? Number.NaN;
	const [p, q] = [x - column, y - row];
	const height =
		(at(column, row) * (1 - p) + at(column + 1, row) * p) * (1 - q) +
		(at(column, row + 1) * (1 - p) + at(column + 1, row + 1) * p) * q;
	const z = Number.isNaN(height) ? box.floor : Math.min(1, height) * box.height;
	const place = (up: number) => projection.place(u - 0.5, (v - 0.5) * box.depth, up);
	return { foot: place(z), head: place(ABOVE * box.height), tile: row * (heights.columns - 1) + column };
}

function pin({ foot, head }: Pick<Spot, "foot" | "head">, label: string): string {
	return [
		`<path d="M${round(foot.x)} ${round(foot.y)}V${round(head.y)}" stroke="${ink.halo}" stroke-opacity="0.7" stroke-width="2.6"/>`,
		`<path d="M${round(foot.x)} ${round(foot.y)}V${round(head.y)}" stroke="${ink.mark}" stroke-width="1"/>`,
		`<circle cx="${round(head.x)}" cy="${round(head.y)}" r="2.8" fill="${ink.halo}" stroke="${ink.mark}" stroke-width="1.2"/>`,
		drawText(label, head.x, head.y - 10, {
			...{ size: type.legend, anchor: "middle", middle: true, fill: ink.mark, halo: ink.halo },
		}),
	]
		.filter((part) => part !== "")
		.join("");
}

/** A network among many, without the rim that flat pictures have room for. */
function point({ x, y }: Place, colour: string): string {
	return `<circle cx="${round(x)}" cy="${round(y)}" r="2.2" fill="${colour}" stroke="${ink.mark}" stroke-width="0.7"/>`;
}

/** Drawn some tiles later, so that the networks beside it don't cover where a training starts or ends. */
function nearer({ heights, projection }: Ground, spot: Spot): Spot {
	const [columns, rows] = [heights.columns - 1, heights.rows - 1];
	const moved = (index: number, near: number, count: number) => Math.min(count - 1, Math.max(0, index + 4 * near));
	const column = moved(spot.tile % columns, projection.nearX, columns);
	return { ...spot, tile: moved(Math.floor(spot.tile / columns), projection.nearY, rows) * columns + column };
}

/** The straight line between two networks, laid on the surface in short stretches, each with the spot it is drawn at. */
function stretches(ground: Ground, from: readonly number[], to: readonly number[], number: number): [Spot, string][] {
	const { columns, rows } = ground.heights;
	const { xRange, yRange } = ground.ranges;
	const [[x0 = 0, y0 = 0], [x1 = 0, y1 = 0]] = [from, to];
	const tiles = Math.max(
		(Math.abs(x1 - x0) / (xRange[1] - xRange[0])) * (columns - 1),
		(Math.abs(y1 - y0) / (yRange[1] - yRange[0])) * (rows - 1),
	);
	const count = Math.max(1, Math.min(4 * Math.max(columns, rows), Math.ceil(tiles)));
	const spots = Array.from({ length: count + 1 }, (_, i) =>
		spotAt(ground, x0 + ((x1 - x0) * i) / count, y0 + ((y1 - y0) * i) / count),
	);
	const dash = dashesOf(number);
	return spots.slice(1).flatMap((spot, i): [Spot, string][] => {
		const before = spots[i];
		if (spot === null || before === null || before === undefined || (dash !== "" && i % 3 === 2)) return [];
		const data = `M${round(before.foot.x)} ${round(before.foot.y)}L${round(spot.foot.x)} ${round(spot.foot.y)}`;
		return [[spot, `<path d="${data}" stroke="${ink.mark}" stroke-width="1.6" stroke-linecap="round"/>`]];
	});
}
