import { OptionError } from "../../errors.js";
import { isLine } from "../../surface/grid.js";
import { mainField, type Surface } from "../../surface/surface.js";
import { type Path, progressOf, surfaceLosses } from "../../surface/trajectory.js";
import { delaysOf, type Film, MOST_FRAMES, reached } from "../film.js";
import { isSmooth, type PictureOptions } from "../options.js";
import { describe, interpolationNote, provenanceLine } from "../parts/caption.js";
import { type LegendEntry, legendSymbol } from "../parts/figure.js";
import type { Frame } from "../parts/frame.js";
import { type LossAxes, type LossCurve, lossPlot, surfaceDashes } from "../parts/loss-plot.js";
import { trailColourOf } from "../parts/palette.js";
import { colourOn, cutToFrame, drawMarked, networksLegend } from "../parts/path.js";
import { type PlaneFigure, planeFigure } from "../parts/plane-figure.js";
import { lossScaleOver } from "../parts/scale.js";
import { type Column, cellWidth, tableUnder } from "../parts/table.js";
import { round } from "../parts/text.js";
import { ink } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { drawTrail, trailName } from "../parts/trail.js";
import { contourMap } from "./contour.js";

/** The map and the plot beside it want half as much again as a picture of one, and no less than this, in user units. */
const LEAST_WIDTH = 720;
/** The plot's share of the whole. */
const PLOT_SHARE = 0.42;

/** A training with what is drawn of it. */
interface Training extends Omit<LossCurve, "head"> {
	readonly path: Path;
	readonly unit: "step" | "network";
}

/** What is the same in all frames of a film. */
interface Setting {
	/** Whose networks are marked besides. */
	readonly shown: Surface;
	readonly trainings: readonly Training[];
	readonly frames: number;
	readonly map: ReturnType<typeof contourMap>;
	readonly axes: LossAxes;
	readonly columns: readonly Column[];
	/** What stands around the frame, but for what changes. */
	readonly around: Pick<PlaneFigure, "title" | "description" | "foot" | "width" | "axisLabels" | "look" | "legend">;
}

/**
 * Trainings growing over the contour lines of a plane, network by network, each at the same share of its own, with their losses beside
 * them. Of more networks than frames, those of a frame are spread evenly, the first and the last among them; lines go through all.
 *
 * @throws {OptionError} for a line, a surface without trajectories, or with one network in each; and what a contour plot is refused for
 */
export function growingPath(surface: Surface, options: PictureOptions): Film {
	const paths = checkedPaths(surface);
	const field = mainField(surface);
	const { title = `Training of ${surface.provenance.plan.model} on its ${field.label} surface` } = options;
	const width = Math.max(LEAST_WIDTH, Math.round((options.width ?? 600) * 1.5));
	const most = Math.max(...paths.map(({ points }) => points.length));
	const frames = Math.min(MOST_FRAMES, most);
	const thinned =
		most > frames ? [`${frames} frames for up to ${most} networks, evenly spread; lines go through all`] : [];
	const description = [
		describe(surface, `Training over contour lines of the ${field.label}`, [field]),
		...thinned,
	].join(" ");
	const { unit, values } = progressOf(paths);
	const drawn = surfaceLosses(surface);
	const trainings = paths.map((path, i): Training => {
		const [xs = [], surfaceLosses = []] = [values[i], drawn[i]];
		const own = path.points.map(({ loss }) => loss);
		return { path, colour: trailColourOf(i), unit, xs, own, surface: surfaceLosses };
	});
	const map = contourMap(surface, field.name, options);
	const setting: Setting = {
		shown: surface,
		trainings,
		frames,
		map: { ...map, draw: once(map.draw) },
		axes: {
			...{ unit, xMost: Math.max(...values.flat()), label: field.label },
			scale: lossScaleOver(trainings.flatMap(({ own, surface }) => [...own, ...surface])),
		},
		columns: columnsOf(trainings, unit),
		around: {
			...{ title, description, width },
			foot: [[provenanceLine(surface), ...interpolationNote(map.of, isSmooth(options)), ...thinned].join(" · ")],
			axisLabels: surface.provenance.axisLabels,
			look: options,
			legend: [...map.legend, ...networksLegend(surface, true), ...lossLegend(field.label), ...map.noValueLegend],
		},
	};
	return { title, description, width, delays: delaysOf(frames), draw: (frame) => drawFrame(setting, frame) };
}

