import { type Colormap, colourTable, tableIndex } from "./colormap.js";
import type { Heights } from "./interpolation.js";
import type { Place } from "./path.js";
import type { Box, Projection } from "./view.js";

/** What is drawn of a surface in a box. */
export interface ShadedSurface {
	/** Evenly over the box: 0 its lowest value, 1 its top; above that it is cut off, and NaN is a hole. */
	readonly heights: Heights;
	readonly box: Box;
	readonly projection: Projection;
	readonly map: Colormap;
	/** Heights at which lines are drawn on it. */
	readonly levels: readonly number[];
	/** Drawings on the surface by the tile they stand on, counted in row order; what is nearer than the tiles around it hides them. */
	readonly standing: ReadonlyMap<number, string>;
}

/** Where a surface is cut off: no colour of a map, and flat. */
export const cutColour = "#dcdcdc";

const [AMBIENT, DIRECT, UNDERSIDE] = [0.66, 0.42, 0.55];
/** Towards the light: from the left of who looks, half-way up. */
const LIGHT = [-0.45, 0.45, 0.77] as const;

/**
 * The surface as tiles, the furthest first, so that the nearer cover what they hide (painter's algorithm). Of heights over a grid seen
 * in parallel lines that is exact: a tile hides only such as lie further along both axes. Lines and what stands on a tile come with
 * the next one along both axes, by when all around it is there and covers none of their width.
 */
export function drawShadedSurface(surface: ShadedSurface): string {
	const { heights, projection, standing } = surface;
	const across = heights.columns - 1;
	const columns = order(across, projection.nearX);
	const rows = order(heights.rows - 1, projection.nearY);
	const tileAt = tilePainter(surface);
	const drawn: string[] = [];
	const over = new Map<number, string>();
	const [lastColumn = 0, lastRow = 0] = [columns.at(-1), rows.at(-1)];
	const drawOver = (column: number, row: number) => {
		const tile = row * across + column;
		drawn.push(over.get(tile) ?? "", standing.get(tile) ?? "");
	};
	for (const row of rows) {
		for (const column of columns) {
			const { tile, lines } = tileAt(column, row);
			drawn.push(tile);
			over.set(row * across + column, lines);
			const [beforeColumn, beforeRow] = [column - projection.nearX, row - projection.nearY];
			if (columns.includes(beforeColumn) && rows.includes(beforeRow)) drawOver(beforeColumn, beforeRow);
		}
	}
	// The nearest have none that comes after.
	for (const row of rows) if (row !== lastRow) drawOver(lastColumn, row);
	for (const column of columns) drawOver(column, lastRow);
	// Lines take all from the group, which keeps them short.
	return `<g fill="none" stroke="#262626" stroke-width="0.6" stroke-linejoin="round" stroke-linecap="round">\n${drawn.filter((part) => part !== "").join("\n")}\n</g>`;
}

/** Indices up to a count, the furthest first. */
function order(count: number, near: 1 | -1): number[] {
	return Array.from({ length: count }, (_, i) => (near === 1 ? i : count - 1 - i));
}

/** A tile's own drawing, and the lines that cross it. */
interface DrawnTile {
	readonly tile: string;
	readonly lines: string;
}

const nothing: DrawnTile = { tile: "", lines: "" };

