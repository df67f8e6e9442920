import { tableIndex } from "../../render/parts/colormap.js";
import type { Plane } from "./plane.js";

/** A pixel a height, or where there is none the nearest point's; of a surface that is not smooth, one a point. */
export function pixelsOf({ heights, points, table }: Plane, smooth: boolean): OffscreenCanvas {
	const { columns, rows, values } = smooth ? heights : points;
	const [across, down] = [(points.columns - 1) / (columns - 1), (points.rows - 1) / (rows - 1)];
	const canvas = new OffscreenCanvas(columns, rows);
	const pixels = new ImageData(columns, rows);
	for (let row = 0; row < rows; row++) {
		for (let column = 0; column < columns; column++) {
			const nearest =
				points.values[Math.round(row * down) * points.columns + Math.round(column * across)] ?? Number.NaN;
			if (Number.isNaN(nearest)) continue;
			const between = values[row * columns + column] ?? Number.NaN;
			const height = Number.isNaN(between) ? nearest : between;
			const from = tableIndex(height) * 3;
			// β grows upwards, pixel rows downwards.
			const to = ((rows - 1 - row) * columns + column) * 4;
			pixels.data.set([table[from] ?? 0, table[from + 1] ?? 0, table[from + 2] ?? 0, 255], to);
		}
	}
	canvas.getContext("2d")?.putImageData(pixels, 0, 0);
	return canvas;
}
