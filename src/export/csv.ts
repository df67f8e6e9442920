import { coordinatesOf, gridPoints } from "../surface/grid.js";
import { checkSurface, type Surface } from "../surface/surface.js";

/**
 * A surface as text for spreadsheets: a header, then a line a point of the grid, a column a field. Numbers have all the
 * digits that tell them apart; NaN and Infinity are written as such; points not computed have empty fields.
 */
export function formatCsv(surface: Surface): string {
	checkSurface("surface", surface);
	const { grid, fields, done } = surface;
	const lines = [["alpha", "beta", ...fields.map(({ name }) => quoted(name))].join(",")];
	for (let point = 0; point < gridPoints(grid); point++) {
		const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
		const values = fields.map(({ values }) => (done[point] === 1 ? values[point] : ""));
		lines.push([alpha, beta, ...values].join(","));
	}
	return `${lines.join("\n")}\n`;
}

/** A name with what a table keeps for itself in quotes (RFC 4180). */
export function quoted(name: string): string {
	return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
