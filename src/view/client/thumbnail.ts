import { isolines } from "../../render/isolines.js";
import { seriesColours } from "../../render/parts/palette.js";
import { valueScale } from "../../render/parts/scale.js";
import { drawnField } from "../../render/parts/values.js";
import { isLine } from "../../surface/grid.js";
import { mainField, type Surface } from "../../surface/surface.js";
import { pixelsOf } from "./image.js";
import { type Ink, readyCanvas, trace } from "./paper.js";
import { planeOf, valuesOf } from "./plane.js";

/** A small picture of a surface: colours and lines of a plane, the curve of a line. */
export function thumbnail(canvas: HTMLCanvasElement, surface: Surface, ink: Ink): void {
	const [width, height] = [canvas.clientWidth || 220, canvas.clientHeight || 150];
	const context = readyCanvas(canvas, width, height);
	if (context === null) return;
	if (isLine(surface.grid)) drawCurve(context, surface, width, height);
	else drawPlane(context, surface, ink, width, height);
}

function drawCurve(context: CanvasRenderingContext2D, surface: Surface, width: number, height: number): void {
	const of = drawnField(surface, mainField(surface).name);
	const scale = valueScale(of.values);
	context.beginPath();
	let isDrawing = false;
	for (const [i, value] of of.values.entries()) {
		if (of.kinds[i] !== "finite") {
			isDrawing = false;
			continue;
		}
		const [x, y] = [
			6 + (i / Math.max(1, of.columns - 1)) * (width - 12),
			6 + (1 - scale.position(value)) * (height - 12),
		];
		if (isDrawing) context.lineTo(x, y);
		else context.moveTo(x, y);
		isDrawing = true;
	}
	context.strokeStyle = seriesColours[0];
	context.lineWidth = 2;
	context.stroke();
}

function drawPlane(context: CanvasRenderingContext2D, surface: Surface, ink: Ink, width: number, height: number): void {
	const settings = {
		...({ view: "contour", field: "", scale: "auto", colormap: "viridis", smooth: true } as const),
		...{ level: null, cut: 1, marks: false, common: false },
	};
	const plane = planeOf(surface, settings, valuesOf(surface, settings));
	const { columns, rows } = plane.heights;
	context.fillStyle = ink.grid;
	context.fillRect(0, 0, width, height);
	context.imageSmoothingQuality = "high";
	context.drawImage(pixelsOf(plane, true), 0, 0, width, height);
	context.strokeStyle = "rgb(255 255 255 / 0.55)";
	context.lineWidth = 0.8;
	for (const { position } of plane.levels) {
		context.beginPath();
		for (const line of isolines(plane.heights, position)) {
			const place = (i: number): [number, number] => [
				((line[2 * i] ?? 0) / (columns - 1)) * width,
				(1 - (line[2 * i + 1] ?? 0) / (rows - 1)) * height,
			];
			trace(
				context,
				Array.from({ length: line.length / 2 }, (_, i) => place(i)),
			);
		}
		context.stroke();
	}
}
