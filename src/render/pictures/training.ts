import "../fonts.js";
import type { EpochRecord, TrainingHistory } from "../../store/history.js";
import type { FigureOptions } from "../options.js";
import { fittingTicks, legendSymbol, type Rect } from "../parts/figure.js";
import { plotFigure } from "../parts/plot.js";
import { lossScaleOver, percentScale, scaleOver, type ValueScale, valueScale, withScale } from "../parts/scale.js";
import { widthOf } from "../parts/size.js";
import { round } from "../parts/text.js";
import { ink, lineColour } from "../parts/theme.js";
import { formatNumber } from "../parts/ticks.js";
import { type Picture, picturesOf } from "../picture.js";

export interface TrainingPictureOptions extends FigureOptions {
	readonly title: string;
	/** The line at the foot: where the training comes from. */
	readonly foot: string;
	/** In user units, in place of a size. */
	readonly width?: number;
	/** Of the files, before their endings; `training` where nothing is said. */
	readonly name?: string;
}

/** Blue and vermilion of Okabe and Ito's palette, as in line.ts: loss and metric. */
const lossColour = lineColour("#0072b2");
const metricColour = lineColour("#d55e00");

/** Batches differ from each other; a training is drawn as so many means at most, which a figure's width tells apart. */
const MAX_STRETCHES = 150;

/** Between the frame and the curves. */
const inset = 12;

interface Point {
	/** In epochs. */
	readonly x: number;
	readonly y: number;
}

/** A quantity over the epochs: a line, with a dot at each point where asked for. */
interface Curve {
	readonly label: string;
	readonly points: readonly Point[];
	readonly scale: ValueScale;
	readonly colour: string;
	readonly dashes?: string;
	readonly dots?: boolean;
}

/**
 * Training loss (means over stretches of steps), and after each epoch the loss on test data and the metric, over the epochs, as an
 * SVG document. Without test data the metric is that of the training. Values that are not finite leave a gap.
 */
export function trainingCurve(history: TrainingHistory, options: TrainingPictureOptions): string {
	const { title, foot, width = 600 } = options;
	const { epochs } = history;
	const perEpoch = (epochs[0]?.step ?? history.losses.length) || 1;
	const training = meansOfStretches(history.losses, perEpoch);
	const testLoss = isTested(history) ? valuesOf(history, "testLoss") : [];
	const lossScale = lossScaleOver([...training, ...testLoss].map(({ y }) => y));
	const metric = metricCurve(history);
	const tested = { scale: lossScale, colour: lossColour, dashes: "2 3", dots: true };
	const curves: Curve[] = [
		...(metric === undefined ? [] : [metric]),
		{ label: "loss, training", points: training, scale: lossScale, colour: lossColour },
		...(isTested(history) ? [{ label: "loss, test", points: testLoss, ...tested }] : []),
	];

	const overEpochs = scaleOver("linear", 0, Math.max(1, epochs.length));
	return plotFigure({
		...{ title, description: describe(history), foot: [foot], width, look: options },
		...{ aspect: 0.62, inset: { sideways: inset, upright: inset } },
		bottom: {
			label: "epoch",
			ticks: (length) =>
				fittingTicks((count) => overEpochs.ticks(count), 9, length)
					.filter(({ value }) => Number.isInteger(value))
					.map((tick) => ({ ...tick, label: String(tick.value) })),
		},
		left: { label: withScale("loss", lossScale), ticks: lossScale.ticks(6), colour: lossColour },
		...(metric && { right: { label: metric.axis, ticks: metric.scale.ticks(6), colour: metricColour } }),
		legend: curves
			.toReversed()
			.map((curve) => ({ label: curve.label, symbol: (x: number, y: number) => symbolOf(curve, x, y) })),
		body: (inner) =>
			curves.map((curve) => drawCurve(curve, inner, (epoch) => inner.x + overEpochs.position(epoch) * inner.width)),
	});
}

/**
 * The curves of a training, as SVG and as PNG where no other formats are asked for.
 *
 * @throws {OptionError} for a size that is none, or beside a width
 */
export async function renderTraining(history: TrainingHistory, options: TrainingPictureOptions): Promise<Picture[]> {
	const { title, foot, name = "training" } = options;
	const width = widthOf(options);
	const given = { ...options, ...(width !== undefined && { width }) };
	return picturesOf(
		name,
		["svg", "png"],
		(look) => ({
			...{ svg: trainingCurve(history, { ...given, ...look }), title },
			description: `${describe(history)} ${foot}`,
		}),
		options,
		[],
	);
}

