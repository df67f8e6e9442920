import { OptionError } from "../../errors.js";
import { axesOf, cellOf, coordinatesOf, gridPoints } from "../../surface/grid.js";
import { type Surface, valueAt } from "../../surface/surface.js";
import { type LegendEntry, overlap, type Rect } from "./figure.js";
import { type Frame, spacing } from "./frame.js";
import { round } from "./text.js";
import { ink } from "./theme.js";
import { formatNumber } from "./ticks.js";

/** Arrows stand at least so far apart, and the longest is so long, in user units. */
const APART = 34;
const LONGEST = 25;

/** Shorter ones are a dot: their direction can't be seen. */
const SHORTEST = 3;

/** The slopes of a surface at a point. */
interface Slope {
	readonly point: number;
	readonly x: number;
	readonly y: number;
}

/** @throws {OptionError} where a surface has no slopes along both axes */
export function checkArrows({ fields }: { readonly fields: readonly { readonly name: string }[] }): void {
	const there = new Set(fields.map(({ name }) => name));
	if (!there.has("slope-x") || !there.has("slope-y"))
		throw new OptionError(
			"arrows",
			`expected a plane swept with --fields loss,slope-x,slope-y, this one has ${[...there].join(", ")}`,
		);
}

/**
 * Arrows along which the surface rises fastest as it is drawn: at right angles to its contour lines, whatever the lengths of the
 * axes' units. Their lengths go by the square root of the slope, so that both valley and walls can be read. Those that would leave the
 * frame, or cover what has to be kept clear, are left out.
 *
 * @throws {OptionError} where it has no slopes
 */
export function drawArrows(surface: Surface, frame: Frame, clear: readonly Rect[]): string {
	const slopes = slopesOf(surface);
	const { x: xAxis, y: yAxis } = axesOf(surface.grid);
	if (yAxis === null) return "";
	const perUnit = {
		x: frame.width / (frame.xRange[1] - frame.xRange[0]),
		y: frame.height / (frame.yRange[1] - frame.yRange[0]),
	};
	const stride = {
		x: Math.max(1, Math.ceil(APART / (spacing(xAxis) * perUnit.x))),
		y: Math.max(1, Math.ceil(APART / (spacing(yAxis) * perUnit.y))),
	};
	const first = {
		x: Math.floor(((xAxis.steps - 1) % stride.x) / 2),
		y: Math.floor(((yAxis.steps - 1) % stride.y) / 2),
	};
	const most = longest(slopes);
	const lines: string[] = [];
	for (const slope of slopes) {
		const { column, row } = cellOf(surface.grid, slope.point);
		if (column % stride.x !== first.x || row % stride.y !== first.y) continue;
		const [alpha = 0, beta = 0] = coordinatesOf(surface.grid, slope.point);
		const [right, down] = [slope.x / perUnit.x, -slope.y / perUnit.y];
		const size = Math.hypot(right, down);
		const length = most === 0 ? 0 : LONGEST * Math.sqrt(Math.hypot(slope.x, slope.y) / most);
		const [x, y] = [frame.toX(alpha), frame.toY(beta)];
		const [toX, toY] = size === 0 ? [0, 0] : [right / size, down / size];
		const reach = { x: Math.abs(toX * length) / 2 + 2, y: Math.abs(toY * length) / 2 + 2 };
		const box = { x: x - reach.x, y: y - reach.y, width: 2 * reach.x, height: 2 * reach.y };
		if (isInside(box, frame) && !clear.some((rect) => overlap(box, rect))) lines.push(arrow(x, y, length, toX, toY));
	}
	return stroked(lines.join(""));
}

/** What the arrows stand for. */
export function arrowsLegend(surface: Surface): LegendEntry[] {
	const most = formatNumber(longest(slopesOf(surface)));
	return [
		{
			label: `in-plane gradient, uphill; the longest is ${most}, a quarter of it half as long`,
			symbol: (x, y) => stroked(arrow(x, y, 17, 1, 0)),
		},
	];
}

function isInside(box: Rect, frame: Rect): boolean {
	return (
		box.x >= frame.x &&
		box.y >= frame.y &&
		box.x + box.width <= frame.x + frame.width &&
		box.y + box.height <= frame.y + frame.height
	);
}

function slopesOf(surface: Surface): Slope[] {
	checkArrows(surface);
	const [along, across] = ["slope-x", "slope-y"].map((name) => surface.fields.find((field) => field.name === name));
	if (along === undefined || across === undefined) return [];
	return Array.from({ length: gridPoints(surface.grid) }, (_, point) => ({
		point,
		x: valueAt(surface, along, point),
		y: valueAt(surface, across, point),
	})).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

function longest(slopes: readonly Slope[]): number {
	return slopes.reduce((most, { x, y }) => Math.max(most, Math.hypot(x, y)), 0);
}

/** Path data of an arrow whose middle is at a point; of a dot where it is too short. */
function arrow(x: number, y: number, length: number, right: number, down: number): string {
	if (length < SHORTEST) return `M${round(x)} ${round(y)}h0`;
	const at = (along: number, across: number) =>
		`${round(x + along * right - across * down)} ${round(y + along * down + across * right)}`;
	const [tip, head] = [length / 2, Math.min(5, length / 2.5)];
	return `M${at(-tip, 0)}L${at(tip, 0)}M${at(tip - head, -head * 0.6)}L${at(tip, 0)}L${at(tip - head, head * 0.6)}`;
}

/** Dark with a light rim, which shows on any colour. */
function stroked(data: string): string {
	if (data === "") return "";
	const path = (colour: string, width: number, opacity: number) =>
		`<path d="${data}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
	return `${path(ink.halo, 2.6, 0.7)}\n${path(ink.mark, 1.1, 1)}`;
}
