import { rgb } from "d3-color";
import { checkCall, isOneOf, isWhole } from "../../check/values.js";
import { visible } from "../../check/visible.js";
import { gridPoints, isLine } from "../../surface/grid.js";
import { checkSurface, extrema, mainField, type Surface } from "../../surface/surface.js";
import { checkSmoothness, isSmooth, type PictureOptions, pictureChecks } from "../options.js";
import { samplesOf } from "../parts/cells.js";
import { against, type Colormap, colormap, colourTable, tableIndex } from "../parts/colormap.js";
import { frameAspect, planeRanges } from "../parts/frame.js";
import { planeLevels } from "../parts/levels.js";
import { fieldScale, percentScale, planeScale, type Tick, type ValueScale, withScale } from "../parts/scale.js";
import {
	braille,
	type Cell,
	filledLines,
	type Rgb,
	rowOf,
	type TerminalColours,
	terminalColours,
} from "../parts/terminal.js";
import { formatNumber } from "../parts/ticks.js";
import {
	constantLabel,
	constantValue,
	countNoValues,
	type DrawnField,
	drawnField,
	finiteValues,
	isPercentage,
	type NoValue,
} from "../parts/values.js";

/** How a picture in a terminal is drawn: of what pictures in files take, by what concerns scale, colours and levels. */
export interface PreviewOptions extends PictureOptions {
	/** How many characters wide the terminal is; from 20. */
	readonly columns: number;
	/** What colours it has. */
	readonly colours: TerminalColours;
}

const previewChecks = { ...pictureChecks, columns: isWhole(20), colours: isOneOf(terminalColours) };

/** A picture's characters: no more across, and of a line so many down. */
const [WIDEST, LINE_ROWS] = [40, 10];
/** Cells of the legend's colours: no more, and no fewer. */
const [LONGEST_RAMP, SHORTEST_RAMP] = [16, 4];
/** What share of black or white a pixel has on which a line falls. */
const LINE_SHARE = 0.35;

const minimumSign = "+";
const noValueSigns: Readonly<Record<NoValue, string>> = { "not computed": "·", NaN: "?", "+∞": "∞", "−∞": "∞" };

/**
 * A small picture of a surface's main field for a terminal, a text a line, none longer than it is wide: of a plane its colours and lines as
 * in the heat map, two pixels a character, or without colours its lines in Braille dots; of a line its curve. The lowest point is marked,
 * points without a value have signs, and a legend says what there is. Of a single point there is none.
 *
 * @throws {OptionError} for an unknown scale or colour map, a log scale over values not above 0, fewer than 20 columns
 */
export function preview(surface: Surface, options: PreviewOptions): string[] {
	checkSurface("surface", surface);
	checkCall(options, previewChecks);
	checkSmoothness(options);
	if (gridPoints(surface.grid) === 1) return [];
	return isLine(surface.grid) ? linePreview(surface, options) : planePreview(surface, options);
}

function planePreview(surface: Surface, options: PreviewOptions): string[] {
	const of = drawnField(surface, mainField(surface).name);
	const scale = planeScale(of.spec, finiteValues(of), options.scale);
	const map = colormap(options.colormap);
	const ranges = planeRanges(of, !isSmooth(options));
	const labels = [ranges.yRange[1], ranges.yRange[0]].map(formatNumber);
	const across = roomBeside(labels, options);
	const down = Math.max(3, Math.round((across * frameAspect(ranges)) / 2));
	const levels = planeLevels(of, scale, options.levels).filter(({ value }) => value < scale.max);
	const picture: PlanePicture = { of, scale, map, levels, ranges, smooth: isSmooth(options), across, down };
	const cells = options.colours === "none" ? dottedPlane(picture) : colouredPlane(picture);
	markLowest(cells, surface, of, ({ alpha, beta }) => [
		share(alpha, ranges.xRange) * across,
		(1 - share(beta, ranges.yRange)) * down,
	]);
	return [
		...framed(withScale(visible(of.label), scale), cells, { labels, middle: "β", ends: ranges.xRange }, options),
		...legend(surface, of, scale, levels, options),
	];
}

interface PlanePicture {
	readonly of: DrawnField;
	readonly scale: ValueScale;
	readonly map: Colormap;
	readonly levels: readonly Tick[];
	readonly ranges: ReturnType<typeof planeRanges>;
	readonly smooth: boolean;
	/** Characters. */
	readonly across: number;
	readonly down: number;
}

/** Two pixels a character, one over the other, in the heat map's colours, with its lines. */
function colouredPlane({ of, scale, map, levels, ranges, smooth, across, down }: PlanePicture): Cell[][] {
	const { positions, nearest } = samplesOf(of, ranges, scale, smooth, across, 2 * down);
	const isOnLine = linesBetween(positions, levels, across, 2 * down);
	const table = colourTable(map);
	const pixel = (x: number, y: number): Rgb | undefined => {
		const position = positions[y * across + x] ?? Number.NaN;
		if (Number.isNaN(position)) return undefined;
		const [r = 0, g = 0, b = 0] = table.subarray(3 * tableIndex(position));
		return isOnLine(x, y) ? mixed([r, g, b]) : [r, g, b];
	};
	return cellsOf(across, down, (x, y) => {
		const [upper, lower] = [pixel(x, 2 * y), pixel(x, 2 * y + 1)];
		if (upper === undefined && lower === undefined) return { character: signOf(of, nearest[2 * y * across + x] ?? -1) };
		if (upper === undefined) return { character: "▄", colour: lower };
		return { character: "▀", colour: upper, ground: lower };
	});
}