/** Draws a tile by its column and row: in the colour of its mean height, shaded by its slope, what is cut off flat. */
function tilePainter({ heights, box, projection, map, levels }: ShadedSurface) {
	const { columns, rows, values } = heights;
	const table = colourTable(map);
	const [width, depth] = [1 / (columns - 1), box.depth / (rows - 1)];
	const place = (column: number, row: number, height: number) =>
		projection.place(column * width - 0.5, row * depth - box.depth / 2, Math.min(1, height) * box.height);
	// Each point is a corner of four tiles.
	const places = Array.from(values, (height, i) => place(i % columns, Math.floor(i / columns), height));
	const written = places.map(pair);
	const floorTurn = turn(corners.map(([x, y]) => projection.place(x, y, 0)));
	const light = turned(LIGHT, projection);
	const colourOf = ([a, b, c, d]: Corners, isUnderside: boolean) => {
		const across = ((b + c - a - d) / 2 / width) * box.height;
		const up = ((c + d - a - b) / 2 / depth) * box.height;
		const facing = (light[2] - across * light[0] - up * light[1]) / Math.sqrt(1 + across * across + up * up);
		const shade = isUnderside ? UNDERSIDE : AMBIENT + DIRECT * Math.max(0, facing);
		const from = tableIndex((a + b + c + d) / 4) * 3;
		return hex([0, 1, 2].map((channel) => (table[from + channel] ?? 0) * shade));
	};
	return (column: number, row: number): DrawnTile => {
		const around = corners.map(([right, up]) => (row + up) * columns + column + right);
		const raw = around.map((point) => values[point] ?? Number.NaN) as Corners;
		if (raw.some(Number.isNaN)) return nothing;
		const outline = around.map((point) => written[point] ?? "");
		const [lowest, highest] = [Math.min(...raw), Math.max(...raw)];
		if (lowest > 1) return { tile: filled(outline, cutColour), lines: "" };
		// Corners that go around it in the figure the other way than on the floor are seen from below.
		const isUnderside = turn(around.flatMap((point) => places[point] ?? [])) > 0 !== floorTurn > 0;
		const colour = colourOf(raw.map((height) => Math.min(1, height)) as Corners, isUnderside);
		const pairAt = ([u, v, height]: readonly [number, number, number]) => pair(place(column + u, row + v, height));
		const crossed = isUnderside ? [] : levels.filter((level) => lowest < level && level <= highest);
		const data = crossed.flatMap((level) => {
			const [from, to] = crossing(raw, level).map(([u, v]) => pairAt([u, v, level]));
			return from === undefined ? [] : [`M${from}L${to}`];
		});
		return {
			tile:
				highest > 1
					? `${filled(outline, cutColour)}\n${filled(belowCut(raw).map(pairAt), colour)}`
					: filled(outline, colour),
			lines: data.length === 0 ? "" : `<path d="${data.join("")}"/>`,
		};
	};
}

/** An area around places that are written as pairs. */
function filled(outline: readonly string[], colour: string): string {
	return `<path d="M${outline.join("L")}z" fill="${colour}" stroke="${colour}"/>`;
}

/** Above 0 for four places that go around one way, below it for the other. */
function turn([a, b, c, d]: readonly Place[]): number {
	if (a === undefined || b === undefined || c === undefined || d === undefined) return 0;
	return (c.x - a.x) * (d.y - b.y) - (c.y - a.y) * (d.x - b.x);
}

/** The part of a tile that is not cut off, as corners right, up and high. */
function belowCut(heights: Corners): [number, number, number][] {
	return corners.flatMap(([u0, v0], i): [number, number, number][] => {
		const [u1, v1] = corners[(i + 1) % 4] ?? corners[0];
		const [from, to] = [heights[i] ?? 0, heights[(i + 1) % 4] ?? 0];
		const own: [number, number, number][] = from > 1 ? [] : [[u0, v0, from]];
		if (from > 1 === to > 1) return own;
		const share = (1 - from) / (to - from);
		return [...own, [u0 + (u1 - u0) * share, v0 + (v1 - v0) * share, 1]];
	});
}

type Corners = [number, number, number, number];

/** Of a tile, around it: right and up of its first. */
const corners = [
	[0, 0],
	[1, 0],
	[1, 1],
	[0, 1],
] as const;

/** Where a level crosses the edges of a tile: two places or none; of four, as of a saddle, the first two. */
function crossing(heights: Corners, level: number): [number, number][] {
	const found: [number, number][] = [];
	for (let i = 0; i < 4 && found.length < 2; i++) {
		const [from, to] = [(heights[i] ?? 0) - level, (heights[(i + 1) % 4] ?? 0) - level];
		if (from >= 0 === to >= 0) continue;
		const share = from / (from - to);
		const [[x0, y0], [x1, y1]] = [corners[i] ?? corners[0], corners[(i + 1) % 4] ?? corners[0]];
		found.push([x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]);
	}
	return found;
}

/** A direction given to the right of, away from and above who looks, in the box: by quarters, which is near enough for light. */
function turned([right, away, up]: typeof LIGHT, { nearX, nearY }: Projection): readonly [number, number, number] {
	// Looking from (nearX, nearY): to the right is a quarter turn on.
	return [right * -nearY - away * nearX * 0.5, right * nearX - away * nearY * 0.5, up];
}

function hex(channels: readonly number[]): string {
	return `#${channels.map((value) => Math.min(255, Math.round(value)).toString(16).padStart(2, "0")).join("")}`;
}

/** To a tenth of a unit: tiles are some units long and overlap by half of one. */
function pair({ x, y }: Place): string {
	return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
