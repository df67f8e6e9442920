import { coordinatesOf, gridPoints } from "../surface/grid.js";
import { checkSurface, type Surface } from "../surface/surface.js";

/**
 * A surface as text for spreadsheets: a header, then a line a point of the grid, a column a field. Numbers have all the
 * digits that tell them apart; NaN and Infinity are written as such; points not computed have empty fields. Of an adaptive sweep a last
 * column is 1 where they are interpolated, else 0.
 */
export function formatCsv(surface: Surface): string {
	checkSurface("surface", surface);
	const { grid, fields, done, interpolated } = surface;
	const mark = interpolated === undefined ? [] : ["interpolated"];
	const lines = [["alpha", "beta", ...fields.map(({ name }) => quoted(name)), ...mark].join(",")];
	for (let point = 0; point < gridPoints(grid); point++) {
		const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
		const values = fields.map(({ values }) => (done[point] === 1 ? values[point] : ""));
		const isMarked = interpolated === undefined ? [] : [interpolated[point] ?? 0];
		lines.push([alpha, beta, ...values, ...isMarked].join(","));
	}
	return `${lines.join("\n")}\n`;
}

/** A name with what a table keeps for itself in quotes (RFC 4180). */
export function quoted(name: string): string {
	return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
