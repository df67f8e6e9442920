import { type AxisStyle, type Rect, type } from "./figure.js";
import { type Frame, frameOver } from "./frame.js";
import type { Place } from "./path.js";
import type { Tick } from "./scale.js";
import { drawText, round, textWidth } from "./text.js";
import { ink } from "./theme.js";
import type { Box, Projection } from "./view.js";

/** From an axis to the middle of what stands at it, in user units. */
const [TICK, GAP] = [5, 5];

/** The floor, and the two walls behind, with lines at the ticks of the height. */
export function drawBackground(box: Box, { place, nearX, nearY }: Projection, heights: readonly Tick[]): string {
	const [x, y] = [-nearX / 2, (-nearY * box.depth) / 2];
	const { floor, height: top } = box;
	const walls = [
		[place(x, y, floor), place(-x, y, floor), place(-x, y, top), place(x, y, top)],
		[place(x, y, floor), place(x, -y, floor), place(x, -y, top), place(x, y, top)],
	];
	const ground = [place(x, y, floor), place(-x, y, floor), place(-x, -y, floor), place(x, -y, floor)];
	const levels = heights.map(({ position }) => {
		const z = position * box.height;
		return line([place(-x, y, z), place(x, y, z), place(x, -y, z)]);
	});
	return [
		...walls.map((wall) => `<path d="${line(wall)}z" fill="${ink.paper}" stroke="${ink.grid}" stroke-width="0.8"/>`),
		`<path d="${levels.join("")}" fill="none" stroke="${ink.grid}" stroke-width="0.8"/>`,
		`<path d="${line(ground)}z" fill="${ink.paper}" stroke="${ink.axis}" stroke-width="0.8" stroke-linejoin="round"/>`,
	].join("\n");
}

/** What is drawn on a frame of a plane, laid on the floor. */
export function onFloor(
	box: Box,
	{ place }: Projection,
	ranges: Pick<Frame, "xRange" | "yRange">,
	draw: (frame: Frame) => string,
): string {
	const rect: Rect = { x: 0, y: 0, width: 400, height: 400 * box.depth };
	const drawn = draw(frameOver(rect, ranges.xRange, ranges.yRange));
	if (drawn === "") return "";
	const corner = place(-0.5, box.depth / 2, box.floor);
	const across = place(0.5, box.depth / 2, box.floor);
	const down = place(-0.5, -box.depth / 2, box.floor);
	const numbers = [
		(across.x - corner.x) / rect.width,
		(across.y - corner.y) / rect.width,
		(down.x - corner.x) / rect.height,
		(down.y - corner.y) / rect.height,
	].map((value) => String(Math.round(value * 1e5) / 1e5));
	return `<g transform="matrix(${numbers.join(" ")} ${round(corner.x)} ${round(corner.y)})">\n${drawn}\n</g>`;
}

/** The axes of α and β along the floor's near edges, and that of the height where the box ends at the left. */
export function drawReliefAxes(
	box: Box,
	{ place, nearX, nearY }: Projection,
	axes: { readonly alpha: AxisStyle; readonly beta: AxisStyle; readonly height: AxisStyle },
): string {
	const [x, y] = [nearX / 2, (nearY * box.depth) / 2];
	const corners = [-0.5, 0.5].flatMap((px) => [-0.5, 0.5].map((py) => [px, py * box.depth] as const));
	const [[leftX, leftY] = [0, 0]] = corners.toSorted((a, b) => place(...a, 0).x - place(...b, 0).x);
	const middle = place(0, 0, box.floor);
	return [
		drawAxis(axes.alpha, (at) => place(at - 0.5, y, box.floor), middle),
		drawAxis(axes.beta, (at) => place(x, (at - 0.5) * box.depth, box.floor), middle),
		drawAxis(axes.height, (at) => place(leftX, leftY, at * box.height), place(0, 0, box.height / 2)),
	].join("\n");
}

/** An axis along a straight line, its ticks, labels and name on the side that is further from a place within. */
function drawAxis({ label, ticks }: AxisStyle, at: (position: number) => Place, within: Place): string {
	const [start, end] = [at(0), at(1)];
	const length = Math.hypot(end.x - start.x, end.y - start.y);
	const side = { x: (start.y - end.y) / length, y: (end.x - start.x) / length };
	const half = at(0.5);
	const outwards = (half.x - within.x) * side.x + (half.y - within.y) * side.y < 0 ? -1 : 1;
	const out = { x: side.x * outwards, y: side.y * outwards };
	const beyond = (from: Place, by: number) => ({ x: from.x + out.x * by, y: from.y + out.y * by });
	/** From the middle of a text to where it ends towards the axis. */
	const reach = (text: string) =>
		Math.abs(out.x) * (textWidth(text, type.tick) / 2) + Math.abs(out.y) * (type.tick / 2);
	const widest = Math.max(0, ...ticks.map((tick) => reach(tick.label)));
	const angle = Math.atan2(end.y - start.y, end.x - start.x) * (180 / Math.PI);
	const upright = angle > 90 ? angle - 180 : angle < -89.999 ? angle + (angle < -90.001 ? 180 : 0) : angle;
	const name = beyond(half, TICK + GAP + 2 * widest + 7 + type.label / 2);
	return [
		`<path d="${line([start, end])}${ticks.map(({ position }) => line([at(position), beyond(at(position), TICK)])).join("")}" fill="none" stroke="${ink.axis}" stroke-width="0.8"/>`,
		`<g fill="${ink.text}">`,
		...ticks.map((tick) => {
			const { x, y } = beyond(at(tick.position), TICK + GAP + reach(tick.label));
			return drawText(tick.label, x, y, { size: type.tick, anchor: "middle", middle: true });
		}),
		drawText(label, name.x, name.y, { size: type.label, anchor: "middle", middle: true, rotate: upright }),
		"</g>",
	].join("\n");
}

/** Path data of a line through places. */
export function line(places: readonly Place[]): string {
	return `M${places.map(({ x, y }) => `${round(x)} ${round(y)}`).join("L")}`;
}
