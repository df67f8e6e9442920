import { scaleOver, type ValueScale, valueScale, withScale } from "../../render/parts/scale.js";
import { formatDigits, formatNumber, linearTicks } from "../../render/parts/ticks.js";
import { FONT, type Ink, readyCanvas, write } from "./paper.js";

/** A quantity over another. Values that are not finite leave a gap. */
export interface Series {
	readonly label: string;
	readonly points: readonly (readonly [x: number, y: number])[];
	readonly colour: string;
	/** Which of the two upright axes it is on. */
	readonly side: "left" | "right";
	readonly dots?: boolean;
}

export interface Plot {
	readonly series: readonly Series[];
	readonly xLabel: string;
	readonly leftLabel: string;
	readonly rightLabel?: string;
	readonly scale?: "auto" | "linear" | "log" | "symlog";
	/** Upright lines with names. */
	readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

const [LEFT, TOP, BOTTOM, INSET] = [66, 46, 46, 8];

/** Draws a plot on a canvas; what is read where somebody points, and where its frame lies. */
export function drawPlot(
	canvas: HTMLCanvasElement,
	{ series, xLabel, leftLabel, rightLabel, scale = "auto", marks = [] }: Plot,
	ink: Ink,
	width: number,
	height: number,
	pointed: number | null,
): { readonly xAt: (pixel: number) => number | null } {
	const context = readyCanvas(canvas, width, height);
	const xs = series.flatMap(({ points }) => points.map(([x]) => x)).filter(Number.isFinite);
	if (context === null || xs.length === 0) return { xAt: () => null };
	const right = rightLabel === undefined ? 20 : 66;
	const box = { x: LEFT, y: TOP, width: width - LEFT - right, height: height - TOP - BOTTOM };
	const [low, high] = [Math.min(...xs), Math.max(...xs)];
	const [from, to] = low < high ? [low, high] : [low - 0.5, high + 0.5];
	const toX = (x: number) => box.x + INSET + ((x - from) / (to - from)) * (box.width - 2 * INSET);
	const valuesOn = (side: Series["side"]) =>
		series.filter((each) => each.side === side).flatMap(({ points }) => points.map(([, y]) => y));
	const scales: Readonly<Record<Series["side"], ValueScale>> = {
		left: valueScale(valuesOn("left"), scale),
		right: rightLabel?.includes("%") ? scaleOver("linear", 0, 100) : valueScale(valuesOn("right"), "auto"),
	};
	const toY = (value: number, side: Series["side"]) =>
		box.y + box.height - INSET - scales[side].position(value) * (box.height - 2 * INSET);
	drawFrame();
	for (const each of series) drawSeries(each);
	drawNames();
	if (pointed !== null) drawPointed(pointed);
	return {
		xAt(pixel) {
			const x = from + ((pixel - box.x - INSET) / (box.width - 2 * INSET)) * (to - from);
			return x < from - (to - from) * 0.03 || x > to + (to - from) * 0.03 ? null : Math.min(to, Math.max(from, x));
		},
	};

	function drawFrame(): void {
		if (context === null) return;
		context.lineWidth = 1;
		for (const { position, label } of scales.left.ticks(5)) {
			const y = box.y + box.height - INSET - position * (box.height - 2 * INSET);
			context.fillStyle = ink.grid;
			context.fillRect(box.x, y - 0.5, box.width, 1);
			write(context, label, box.x - 8, y, { size: 11, align: "right", colour: ink.text });
		}
		for (const { value, label } of linearTicks(from, to, Math.max(2, Math.round(box.width / 90)))) {
			context.fillStyle = ink.axis;
			context.fillRect(toX(value) - 0.5, box.y + box.height, 1, 4);
			write(context, label, toX(value), box.y + box.height + 13, { size: 11, align: "center", colour: ink.text });
		}
		if (rightLabel !== undefined)
			for (const { position, label } of scales.right.ticks(5)) {
				const y = box.y + box.height - INSET - position * (box.height - 2 * INSET);
				write(context, label, box.x + box.width + 8, y, { size: 11, colour: ink.text });
			}
		context.strokeStyle = ink.axis;
		context.strokeRect(box.x, box.y, box.width, box.height);
		const name = { size: 13, align: "center", colour: ink.text } as const;
		write(context, xLabel, box.x + box.width / 2, box.y + box.height + 33, name);
		const upright = { ...name, turn: -Math.PI / 2 };
		write(context, withScale(leftLabel, scales.left), 12, box.y + box.height / 2, upright);
		if (rightLabel !== undefined) write(context, rightLabel, width - 10, box.y + box.height / 2, upright);
		for (const { x, label } of marks) {
			context.fillStyle = ink.faint;
			context.fillRect(toX(x) - 0.5, box.y, 1, box.height);
			write(context, label, toX(x), box.y - 9, { size: 11, align: "center", colour: ink.text });
		}
	}

	function drawSeries({ points, colour, side, dots }: Series): void {
		if (context === null) return;
		context.beginPath();
		let isDrawing = false;
		for (const [x, y] of points) {
			if (!Number.isFinite(y)) {
				isDrawing = false;
				continue;
			}
			if (isDrawing) context.lineTo(toX(x), toY(y, side));
			else context.moveTo(toX(x), toY(y, side));
			isDrawing = true;
		}
		context.strokeStyle = colour;
		context.lineWidth = 1.8;
		context.lineJoin = "round";
		context.stroke();
		// Of a single point there is no line.
		if (!dots && points.length > 1) return;
		context.fillStyle = colour;
		for (const [x, y] of points) {
			if (!Number.isFinite(y)) continue;
			context.beginPath();
			context.arc(toX(x), toY(y, side), 2.6, 0, 2 * Math.PI);
			context.fill();
		}
	}

	function drawNames(): void {
		if (context === null) return;
		let x = box.x;
		context.font = `12px ${FONT}`;
		for (const { label, colour } of series) {
			context.fillStyle = colour;
			context.fillRect(x, 13, 18, 3);
			write(context, label, x + 24, 15, { size: 12, colour: ink.text });
			x += 44 + context.measureText(label).width;
		}
	}

	function drawPointed(x: number): void {
		if (context === null) return;
		context.fillStyle = ink.faint;
		context.fillRect(toX(x) - 0.5, box.y, 1, box.height);
	}
}

/** The values nearest to a place, in words. */
export function plotReading({ series, xLabel }: Plot, x: number): string {
	const [at] = nearestOf(series[0]?.points ?? [], x);
	const values = series.map(({ label, points }) => {
		const [, y] = nearestOf(points, at);
		return `${label} ${formatDigits(y, 6)}`;
	});
	return [`${xLabel} ${formatNumber(at)}`, ...values].join(" · ");
}

function nearestOf(points: Series["points"], x: number): readonly [number, number] {
	let best: readonly [number, number] = [Number.NaN, Number.NaN];
	for (const point of points) if (!(Math.abs(point[0] - x) >= Math.abs(best[0] - x))) best = point;
	return best;
}
