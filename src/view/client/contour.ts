import { isolines } from "../../render/isolines.js";
import { against, coloursApart } from "../../render/parts/colormap.js";
import { linearTicks } from "../../render/parts/ticks.js";
import { countNoValues, type NoValue } from "../../render/parts/values.js";
import { element } from "./dom.js";
import { pixelsOf } from "./image.js";
import {
	BAR_ROOM,
	drawColourBar,
	drawCursor,
	drawShape,
	FONT,
	hatching,
	type Ink,
	readyCanvas,
	type Shape,
	trace,
	write,
} from "./paper.js";
import { atShare, axisName, lossColour, type Plane, shareOf } from "./plane.js";
import { standingOn, trainingsOn } from "./standing.js";
import { reachOf, type Scene, type View } from "./view.js";

interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

const [LEFT, TOP, BOTTOM] = [58, 14, 46];

/** The plane from above: colours, lines at the levels with their values, networks and trainings. */
export function contourView(): View {
	const canvas = element("canvas", { class: "plane" });
	const holder = element("div", { class: "view" }, canvas);
	let scene: Scene | null = null;
	let image: { readonly plane: Plane; readonly pixels: OffscreenCanvas } | null = null;
	const boxOf = (plane: Plane): Box => {
		const [wide, high] = [holder.clientWidth - LEFT - BAR_ROOM, holder.clientHeight - TOP - BOTTOM];
		const width = Math.max(40, Math.min(wide, high / plane.depth));
		return { x: LEFT + Math.max(0, (wide - width) / 2), y: TOP, width, height: width * plane.depth };
	};
	return {
		element: holder,
		show(given) {
			scene = given;
		},
		draw() {
			if (scene === null) return;
			const { plane, settings, ink, cursor } = scene;
			const context = readyCanvas(canvas, holder.clientWidth, holder.clientHeight);
			if (context === null) return;
			if (image?.plane !== plane) image = { plane, pixels: pixelsOf(plane, settings.smooth) };
			const box = boxOf(plane);
			drawHoles(context, plane, box, ink);
			drawImage(context, image.pixels, box, settings.smooth);
			drawLevels(context, scene, box);
			drawAxes(context, plane, box, ink);
			drawColourBar(context, plane, ink, { x: box.x + box.width + 30, y: box.y, height: box.height });
			if (settings.marks) drawStanding(context, scene, box);
			if (cursor !== null) drawCursor(context, ...placeIn(plane, box, cursor.alpha, cursor.beta), ink);
		},
		placeAt(x, y) {
			if (scene === null) return null;
			const { plane } = scene;
			const box = boxOf(plane);
			const [u, v] = [(x - box.x) / box.width, 1 - (y - box.y) / box.height];
			if (u < -0.02 || u > 1.02 || v < -0.02 || v > 1.02) return null;
			const clamp = (share: number) => Math.min(1, Math.max(0, share));
			return { alpha: atShare(clamp(u), plane.xRange), beta: atShare(clamp(v), plane.yRange) };
		},
		reach() {
			if (scene === null) return { alpha: 0, beta: 0 };
			const box = boxOf(scene.plane);
			return reachOf(scene.plane, box.width, box.height);
		},
		picture: () => canvas,
		close: () => undefined,
	};
}

function placeIn({ xRange, yRange }: Plane, box: Box, alpha: number, beta: number): [number, number] {
	return [box.x + shareOf(alpha, xRange) * box.width, box.y + (1 - shareOf(beta, yRange)) * box.height];
}

/** Pixels lie around their places: half of one goes beyond the frame, which cuts it off. */
function drawImage(
	context: CanvasRenderingContext2D,
	pixels: OffscreenCanvas,
	{ x, y, width, height }: Box,
	smooth: boolean,
): void {
	const [halfX, halfY] = [width / (pixels.width - 1) / 2, height / (pixels.height - 1) / 2];
	context.save();
	context.beginPath();
	context.rect(x, y, width, height);
	context.clip();
	context.imageSmoothingEnabled = smooth;
	context.drawImage(pixels, x - halfX, y - halfY, width + 2 * halfX, height + 2 * halfY);
	context.restore();
}

