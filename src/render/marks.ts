import { basename } from "node:path";
import type { Surface } from "../surface.js";
import { type LegendEntry, type Rect, type } from "./figure.js";
import type { Frame } from "./plane.js";
import { drawText, round, textWidth } from "./text.js";

/** A named place on the plane (or, with β left out, on a line). */
export interface Mark {
	readonly alpha: number;
	readonly beta?: number;
	readonly label?: string;
}

const cross = (x: number, y: number) =>
	`<path d="M${round(x - 6)} ${round(y)}h12m-6-6v12" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>` +
	`<path d="M${round(x - 5)} ${round(y)}h10m-5-5v10" fill="none" stroke="#000" stroke-width="1.4"/>`;

const within = (value: number, [min, max]: readonly [number, number]) => value >= min && value <= max;

/** The networks that a surface goes through by its notes: the ends of a line, the corners of a plane. Undefined for others. */
export function networkMarks({ y, provenance: { notes } }: Pick<Surface, "y" | "provenance">): Mark[] | undefined {
	const { weights, to, secondTo } = notes;
	if (to === undefined || to === null) return undefined;
	const start = weights === undefined || weights === "shipped" ? "start" : nameOf(weights);
	const first = { alpha: 0, beta: 0, label: start };
	const others = [{ alpha: 1, beta: 0, label: nameOf(to) }];
	if (y !== null && secondTo !== undefined) others.push({ alpha: 0, beta: 1, label: nameOf(secondTo) });
	return [first, ...others];
}

/** A file's name without directories and ending; `init:SEED` as it is. */
function nameOf(note: unknown): string {
	return basename(String(note)).replace(/\.safetensors$/, "");
}

/** A cross at the origin, unless a mark stands there, and a labelled dot at each mark, where they lie in the frame. */
export function drawMarks(frame: Frame, marks: readonly Mark[]): string {
	const parts: string[] = [];
	if (showsOrigin(frame, marks)) parts.push(cross(frame.toX(0), frame.toY(0)));
	for (const { alpha, beta = 0, label = "" } of marks) {
		if (!within(alpha, frame.xRange) || !within(beta, frame.yRange)) continue;
		const [x, y] = [frame.toX(alpha), frame.toY(beta)];
		parts.push(
			`<circle cx="${round(x)}" cy="${round(y)}" r="3.6" fill="#fff" stroke="#000" stroke-width="1.3"/>`,
			drawText(label, ...besides(frame, x, y, label)),
		);
	}
	return parts.filter((part) => part !== "").join("\n");
}

/** Right of a dot, or left of it where the frame ends first. */
function besides(frame: Rect, x: number, y: number, label: string): [number, number, Parameters<typeof drawText>[3]] {
	const style = { size: type.legend, middle: true, fill: "#000", halo: "#fff" };
	const fits = x + 8 + textWidth(label, type.legend) < frame.x + frame.width;
	return fits ? [x + 8, y, style] : [x - 8, y, { ...style, anchor: "end" }];
}

/** The room that `drawMarks` takes, for text that should keep clear of it. */
export function markBoxes(frame: Frame, marks: readonly Mark[]): Rect[] {
	const boxes = marks.map(({ alpha, beta = 0, label = "" }) => {
		const [x, y, { anchor }] = besides(frame, frame.toX(alpha), frame.toY(beta), label);
		const width = textWidth(label, type.legend) + 16;
		return { x: anchor === "end" ? x - width + 16 : x - 16, y: y - 8, width, height: 16 };
	});
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