function drawFrame({ shown, trainings, frames, map, axes, columns, around }: Setting, frame: number): Promise<string> {
	const now = trainings.map((training) => ({ ...training, head: reached(frame, frames, training.path.points.length) }));
	const lossColour = colourOn(map.scale, map.map);
	const { xRange, yRange, definitions } = map;
	return planeFigure({
		...around,
		...{ xRange, yRange, definitions },
		heading: tableUnder(
			columns,
			now.map((training) => ({ colour: training.colour, cells: cellsAt(training, training.head) })),
		),
		beside: lossPlot(now, axes, Math.round(around.width * PLOT_SHARE)),
		panels: [
			{
				draw: (place) =>
					[
						map.draw(place),
						cutToFrame(
							now.map(({ path }) => path),
							place,
							now
								.map(({ path, colour, head }) => drawTrail(path.points, place, { colour, lossColour, head }))
								.join("\n"),
						),
						drawMarked(shown, place, lossColour),
					].join("\n"),
			},
		],
	});
}

function checkedPaths({ grid, trajectories }: Surface): readonly Path[] {
	if (isLine(grid)) throw new OptionError("animate", "training: expected a plane, got a line");
	const paths = trajectories?.paths ?? [];
	if (paths.length === 0)
		throw new OptionError("animate", "training: expected a run that was swept with --trajectory, this one has none");
	if (paths.every(({ points }) => points.length < 2))
		throw new OptionError("animate", "training: expected at least two networks of a training, got one");
	return paths;
}

/** What a table says of a training at one of its networks. */
function cellsAt({ path, unit, xs, surface }: Training, head: number): string[] {
	const { file = "", loss = Number.NaN, offPlaneShare = Number.NaN } = path.points[head] ?? {};
	return [
		trailName(path),
		unit === "step" ? `${xs[head] ?? 0} of ${xs.at(-1) ?? 0}` : file,
		threeDigits(loss),
		threeDigits(surface[head] ?? Number.NaN),
		`${(100 * offPlaneShare).toFixed(0)} %`,
	];
}

/** Columns as wide as what comes to stand in them at any network, so that none moves. */
function columnsOf(trainings: readonly Training[], unit: string): Column[] {
	const names = ["training", unit, "loss", "surface's loss there", "off the plane"];
	const rows = trainings.flatMap((training) => training.path.points.map((_, head) => cellsAt(training, head)));
	return names.map((name, i) => ({ name, widest: Math.max(...rows.map((cells) => cellWidth(cells[i] ?? ""))) }));
}

/** A loss in print that keeps its zeros, so that it does not jump from frame to frame. */
function threeDigits(value: number): string {
	return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e3 ? value.toPrecision(3) : formatNumber(value);
}

function lossLegend(label: string): LegendEntry[] {
	const line = (dashes: string) => (x: number, y: number) =>
		`<path d="M${round(x - legendSymbol.width / 2)} ${round(y)}h${legendSymbol.width}" stroke="${ink.mark}" stroke-width="1.6"${dashes}/>`;
	return [
		{ label: `${label} of the networks`, symbol: line("") },
		{ label: "of the surface where they are drawn", symbol: line(` stroke-dasharray="${surfaceDashes}"`) },
	];
}

/** A drawing that is the same in all frames, drawn for the first of them. */
function once(draw: (frame: Frame) => string): (frame: Frame) => string {
	let drawn: string | undefined;
	return (frame) => {
		drawn ??= draw(frame);
		return drawn;
	};
}
