import { tableIndex } from "../../render/parts/colormap.js";
import { withScale } from "../../render/parts/scale.js";
import { formatNumber } from "../../render/parts/ticks.js";
import type { Plane } from "./plane.js";

/** Colours of the page's theme, as its style sheet has them. */
export interface Ink {
	readonly paper: string;
	readonly text: string;
	readonly axis: string;
	readonly grid: string;
	readonly faint: string;
	readonly accent: string;
	readonly hatch: string;
	/** Stand out from any colour of a map, one by the other. */
	readonly mark: string;
	readonly halo: string;
}

const inks = ["paper", "text", "axis", "grid", "faint", "accent", "hatch", "mark", "halo"] as const;

/** The colours in force. */
export function inkOf(page: HTMLElement): Ink {
	const style = getComputedStyle(page);
	return Object.fromEntries(inks.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as unknown as Ink;
}

export const FONT = `"DejaVu Sans", Verdana, system-ui, sans-serif`;

/** A canvas of so many CSS pixels, cleared and ready to be drawn on in them. */
export function readyCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
	const ratio = window.devicePixelRatio || 1;
	const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
	if (canvas.width !== across) canvas.width = across;
	if (canvas.height !== down) canvas.height = down;
	const context = canvas.getContext("2d");
	context?.setTransform(ratio, 0, 0, ratio, 0, 0);
	context?.clearRect(0, 0, width, height);
	return context;
}

/** Adds a line through places to what is drawn next. */
export function trace(context: CanvasRenderingContext2D, line: readonly (readonly [x: number, y: number])[]): void {
	for (const [i, [x, y]] of line.entries()) (i === 0 ? context.moveTo : context.lineTo).call(context, x, y);
}

export interface TextLook {
	readonly size?: number;
	readonly align?: CanvasTextAlign;
	readonly baseline?: CanvasTextBaseline;
	readonly colour: string;
	readonly halo?: string;
	/** Clockwise, in radians. */
	readonly turn?: number;
}

export function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, look: TextLook): void {
	const { size = 12, align = "left", baseline = "middle", colour, halo, turn = 0 } = look;
	context.save();
	context.translate(x, y);
	context.rotate(turn);
	context.font = `${size}px ${FONT}`;
	context.textAlign = align;
	context.textBaseline = baseline;
	if (halo !== undefined) {
		context.strokeStyle = halo;
		context.lineWidth = 3;
		context.lineJoin = "round";
		context.strokeText(text, 0, 0);
	}
	context.fillStyle = colour;
	context.fillText(text, 0, 0);
	context.restore();
}

/** The same, moved so far that it is seen whole. */
export function writeWithin(
	context: CanvasRenderingContext2D,
	text: string,
	x: number,
	y: number,
	look: TextLook,
	width: number,
): void {
	const { size = 12, align = "left" } = look;
	context.font = `${size}px ${FONT}`;
	const long = context.measureText(text).width;
	const left = x - { left: 0, start: 0, center: long / 2, right: long, end: long }[align];
	write(context, text, Math.max(4, Math.min(left, width - long - 4)), y, { ...look, align: "left" });
}

/** Room that a colour bar takes at the right. */
export const BAR_ROOM = 92;

/** The colours by their values, with the field's name along it. */
export function drawColourBar(
	context: CanvasRenderingContext2D,
	plane: Plane,
	ink: Ink,
	box: { readonly x: number; readonly y: number; readonly height: number },
): void {
	const { scale, table, of, isCut } = plane;
	const { x, y, height } = box;
	const width = 14;
	for (let i = 0; i < height; i++) {
		const from = tableIndex(1 - i / (height - 1)) * 3;
		context.fillStyle = `rgb(${table[from]} ${table[from + 1]} ${table[from + 2]})`;
		context.fillRect(x, y + i, width, 1.5);
	}
	context.strokeStyle = ink.axis;
	context.lineWidth = 1;
	context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
	const ticks = scale.ticks(6).filter(({ position }) => position >= -1e-9 && position <= 1 + 1e-9);
	for (const { position, label } of ticks) {
		const at = y + (1 - position) * height;
		context.fillStyle = ink.axis;
		context.fillRect(x + width, at - 0.5, 4, 1);
		write(context, label, x + width + 7, at, { size: 11, colour: ink.text });
	}
	const name = `${withScale(of.label, scale)}${isCut ? `, cut off at ${formatNumber(scale.max)}` : ""}`;
	write(context, name, x - 9, y + height / 2, { size: 12, align: "center", turn: -Math.PI / 2, colour: ink.text });
}

/** A ring around a place. */
export function drawCursor(context: CanvasRenderingContext2D, x: number, y: number, ink: Ink): void {
	for (const [colour, width] of [
		[ink.halo, 3.5],
		[ink.mark, 1.5],
	] as const) {
		context.beginPath();
		context.arc(x, y, 6, 0, 2 * Math.PI);
		context.strokeStyle = colour;
		context.lineWidth = width;
		context.stroke();
	}
}

export type Shape = "dot" | "square" | "diamond" | "triangle" | "cross";

/** A sign with an outline and a rim, which stands out from any colour. */
export function drawShape(
	context: CanvasRenderingContext2D,
	shape: Shape,
	x: number,
	y: number,
	fill: string,
	ink: Ink,
): void {
	context.beginPath();
	const size = shape === "dot" ? 3 : 5;
	if (shape === "dot") context.arc(x, y, size, 0, 2 * Math.PI);
	else if (shape === "square") context.rect(x - 4, y - 4, 8, 8);
	else if (shape === "cross") {
		context.moveTo(x - size, y);
		context.lineTo(x + size, y);
		context.moveTo(x, y - size);
		context.lineTo(x, y + size);
	} else {
		context.moveTo(x, y - size);
		context.lineTo(x + size, shape === "diamond" ? y : y + 4);
		if (shape === "diamond") context.lineTo(x, y + size);
		context.lineTo(x - size, shape === "diamond" ? y : y + 4);
		context.closePath();
	}
	context.lineJoin = "round";
	context.strokeStyle = ink.halo;
	context.lineWidth = 3.4;
	context.stroke();
	context.strokeStyle = ink.mark;
	context.lineWidth = 1.3;
	context.stroke();
	if (shape === "cross") return;
	context.fillStyle = fill;
	context.fill();
}

/** Slanting lines over what is not known. */
export function hatching(context: CanvasRenderingContext2D, ink: Ink): CanvasPattern | string {
	return context.createPattern(hatchTile(ink), "repeat") ?? ink.hatch;
}

/** What is repeated, so many pixels wide. */
export function hatchTile(ink: Ink, side = 8): HTMLCanvasElement {
	const tile = document.createElement("canvas");
	[tile.width, tile.height] = [side, side];
	const context = tile.getContext("2d");
	if (context === null) return tile;
	context.fillStyle = ink.paper;
	context.fillRect(0, 0, side, side);
	context.strokeStyle = ink.hatch;
	context.lineWidth = side / 5;
	context.beginPath();
	for (const from of [-side, 0, side]) {
		context.moveTo(from - 1, side + 1);
		context.lineTo(from + side + 1, -1);
	}
	context.stroke();
	return tile;
}