function isTested({ epochs }: TrainingHistory): boolean {
	return epochs.some(({ testLoss }) => testLoss !== null);
}

function valuesOf({ epochs }: TrainingHistory, of: keyof EpochRecord): Point[] {
	return epochs.map((record) => ({ x: record.epoch, y: record[of] ?? Number.NaN }));
}

/** The metric, shares in per cent; undefined where there is nothing of it to draw. */
function metricCurve(history: TrainingHistory): (Curve & { readonly axis: string }) | undefined {
	if (history.metric === null) return undefined;
	const { label, unit } = history.metric;
	const [isShare, which] = [unit === "fraction", isTested(history) ? "test" : "training"];
	const points = valuesOf(history, which === "test" ? "testMetric" : "trainMetric").map(({ x, y }) => ({
		x,
		y: isShare ? 100 * y : y,
	}));
	const values = points.map(({ y }) => y);
	if (!values.some(Number.isFinite)) return undefined;
	return {
		label: `${label}, ${which}${isShare ? " (%)" : ""}`,
		axis: isShare ? `${label} (%)` : label,
		points,
		scale: isShare ? percentScale(values) : valueScale(values),
		colour: metricColour,
		dashes: "6 3",
		dots: true,
	};
}

/** The means of stretches of steps, each at its middle, in epochs. Their lengths differ by one step at most: a short rest would stick out. */
function meansOfStretches(losses: readonly number[], perEpoch: number): Point[] {
	const count = Math.min(losses.length, MAX_STRETCHES);
	return Array.from({ length: count }, (_, i) => {
		const [start, end] = [i, i + 1].map((place) => Math.floor((place * losses.length) / count)) as [number, number];
		const mean = losses.slice(start, end).reduce((sum, loss) => sum + loss, 0) / (end - start);
		return { x: (start + end) / 2 / perEpoch, y: mean };
	});
}

function describe(history: TrainingHistory): string {
	const { metric, epochs } = history;
	const last = epochs.at(-1);
	if (last === undefined) return "Training loss over the steps; no epoch is complete.";
	const what = metric === null ? "Loss" : `Loss and ${metric.label}`;
	const [which, loss, value] =
		last.testLoss === null ? ["training", last.trainLoss, last.trainMetric] : ["test", last.testLoss, last.testMetric];
	const shown = (of: number) => (metric?.unit === "fraction" ? `${formatNumber(100 * of)} %` : formatNumber(of));
	const also = metric === null || value === null ? "" : `, ${which} ${metric.label} ${shown(value)}`;
	return `${what} over ${epochs.length} ${epochs.length === 1 ? "epoch" : "epochs"} of training. At the end: ${which} loss ${formatNumber(loss)}${also}.`;
}

function stroke({ colour, dashes }: Curve): string {
	const dashed = dashes === undefined ? "" : ` stroke-dasharray="${dashes}"`;
	return `fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"${dashed}`;
}

function dot(x: number, y: number, colour: string): string {
	return `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${ink.paper}" stroke="${colour}" stroke-width="1.5"/>`;
}

function drawCurve(curve: Curve, inner: Rect, toX: (epoch: number) => number): string {
	const places = curve.points.map(({ x, y }) => ({
		x: toX(x),
		y: Number.isFinite(y) ? inner.y + (1 - curve.scale.position(y)) * inner.height : Number.NaN,
	}));
	const data = places.map(({ x, y }, i) => {
		if (Number.isNaN(y)) return "";
		return `${Number.isNaN(places[i - 1]?.y ?? Number.NaN) ? "M" : "L"}${round(x)} ${round(y)}`;
	});
	const dots = curve.dots ? places.filter(({ y }) => !Number.isNaN(y)) : [];
	return [`<path d="${data.join("")}" ${stroke(curve)}/>`, ...dots.map(({ x, y }) => dot(x, y, curve.colour))].join(
		"\n",
	);
}

function symbolOf(curve: Curve, x: number, y: number): string {
	const line = `<path d="M${round(x - legendSymbol.width / 2)} ${round(y)}h${legendSymbol.width}" ${stroke(curve)}/>`;
	return curve.dots ? `${line}${dot(x, y, curve.colour)}` : line;
}