/** Lines in dots, eight a character. */
function dottedPlane({ of, scale, levels, ranges, smooth, across, down }: PlanePicture): Cell[][] {
	const dots = samplesOf(of, ranges, scale, smooth, 2 * across, 4 * down);
	const characters = braille(across, down, linesBetween(dots.positions, levels, 2 * across, 4 * down));
	const middles = samplesOf(of, ranges, scale, smooth, across, down);
	return cellsOf(across, down, (x, y) => {
		const middle = y * across + x;
		const isEmpty = Number.isNaN(middles.positions[middle]);
		return { character: isEmpty ? signOf(of, middles.nearest[middle] ?? -1) : (characters[y]?.[x] ?? " ") };
	});
}

/** Whether a pixel lies where two meet between which there is a level. */
function linesBetween(
	positions: Float64Array,
	levels: readonly Tick[],
	across: number,
	down: number,
): (x: number, y: number) => boolean {
	const band = (x: number, y: number) => {
		const position = positions[y * across + x] ?? Number.NaN;
		return Number.isNaN(position) ? null : levels.filter((level) => level.position <= position).length;
	};
	return (x, y) => {
		const own = band(x, y);
		const differs = (other: number | null) => own !== null && other !== null && other !== own;
		return (x + 1 < across && differs(band(x + 1, y))) || (y + 1 < down && differs(band(x, y + 1)));
	};
}

function linePreview(surface: Surface, options: PreviewOptions): string[] {
	const of = drawnField(surface, mainField(surface).name);
	const values = finiteValues(of);
	const scale = isPercentage(of.spec) ? percentScale(values) : fieldScale(of.spec, values, options.scale);
	const labels = [scale.max, scale.min].map(formatNumber);
	const across = roomBeside(labels, options);
	const [columns, rows] = [2 * across, 4 * LINE_ROWS];
	const height = heightsAlong(of, scale, columns);
	const dot = (x: number) => Math.round((1 - (height[x] ?? Number.NaN)) * (rows - 1));
	const characters = braille(across, LINE_ROWS, (x, y) => {
		const own = dot(x);
		if (Number.isNaN(own)) return false;
		// Steep stretches have no gaps: from the dot before up or down to its own.
		const before = x === 0 || Number.isNaN(dot(x - 1)) ? own : dot(x - 1);
		return y === own || (y > Math.min(own, before) && y < Math.max(own, before));
	});
	const cells: Cell[][] = characters.map((row) => row.map((character) => ({ character })));
	const range = [of.x.min, of.x.max] as const;
	for (const [point, kind] of of.kinds.entries()) {
		const column = Math.min(across - 1, Math.floor((point / Math.max(1, of.columns - 1)) * across));
		const bottom = cells.at(-1);
		if (kind !== "finite" && bottom !== undefined) bottom[column] = { character: noValueSigns[kind] };
	}
	markLowest(cells, surface, of, ({ alpha, value }) => [
		share(alpha, range) * across,
		(1 - scale.position(isPercentage(of.spec) ? 100 * value : value)) * LINE_ROWS,
	]);
	return [
		...framed(withScale(visible(of.label), scale), cells, { labels, middle: "", ends: range }, options),
		...legend(surface, of, scale, [], options),
	];
}

/** Heights of a curve, 0 to 1, at the middles of so many columns: straight from point to point, NaN beside one without a value. */
function heightsAlong(of: DrawnField, scale: ValueScale, columns: number): Float64Array {
	const position = (point: number) =>
		of.kinds[point] === "finite" ? scale.position(of.values[point] ?? Number.NaN) : Number.NaN;
	return Float64Array.from({ length: columns }, (_, column) => {
		const at = (column / (columns - 1)) * (of.columns - 1);
		const from = Math.floor(at);
		const part = at - from;
		return part === 0 ? position(from) : position(from) * (1 - part) + position(from + 1) * part;
	});
}

/** Puts the sign of the lowest point over the cell it lies in. */
function markLowest(
	cells: Cell[][],
	surface: Surface,
	of: DrawnField,
	placeOf: (lowest: NonNullable<ReturnType<typeof extrema>>["min"]) => readonly [number, number],
): void {
	const found = extrema(surface, of.spec.name);
	if (found === null || constantValue(of) !== null) return;
	const [x, y] = placeOf(found.min).map(Math.floor);
	const row = cells[Math.min(cells.length - 1, Math.max(0, y ?? 0))] ?? [];
	const column = Math.min(row.length - 1, Math.max(0, x ?? 0));
	const { colour } = row[column] ?? {};
	const mark = { character: minimumSign };
	row[column] = colour === undefined ? mark : { ...mark, colour: contrast(colour), ground: colour };
}

