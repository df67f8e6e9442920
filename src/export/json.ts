import { axesOf, axisValues, columnsOf, gridPoints, isLine } from "../surface/grid.js";
import { nameNumber, numberText } from "../surface/named-numbers.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import { written } from "../surface/written.js";

/**
 * A surface as JSON: `x`, `y` (null of a line), `values` with a list of rows for every field (of a line one list), and all else there is
 * to know. A point that is not computed is null; values that JSON has no way to write are the texts "NaN", "Infinity", "-Infinity" and
 * "-0". Numbers have all their digits.
 */
export function formatSurfaceJson(surface: Surface): string {
	checkSurface("surface", surface);
	const { grid, fields, done, interpolated } = surface;
	const { x, y } = axesOf(grid);
	const list = (values: Iterable<number>) => `[${Array.from(values, numberText).join(", ")}]`;
	const rows = (text: (point: number) => string) => rowsText(surface, text);
	const values = fields.map(
		(field) =>
			`\t\t${JSON.stringify(field.name)}: ${rows((point) => (done[point] === 1 ? numberText(field.values[point] ?? Number.NaN) : "null"))}`,
	);
	const { format, version, ...rest } = written(surface);
	const others = Object.entries(rest).map(
		([name, content]) => `\t${JSON.stringify(name)}: ${JSON.stringify(content, nameNumber)}`,
	);
	const parts = [
		`\t"format": ${JSON.stringify(format)}`,
		`\t"version": ${version}`,
		`\t"x": ${list(axisValues(x))}`,
		`\t"y": ${y === null ? "null" : list(axisValues(y))}`,
		`\t"values": {\n${values.join(",\n")}\n\t}`,
		...(interpolated === undefined ? [] : [`\t"interpolated": ${rows((point) => String(interpolated[point] ?? 0))}`]),
		...others,
	];
	return `{\n${parts.join(",\n")}\n}\n`;
}

function rowsText({ grid }: Surface, text: (point: number) => string): string {
	const columns = columnsOf(grid);
	const rows: string[] = [];
	for (let first = 0; first < gridPoints(grid); first += columns)
		rows.push(`[${Array.from({ length: columns }, (_, i) => text(first + i)).join(", ")}]`);
	return isLine(grid) ? (rows[0] ?? "[]") : `[\n\t\t\t${rows.join(",\n\t\t\t")}\n\t\t]`;
}
