import { axesOf } from "../../surface/grid.js";
import { mainField, type Surface } from "../../surface/surface.js";
import { allPaths, markedName, offPlaneShares, type Path, type PathPoint } from "../../surface/trajectory.js";
import type { Colormap } from "./colormap.js";
import { type LegendEntry, legendSymbol, type Rect, type } from "./figure.js";
import { type Frame, holds, within } from "./frame.js";
import { dashesOf } from "./palette.js";
import type { ValueScale } from "./scale.js";
import { drawText, round, textWidth } from "./text.js";
import { ink } from "./theme.js";
import { formatNumber } from "./ticks.js";

/** A dot, and the ring around a network that lies at right angles to the plane, in user units. */
const [DOT, RING] = [3, 12];

/**
 * Trainings over a picture: a line from network to network, each a dot in the colour of its own loss, with a ring as wide as its
 * share of the way off the plane. A square is where a training starts, a diamond where it ends.
 */
export function drawPaths(surface: Surface, frame: Frame, colour: (loss: number) => string): string {
	const paths = surface.trajectories?.paths ?? [];
	return [
		...paths.map((path, number) => drawPath(path, number, frame, colour)),
		drawMarked(surface, frame, colour),
	].join("\n");
}

/** Networks that are marked: a triangle in the colour of the own loss, with its ring and its name. */
export function drawMarked({ trajectories }: Surface, frame: Frame, colour: (loss: number) => string): string {
	return (trajectories?.marks ?? [])
		.filter(({ at }) => holds(frame, at))
		.map((point) => {
			const [x = 0, y = 0] = point.at;
			const place = { x: frame.toX(x), y: frame.toY(y) };
			const room = markedRoom(frame, point);
			return [
				drawRing(place, point),
				triangle(place, colour(point.loss)),
				drawText(markedName(point), room.x + 4, room.y + room.height / 2, {
					...{ size: type.legend, middle: true, fill: ink.mark, halo: ink.halo },
				}),
			].join("\n");
		})
		.join("\n");
}

/** The room of a marked network's name: right of it, or left where the frame ends. */
function markedRoom(frame: Frame, point: PathPoint): Rect {
	const [x = 0, y = 0] = point.at;
	const width = textWidth(markedName(point), type.legend) + 8;
	const right = frame.toX(x) + 6;
	const fits = right + width <= frame.x + frame.width;
	return { x: fits ? right : frame.toX(x) - 6 - width, y: frame.toY(y) - 8, width, height: 16 };
}

/** The colour of a loss on a scale; beyond its ends that of the end, and white for a loss that is none. */
export function colourOn(scale: ValueScale, map: Colormap): (loss: number) => string {
	return (loss) => {
		if (!Number.isFinite(loss)) return ink.halo;
		return map(Math.min(1, Math.max(0, scale.position(Math.min(scale.max, Math.max(scale.min, loss))))));
	};
}

/** On the picture of another field, where no loss has a colour. */
export const uncoloured = () => ink.halo;

/** Lines of trainings, cut off at the frame where these go beyond it. */
export function cutToFrame(paths: readonly Path[], frame: Frame, svg: string, id?: string): string {
	const goesBeyond = paths.some(({ points }) => points.some(({ at }) => !holds(frame, at)));
	return goesBeyond ? within(frame, svg, id) : svg;
}

function drawPath(path: Path, number: number, frame: Frame, colour: (loss: number) => string): string {
	const { points } = path;
	const places = points.map(({ at: [x = 0, y = 0] }) => ({ x: frame.toX(x), y: frame.toY(y) }));
	const line = places.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
	const dash = dashesOf(number);
	const lines = [
		`<path d="${line}" fill="none" stroke="${ink.halo}" stroke-opacity="0.8" stroke-width="3.4" stroke-linejoin="round"/>`,
		`<path d="${line}" fill="none" stroke="${ink.mark}" stroke-width="1.3" stroke-linejoin="round"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`,
	].join("\n");
	const inside = points.flatMap((point, i) => (holds(frame, point.at) ? [{ point, i }] : []));
	return [
		cutToFrame([path], frame, lines, `path-${number}`),
		...inside.map(({ point, i }) => drawRing(places[i] ?? { x: 0, y: 0 }, point)),
		...inside.map(({ point, i }) => {
			const shape = i === 0 ? square : i === points.length - 1 ? diamond : dot;
			return shape(places[i] ?? { x: 0, y: 0 }, colour(point.loss));
		}),
	].join("\n");
}

/** The ring around a network, which grows with its share off the plane; none where that is not known. */
export function drawRing({ x, y }: Place, { offPlaneShare }: PathPoint): string {
	if (!Number.isFinite(offPlaneShare)) return "";
	const radius = DOT + RING * offPlaneShare;
	return ring(x, y, radius);
}

/** Dark with a light rim, which shows on any colour. */
function ring(x: number, y: number, radius: number): string {
	const circle = (colour: string, opacity: number, width: number) =>
		`<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}"/>`;
	return `${circle(ink.halo, 0.5, 1.8)}${circle(ink.mark, 0.6, 0.7)}`;
}

/** A place in the figure, in user units. */
export interface Place {
	readonly x: number;
	readonly y: number;
}