/** What stands around a picture's characters. */
interface Surroundings {
	/** At the upper and lower end of the left side. */
	readonly labels: readonly string[];
	/** And between them. */
	readonly middle: string;
	/** Of α. */
	readonly ends: readonly [number, number];
}

/** Characters left for a picture beside labels and a frame. */
function roomBeside(labels: readonly string[], { columns }: PreviewOptions): number {
	return Math.max(4, Math.min(WIDEST, columns - labelWidth(labels) - 3));
}

function labelWidth(labels: readonly string[]): number {
	return Math.max(...labels.map(({ length }) => length));
}

function framed(
	title: string,
	cells: readonly (readonly Cell[])[],
	{ labels, middle, ends }: Surroundings,
	{ colours, columns }: PreviewOptions,
): string[] {
	const width = labelWidth(labels);
	const across = cells[0]?.length ?? 0;
	const label = (row: number) => {
		if (row === 0) return labels[0] ?? "";
		if (row === cells.length - 1) return labels[1] ?? "";
		return row === cells.length >> 1 ? middle : "";
	};
	const indent = " ".repeat(width);
	const [low = "", high = ""] = ends.map(formatNumber);
	const gap = across - low.length - high.length;
	const under = gap < 3 ? `${low} ${high}` : `${low}${centred("α", gap)}${high}`;
	return [
		...filledLines([title], columns),
		`${indent} ┌${"─".repeat(across)}┐`,
		...cells.map((row, i) => `${label(i).padStart(width)} │${rowOf(row, colours)}│`),
		`${indent} └${"─".repeat(across)}┘`,
		`${indent}  ${under}`.slice(0, columns),
	];
}

function centred(text: string, width: number): string {
	return text.padStart(Math.ceil((width + text.length) / 2)).padEnd(width);
}

/** What colours, lines and signs stand for. */
function legend(
	surface: Surface,
	of: DrawnField,
	scale: ValueScale,
	levels: readonly Tick[],
	{ colours, columns, colormap: map }: PreviewOptions,
): string[] {
	const constant = constantValue(of);
	const lowest = extrema(surface, of.spec.name)?.min;
	const range = [scale.min, scale.max].map(formatNumber);
	const missing = countNoValues(of).map(
		({ kind, count }) => `${noValueSigns[kind]} ${kind} at ${count} ${count === 1 ? "point" : "points"}`,
	);
	if (lowest === undefined) return filledLines(missing, columns);
	if (constant !== null) return filledLines([visible(constantLabel(of, constant)), ...missing], columns);
	const value = formatNumber(isPercentage(of.spec) ? 100 * lowest.value : lowest.value);
	const at = [lowest.alpha, ...(of.y === null ? [] : [lowest.beta])].map(formatNumber).join(", ");
	const lines = levels.length === 0 ? [] : [`lines at ${levels.map(({ label }) => label).join(", ")}`];
	const room = Math.min(LONGEST_RAMP, columns - range.join("  ").length);
	const isColoured = of.y !== null && colours !== "none" && room >= SHORTEST_RAMP;
	const ramp = isColoured ? [`${range[0]} ${coloursOf(map, room, colours)} ${range[1]}`] : [];
	return [...ramp, ...filledLines([...lines, `${minimumSign} lowest, ${value} at (${at})`, ...missing], columns)];
}

/** A row of a map's colours, from its lowest to its highest. */
function coloursOf(map: string | undefined, length: number, colours: TerminalColours): string {
	const table = colourTable(colormap(map));
	const cells = Array.from({ length }, (_, i): Cell => {
		const [r = 0, g = 0, b = 0] = table.subarray(3 * tableIndex(i / (length - 1)));
		return { character: "█", colour: [r, g, b] };
	});
	return rowOf(cells, colours);
}

function cellsOf(across: number, down: number, cell: (x: number, y: number) => Cell): Cell[][] {
	return Array.from({ length: down }, (_, y) => Array.from({ length: across }, (_, x) => cell(x, y)));
}

function signOf({ kinds }: DrawnField, point: number): string {
	const kind = kinds[point];
	return kind === undefined || kind === "finite" ? " " : noValueSigns[kind];
}

function share(value: number, [min, max]: readonly [number, number]): number {
	return (value - min) / (max - min);
}

/** Black or white, whichever stands out more. */
function contrast([r, g, b]: Rgb): Rgb {
	return against(rgb(r, g, b).formatHex()) === "#000" ? [0, 0, 0] : [255, 255, 255];
}

/** A colour with a line over it. */
function mixed(colour: Rgb): Rgb {
	const over = contrast(colour);
	const [r = 0, g = 0, b = 0] = colour.map((value, i) => Math.round(value + LINE_SHARE * ((over[i] ?? 0) - value)));
	return [r, g, b];
}
