import { mainField, type Surface } from "../../surface/surface.js";
import { delaysOf, type Film } from "../film.js";
import { isSmooth, type PictureOptions } from "../options.js";
import { defaultTitle, describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { pixelRatio } from "../parts/cells.js";
import { against, type Colormap, colormap } from "../parts/colormap.js";
import { colourBar } from "../parts/colour-bar.js";
import { type Frame, frameAspect, planeRanges, within } from "../parts/frame.js";
import { scaleLevels } from "../parts/levels.js";
import { type Mark, markBoxes, originLegend } from "../parts/marks.js";
import { type NoValueColours, noValueColours, noValueDefinitions, noValueLegend } from "../parts/no-value.js";
import { colourOn, drawMarked, isAtOrigin, networksLegend, pathBoxes } from "../parts/path.js";
import {
	aboutWide,
	type Beside,
	leftRoom,
	type PlaneFigure,
	planeFigure,
	planeTicks,
	upTicks,
} from "../parts/plane-figure.js";
import { rangesAround } from "../parts/ranges.js";
import { planeScale, scaleOver, type Tick, type ValueScale, withScale } from "../parts/scale.js";
import { type Column, cellWidth, tableUnder } from "../parts/table.js";
import { paperOf } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { drawTrails, trailsLegend } from "../parts/trail.js";
import { croppedField, type DrawnField, drawnField, finiteValues } from "../parts/values.js";
import { drawLabelledIsolines } from "./contour.js";
import { drawHeat } from "./heatmap.js";

/** A narrower figure has no room for its table, in user units. */
const LEAST_WIDTH = 560;
/** About so many lines a frame: each has its value on it. */
const LINES = 8;

/** What is the same in all frames of a film. */
interface Setting {
	readonly surface: Surface;
	/** The whole field. */
	readonly of: DrawnField;
	readonly scale: ValueScale;
	readonly map: Colormap;
	readonly smooth: boolean;
	readonly marks: readonly Mark[];
	readonly colours: NoValueColours;
	readonly columns: readonly Column[];
	/** What stands around the frame, but for what changes. */
	readonly around: Pick<
		PlaneFigure,
		"title" | "description" | "foot" | "axisLabels" | "look" | "legend" | "definitions"
	> & {
		readonly width: number;
		readonly fixed: NonNullable<PlaneFigure["fixed"]>;
	};
}

/**
 * The loss of a plane over a range that grows from the points next to the origin to the whole grid. Every frame is a heat map of the
 * points within its range and no others; colours mean the same in all of them, and lines are drawn at round values of each.
 *
 * @throws {OptionError} for a line, a plane of too few points for three frames; and what a heat map is refused for
 */
export function growingRange(surface: Surface, options: PictureOptions): Film {
	const crops = rangesAround(surface);
	const field = mainField(surface);
	const of = drawnField(surface, field.name);
	const { title = `${defaultTitle(surface, [field])}, a growing range`, marks = [] } = options;
	const smooth = isSmooth(options);
	const width = Math.max(LEAST_WIDTH, options.width ?? 600);
	const description = describe(surface, `A growing range of the heat map of the ${field.label}`, [field]);
	const shown = crops.map(({ columns, rows }) => croppedField(of, columns, rows));
	const map = colormap(options.colormap);
	const colours = noValueColours(map, paperOf(options));
	const { paths = [] } = surface.trajectories ?? {};
	const setting: Setting = {
		...{ surface, of, map, smooth, marks, colours },
		scale: planeScale(of.spec, finiteValues(of), options.scale),
		columns: columnsOf(of, shown),
		around: {
			...{ title, description, width },
			fixed: fixedLayout(of, shown, width, smooth),
			axisLabels: surface.provenance.axisLabels,
			look: options,
			foot: [
				[provenanceLine(surface), ...interpolationNote(of, smooth), "one colour scale for all frames"].join(" · "),
			],
			definitions: noValueDefinitions([of]),
			legend: [
				...(isAtOrigin(surface) ? [] : originLegend(planeRanges(of, false), marks)),
				...trailsLegend(paths),
				...(paths.length > 0 ? networksLegend(surface, true) : []),
				...noValueLegend([of], colours),
			],
		},
	};
	return {
		...{ title, description, width, delays: delaysOf(crops.length) },
		draw: (frame) => drawFrame(setting, shown[frame] ?? of),
	};
}

function drawFrame(setting: Setting, here: DrawnField): Promise<string> {
	const { of, smooth, columns, around } = setting;
	return planeFigure({
		...around,
		...planeRanges(here, !smooth),
		heading: tableUnder(columns, [{ cells: cellsOf(here, of) }]),
		...(finiteValues(of).length > 0 && { beside: barWithBracket(setting, here) }),
		panels: [{ draw: (place) => drawMap(setting, here, place) }],
	});
}

/** The colours of all frames, and a bracket around those of one. */
function barWithBracket({ of, scale, map, around }: Setting, here: DrawnField): Beside {
	const values = finiteValues(here);
	const ticks = scale.ticks(upTicks(aboutWide(around.width) * around.fixed.aspect));
	return colourBar({
		...{ map, ticks, label: withScale(of.label, scale) },
		...(values.length > 0 && { bracket: [scale.position(least(values)), scale.position(greatest(values))] }),
	});
}

/** Cells, labelled lines and marks, and trainings as far as they lie within the range. */
function drawMap(setting: Setting, here: DrawnField, place: Frame): Promise<string> {
	const { surface, scale, map, smooth, marks, colours } = setting;
	const taken = [...markBoxes(place, marks), ...pathBoxes(surface, place)];
	const lineColour = (position: number) => against(map(position));
	const lines = drawLabelledIsolines(here, place, { scale, smooth }, levelsIn(here, scale), taken, lineColour);
	return drawHeat(here, place, {
		...{ scale, map, smooth, pixelRatio, colours, marks },
		...{ levels: [], showsOrigin: !isAtOrigin(surface), over: lines.svg },
		above: [
			within(place, drawTrails(surface.trajectories?.paths ?? [], place, colourOn(scale, map))),
			drawMarked(surface, place, colourOn(scale, map)),
		].join("\n"),
	});
}

/** Room at the left and proportions that do for all frames, so that nothing but the map moves. */
function fixedLayout(of: DrawnField, shown: readonly DrawnField[], width: number, smooth: boolean) {
	const aspect = frameAspect(planeRanges(of, !smooth));
	const rooms = shown.map((here) => leftRoom(planeTicks(planeRanges(here, !smooth), aboutWide(width), aspect).yTicks));
	return { aspect, left: Math.max(...rooms) };
}

/** Round values between the lowest and the highest of a frame, where they are on the scale of all. */
function levelsIn(here: DrawnField, scale: ValueScale): Tick[] {
	const values = finiteValues(here);
	if (values.length === 0) return [];
	const [low, high] = [least(values), greatest(values)];
	if (low === high) return [];
	return scaleLevels(scaleOver(scale.kind, low, high), LINES).map((tick) => ({
		...tick,
		position: scale.position(tick.value),
	}));
}

const least = (values: Float64Array) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const greatest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** What a table says of a frame. */
function cellsOf(here: DrawnField, of: DrawnField): string[] {
	const span = (low: number, high: number) => `${formatNumber(low)} to ${formatNumber(high)}`;
	const values = finiteValues(here);
	const { x, y } = here;
	return [
		span(x.min, x.max),
		y === null ? "" : span(y.min, y.max),
		`${here.columns} × ${here.rows} of ${of.columns} × ${of.rows}`,
		values.length === 0 ? "none" : span(least(values), greatest(values)),
	];
}

function columnsOf(of: DrawnField, shown: readonly DrawnField[]): Column[] {
	const rows = shown.map((here) => cellsOf(here, of));
	return ["α", "β", "points", `${of.label} here`].map((name, i) => ({
		name,
		widest: Math.max(...rows.map((cells) => cellWidth(cells[i] ?? ""))),
	}));
}
