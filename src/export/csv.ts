import { coordinatesOf, gridPoints } from "../surface/grid.js";
import { checkSurface, type Surface } from "../surface/surface.js";

/**
 * A surface as text for spreadsheets: a header, then a line a point of the grid, a column a field, and one of marks, 0 or 1, where some
 * values are interpolated. Numbers have all the digits that tell them apart; NaN and Infinity are written as such; points not computed
 * have empty fields.
 */
export function formatCsv(surface: Surface): string {
	checkSurface("surface", surface);
	const { grid, fields, done, interpolated } = surface;
	const marks = interpolated === undefined ? [] : ["interpolated"];
	const lines = [["alpha", "beta", ...fields.map(({ name }) => quoted(name)), ...marks].join(",")];
	for (let point = 0; point < gridPoints(grid); point++) {
		const [alpha = 0, beta = 0] = coordinatesOf(grid, point);
		const values = fields.map(({ values }) => (done[point] === 1 ? digits(values[point] ?? Number.NaN) : ""));
		const mark = interpolated === undefined ? [] : [interpolated[point] ?? 0];
		lines.push([alpha, beta, ...values, ...mark].join(","));
	}
	return `${lines.join("\n")}\n`;
}

/** All of a number, the sign of zero too. */
function digits(value: number): string {
	return Object.is(value, -0) ? "-0" : String(value);
}

/** A name with what a table keeps for itself in quotes (RFC 4180). */
export function quoted(name: string): string {
	return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