/** Cells of points without a value: hatched where none was computed, else in colours that are none of the map's. */
function drawHoles(context: CanvasRenderingContext2D, plane: Plane, box: Box, ink: Ink): void {
	const { of, map } = plane;
	const kinds = countNoValues(of);
	if (kinds.length === 0) return;
	const [nan = "", above = "", below = ""] = coloursApart(map, 3, ink.paper);
	const fills: Readonly<Record<NoValue, CanvasPattern | string>> = {
		NaN: nan,
		"+∞": above,
		"−∞": below,
		"not computed": hatching(context, ink),
	};
	context.save();
	context.beginPath();
	context.rect(box.x, box.y, box.width, box.height);
	context.clip();
	const [cellX, cellY] = [box.width / (of.columns - 1), box.height / (of.rows - 1)];
	for (const [point, kind] of of.kinds.entries()) {
		if (kind === "finite") continue;
		const [column, row] = [point % of.columns, Math.floor(point / of.columns)];
		context.fillStyle = fills[kind];
		const [x, y] = [box.x + (column - 0.5) * cellX, box.y + box.height - (row + 0.5) * cellY];
		context.fillRect(x, y, cellX + 0.5, cellY + 0.5);
	}
	context.restore();
}

function drawLevels(context: CanvasRenderingContext2D, { plane, settings, ink }: Scene, box: Box): void {
	const { heights, levels, map, scale } = plane;
	const [unitX, unitY] = [box.width / (heights.columns - 1), box.height / (heights.rows - 1)];
	const lines = (position: number) =>
		isolines(heights, position).map((line) =>
			Array.from({ length: line.length / 2 }, (_, i): [number, number] => [
				box.x + (line[2 * i] ?? 0) * unitX,
				box.y + box.height - (line[2 * i + 1] ?? 0) * unitY,
			]),
		);
	context.lineJoin = "round";
	const taken: Box[] = [];
	for (const { position, label, value } of levels) {
		if (value >= scale.max) continue;
		const colour = against(map(position));
		const drawn = lines(position);
		context.beginPath();
		for (const line of drawn) trace(context, line);
		context.globalAlpha = 0.75;
		context.strokeStyle = colour;
		context.lineWidth = 0.9;
		context.stroke();
		context.globalAlpha = 1;
		for (const line of drawn) labelLine(context, line, label, colour, map(position), box, taken);
	}
	if (settings.level === null) return;
	context.beginPath();
	for (const line of lines(settings.level)) trace(context, line);
	for (const [colour, width] of [
		[ink.halo, 5],
		[ink.accent, 2.4],
	] as const) {
		context.strokeStyle = colour;
		context.lineWidth = width;
		context.stroke();
	}
}

/** A line's value where the line is flattest, if it is long enough and nothing else is there. */
function labelLine(
	context: CanvasRenderingContext2D,
	line: readonly (readonly [number, number])[],
	label: string,
	colour: string,
	ground: string,
	frame: Box,
	taken: Box[],
): void {
	const size = 10.5;
	context.font = `${size}px ${FONT}`;
	const width = context.measureText(label).width + 6;
	let best: { readonly x: number; readonly y: number; readonly turn: number } | null = null;
	let least = 1.2;
	for (let i = 0; i < line.length; i++) {
		const [from, to] = [line[i - 6], line[i + 6]];
		const at = line[i];
		if (from === undefined || to === undefined || at === undefined) continue;
		const [x, y] = at;
		const room = { x: x - width / 2, y: y - width / 2, width, height: width };
		const isInside = room.x > frame.x && room.x + width < frame.x + frame.width;
		const isClear =
			y > frame.y + 10 && y < frame.y + frame.height - 10 && !taken.some((other) => overlaps(room, other));
		const slope = Math.abs((to[1] - from[1]) / (Math.abs(to[0] - from[0]) || 1e-9));
		if (!isInside || !isClear || slope >= least) continue;
		const turn = Math.atan((to[1] - from[1]) / (to[0] - from[0] || 1e-9));
		[best, least] = [{ x, y, turn }, slope];
	}
	if (best === null || lengthOf(line) < 2.5 * width) return;
	taken.push({ x: best.x - width / 2, y: best.y - width / 2, width, height: width });
	write(context, label, best.x, best.y, { size, align: "center", colour, halo: ground, turn: best.turn });
}

