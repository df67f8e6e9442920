import type { Surface } from "../../surface/surface.js";
import { type LegendEntry, overlap, type Rect, type } from "./figure.js";
import type { Frame } from "./frame.js";
import { drawText, round, textWidth } from "./text.js";
import { ink } from "./theme.js";

/** A named place on the plane (or, with β left out, on a line). */
export interface Mark {
	readonly alpha: number;
	readonly beta?: number;
	readonly label?: string;
}

const cross = (x: number, y: number) =>
	`<path d="M${round(x - 6)} ${round(y)}h12m-6-6v12" fill="none" stroke="${ink.halo}" stroke-width="3.4" stroke-linecap="round"/>` +
	`<path d="M${round(x - 5)} ${round(y)}h10m-5-5v10" fill="none" stroke="${ink.mark}" stroke-width="1.4"/>`;

const within = (value: number, [min, max]: readonly [number, number]) => value >= min && value <= max;

/** Marks of the networks that lie on a section; undefined where the origin is no more than its middle. */
export function networkMarks({ anchors }: Pick<Surface, "anchors">): Mark[] | undefined {
	if (!anchors.some(({ role }) => role === "end")) return undefined;
	return anchors.map(({ label, at: [alpha = 0, beta = 0] }) => ({ alpha, beta, label }));
}

/**
 * A cross at the origin, unless a mark stands there or none is wanted, and a labelled dot at each mark, where they lie in the frame.
 *
 * @param taken what names keep clear of besides
 */
export function drawMarks(frame: Frame, marks: readonly Mark[], origin = true, taken: readonly Rect[] = []): string {
	const parts: string[] = [];
	if (origin && showsOrigin(frame, marks)) parts.push(cross(frame.toX(0), frame.toY(0)));
	for (const { x, y, label, room } of placeNames(frame, marks, taken)) {
		const style = { size: type.legend, middle: true, fill: ink.mark, halo: ink.halo };
		parts.push(
			`<circle cx="${round(x)}" cy="${round(y)}" r="3.6" fill="${ink.halo}" stroke="${ink.mark}" stroke-width="1.3"/>`,
			drawText(label, room.x + GAP, room.y + room.height / 2, style),
		);
	}
	return parts.filter((part) => part !== "").join("\n");
}

/** From a dot to its name, and around both. */
const GAP = 8;

/** A mark that lies in the frame, and the room its name takes. */
interface PlacedMark {
	readonly x: number;
	readonly y: number;
	readonly label: string;
	readonly room: Rect;
}

/** Names right of their dots, or else left, above or below: where the frame has room first, and no other dot or name is. */
function placeNames(frame: Frame, marks: readonly Mark[], obstacles: readonly Rect[]): PlacedMark[] {
	const dots = marks
		.filter(({ alpha, beta = 0 }) => within(alpha, frame.xRange) && within(beta, frame.yRange))
		.map(({ alpha, beta = 0, label = "" }) => ({ x: frame.toX(alpha), y: frame.toY(beta), label }));
	const placed: PlacedMark[] = [];
	for (const dot of dots) {
		const taken = [
			...dots.filter((other) => other !== dot).map(({ x, y }) => ({ x: x - 4, y: y - 4, width: 8, height: 8 })),
			...placed.map(({ room }) => room),
			...obstacles.filter((box) => !overlap(box, { x: dot.x - 1, y: dot.y - 1, width: 2, height: 2 })),
		];
		const places = roomsBeside(frame, dot);
		const inside = places.filter((room) => room.x >= frame.x && room.x + room.width <= frame.x + frame.width);
		const free = inside.find((room) => !taken.some((other) => overlap(room, other)));
		const room = free ?? inside[0] ?? places[0];
		if (room !== undefined) placed.push({ ...dot, room });
	}
	return placed;
}

function roomsBeside(frame: Rect, { x, y, label }: Omit<PlacedMark, "room">): Rect[] {
	const size = { width: textWidth(label, type.legend) + 2 * GAP, height: 2 * GAP };
	const middle = Math.max(frame.x, Math.min(x - size.width / 2, frame.x + frame.width - size.width));
	return [
		{ x, y: y - GAP, ...size },
		{ x: x - size.width, y: y - GAP, ...size },
		{ x: middle, y: y - 3 * GAP, ...size },
		{ x: middle, y: y + GAP, ...size },
	];
}

/** The room that `drawMarks` takes, for text that should keep clear of it. */
export function markBoxes(frame: Frame, marks: readonly Mark[], taken: readonly Rect[] = []): Rect[] {
	const boxes = placeNames(frame, marks, taken).flatMap(({ x, y, room }) => [
		room,
		{ x: x - GAP, y: y - GAP, width: 2 * GAP, height: 2 * GAP },
	]);
	if (showsOrigin(frame, marks)) boxes.push({ x: frame.toX(0) - 7, y: frame.toY(0) - 7, width: 14, height: 14 });
	return boxes;
}

function showsOrigin(ranges: Pick<Frame, "xRange" | "yRange">, marks: readonly Mark[]): boolean {
	const taken = marks.some(({ alpha, beta = 0 }) => alpha === 0 && beta === 0);
	return !taken && within(0, ranges.xRange) && within(0, ranges.yRange);
}

/** The legend's word for the cross at the origin, where it is drawn. */
export function originLegend(ranges: Pick<Frame, "xRange" | "yRange">, marks: readonly Mark[]): LegendEntry[] {
	return showsOrigin(ranges, marks) ? [{ label: "origin (0, 0)", symbol: cross }] : [];
}