const outline = `stroke="${ink.mark}" stroke-width="0.9"`;
const rim = `fill="none" stroke="${ink.halo}" stroke-opacity="0.9" stroke-width="2.6"`;

export function dot({ x, y }: Place, colour: string): string {
	const shape = `<circle cx="${round(x)}" cy="${round(y)}" r="${DOT}"`;
	return `${shape} ${rim}/>${shape} fill="${colour}" ${outline}/>`;
}

export function square({ x, y }: Place, colour: string): string {
	const shape = `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8"`;
	return `${shape} ${rim}/>${shape} fill="${colour}" ${outline}/>`;
}

export function diamond({ x, y }: Place, colour: string): string {
	const shape = `<path d="M${round(x)} ${round(y - 5.5)}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"`;
	return `${shape} ${rim}/>${shape} fill="${colour}" ${outline}/>`;
}

function triangle({ x, y }: Place, colour: string): string {
	const shape = `<path d="M${round(x)} ${round(y - 6)}l5.5 9.5h-11z"`;
	return `${shape} ${rim}/>${shape} fill="${colour}" ${outline}/>`;
}

/** What lines, rings and shapes stand for. */
export function pathsLegend(surface: Surface, isColoured: boolean): LegendEntry[] {
	const { trajectories } = surface;
	if (trajectories === undefined) return [];
	return [...trainingsLegend(trajectories.paths), ...networksLegend(surface, isColoured)];
}

/** Which line is which training. */
export function trainingsLegend(paths: readonly Path[]): LegendEntry[] {
	const half = legendSymbol.width / 2;
	return paths.map((path, number) => ({
		label: paths.length === 1 ? `training, ${path.points.length} networks` : path.label,
		symbol: (x: number, y: number) =>
			`<path d="M${round(x - half)} ${round(y)}h${legendSymbol.width}" stroke="${ink.mark}" stroke-width="1.3" stroke-dasharray="${dashesOf(number)}"/>`,
	}));
}

/** How many networks the picture does not reach; empty where it reaches all. */
export function beyondLegend({ grid, trajectories }: Surface): LegendEntry[] {
	const { x, y } = axesOf(grid);
	if (trajectories === undefined || y === null) return [];
	const places = allPaths(trajectories).flatMap(({ points }) => points.map(({ at }) => at));
	const ranges = { xRange: [x.min, x.max], yRange: [y.min, y.max] } as const;
	const beyond = places.filter((at) => !holds(ranges, at)).length;
	const label = `${beyond} of ${places.length} networks lie beyond the picture`;
	return beyond === 0 ? [] : [{ label, symbol: () => "" }];
}

/** What shapes and rings stand for. */
export function networksLegend(surface: Surface, isColoured: boolean): LegendEntry[] {
	const { trajectories } = surface;
	const { most, far, all } = offPlaneShares(trajectories === undefined ? [] : allPaths(trajectories));
	const warning = far === 0 ? "" : `; ${far} of ${all} more than half`;
	const rings: readonly LegendEntry[] = [
		{
			label: `share of its way off the plane, here up to ${formatNumber(100 * most)} %${warning}`,
			symbol: (x, y) => ring(x, y, 6),
		},
	];
	const isKnown = isOfAny(surface, ({ offPlaneShare }) => offPlaneShare);
	return [...shapesLegend(surface, isColoured), ...(isKnown ? rings : []), ...beyondLegend(surface)];
}

/** What the shapes of networks stand for. */
export function shapesLegend(surface: Surface, isColoured: boolean): LegendEntry[] {
	const { label } = mainField(surface);
	const ends: readonly LegendEntry[] = [
		{ label: "start", symbol: (x, y) => square({ x, y }, ink.halo) },
		{ label: "end", symbol: (x, y) => diamond({ x, y }, ink.halo) },
	];
	return [
		...(surface.trajectories?.paths.length ? ends : []),
		{
			label: !isColoured
				? "a network"
				: isOfAny(surface, ({ loss }) => loss)
					? `a network, in the colour of its own ${label}`
					: `a network, whose own ${label} is not known`,
			symbol: (x, y) => dot({ x, y }, ink.halo),
		},
	];
}

/** Whether something is known of a network; a file of another program may tell where they lie and no more. */
function isOfAny({ trajectories }: Surface, known: (point: PathPoint) => number): boolean {
	const paths = trajectories === undefined ? [] : allPaths(trajectories);
	return paths.some(({ points }) => points.some((point) => !Number.isNaN(known(point))));
}

/** Whether a network of a training stands at the origin, which then needs no mark of its own. */
export function isAtOrigin({ trajectories }: Pick<Surface, "trajectories">): boolean {
	return (trajectories?.paths ?? []).some(({ points }) => points.some(({ at }) => at.every((place) => place === 0)));
}

/** The room of the dots, for text that should keep clear of them. */
export function pathBoxes({ trajectories }: Pick<Surface, "trajectories">, frame: Frame): Rect[] {
	const dots = (trajectories === undefined ? [] : allPaths(trajectories)).flatMap(({ points }) =>
		points.map(({ at: [x = 0, y = 0] }) => ({ x: frame.toX(x) - 6, y: frame.toY(y) - 6, width: 12, height: 12 })),
	);
	const marks = (trajectories?.marks ?? []).filter(({ at }) => holds(frame, at));
	return [...dots, ...marks.map((point) => markedRoom(frame, point))];
}