function lengthOf(line: readonly (readonly [number, number])[]): number {
	return line.reduce((sum, [x, y], i) => {
		const before = line[i - 1];
		return before === undefined ? sum : sum + Math.hypot(x - before[0], y - before[1]);
	}, 0);
}

function overlaps(a: Box, b: Box): boolean {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function drawAxes(context: CanvasRenderingContext2D, plane: Plane, box: Box, ink: Ink): void {
	context.strokeStyle = ink.axis;
	context.lineWidth = 1;
	context.strokeRect(box.x, box.y, box.width, box.height);
	context.fillStyle = ink.axis;
	const look = { size: 11, colour: ink.text } as const;
	for (const { value, label } of linearTicks(...plane.xRange, Math.max(2, Math.round(box.width / 90)))) {
		const x = box.x + shareOf(value, plane.xRange) * box.width;
		context.fillRect(x - 0.5, box.y + box.height, 1, 4);
		write(context, label, x, box.y + box.height + 13, { ...look, align: "center" });
	}
	for (const { value, label } of linearTicks(...plane.yRange, Math.max(2, Math.round(box.height / 70)))) {
		const y = box.y + (1 - shareOf(value, plane.yRange)) * box.height;
		context.fillRect(box.x - 4, y - 0.5, 4, 1);
		write(context, label, box.x - 7, y, { ...look, align: "right" });
	}
	const title = { size: 13, align: "center", colour: ink.text } as const;
	write(context, axisName(plane.surface, 0), box.x + box.width / 2, box.y + box.height + 33, title);
	write(context, axisName(plane.surface, 1), box.x - 46, box.y + box.height / 2, { ...title, turn: -Math.PI / 2 });
}

function drawStanding(context: CanvasRenderingContext2D, { plane, ink }: Scene, box: Box): void {
	const colourOf = (loss: number) => lossColour(plane, loss, ink.halo);
	context.save();
	context.beginPath();
	context.rect(box.x - 6, box.y - 6, box.width + 12, box.height + 12);
	context.clip();
	for (const { stops } of trainingsOn(plane.surface)) {
		const places = stops.map(({ alpha, beta }) => placeIn(plane, box, alpha, beta));
		for (const [colour, width] of [
			[ink.halo, 3.4],
			[ink.mark, 1.3],
		] as const) {
			context.beginPath();
			trace(context, places);
			context.strokeStyle = colour;
			context.lineWidth = width;
			context.stroke();
		}
		for (const [i, [x, y]] of places.entries()) {
			const shape: Shape = i === 0 ? "square" : i === places.length - 1 ? "diamond" : "dot";
			drawShape(context, shape, x, y, colourOf(stops[i]?.loss ?? Number.NaN), ink);
		}
	}
	for (const { label, alpha, beta, role, loss } of standingOn(plane.surface)) {
		const [x, y] = placeIn(plane, box, alpha, beta);
		const shape = role === "origin" ? "cross" : role === "marked" ? "triangle" : "dot";
		drawShape(context, shape, x, y, loss === undefined ? ink.halo : colourOf(loss), ink);
		if (role === "origin") continue;
		const isRight = x > box.x + box.width * 0.7;
		const align = isRight ? "right" : "left";
		write(context, label, x + (isRight ? -9 : 9), y, { size: 12, align, colour: ink.mark, halo: ink.halo });
	}
	context.restore();
}
