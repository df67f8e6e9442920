import { FileFormatError } from "../../errors.js";
import { claimBound } from "../../files/limits.js";
import type { Axis } from "../../surface/grid.js";
import { type Dialect, dialectOf, type Row, rowsOf } from "../table.js";
import { decodeText } from "../text.js";
import { axisThrough, baseName, type FoundSurface, keysText } from "./found.js";
import { usualField } from "./usual-field.js";

const MARKS = "interpolated";

/** What stands in each column. */
interface Columns {
	readonly header: readonly string[];
	readonly alpha: number;
	/** -1 of a line. */
	readonly beta: number;
	/** -1 where nothing is interpolated. */
	readonly marks: number;
	readonly fields: readonly number[];
}

/** A row: a point, with null for what is not computed. */
interface PointRow {
	readonly line: number;
	readonly at: readonly [number, number];
	readonly values: readonly (number | null)[];
	readonly isInterpolated: boolean;
}

type Fail = (line: number, message: string) => never;

/**
 * A surface as a table has it: columns `alpha`, `beta` (or `x`, `y`; none of a line), and one a field; a row a point, in any order. An empty
 * cell is a value that is not computed, and so is a point without a row.
 *
 * @throws {FileFormatError} naming the line, or the columns there are
 */
export function readSurfaceTable(bytes: Uint8Array, path: string): FoundSurface {
	const fail: Fail = (line, message) => {
		throw new FileFormatError(path, `line ${line}: ${message}`);
	};
	const { text } = decodeText(bytes);
	const dialect = dialectOf(text);
	const [first, ...rows] = rowsOf(text, dialect, fail);
	const columns = columnsOf(first?.cells ?? [], path);
	const points = rows.map((row) => pointOf(row, columns, dialect, fail));
	const x = axisOfColumn(points, 0, path);
	const second = axisOfColumn(points, 1, path);
	const y = second.steps === 1 && second.min === 0 ? null : second;
	const size = x.steps * (y?.steps ?? 1);
	if (size * (8 * columns.fields.length + 1) > claimBound(bytes.length))
		throw new FileFormatError(path, `its ${points.length} rows would be ${size} points; expected a row for each`);
	return {
		...{ x, y, ...gathered(points, { x, y, columns, size }, fail) },
		model: baseName(path),
		facts: {},
		notes: {},
		told: dialect.assumptions,
	};
}

function columnsOf(cells: readonly string[], path: string): Columns {
	const header = cells.map((cell) => cell.trim());
	const find = (...names: string[]) => header.findIndex((cell) => names.includes(cell.toLowerCase()));
	const [alpha, beta, marks] = [find("alpha", "x"), find("beta", "y"), find(MARKS)];
	const fields = [...header.keys()].filter((column) => ![alpha, beta, marks].includes(column));
	if (alpha < 0 || fields.length === 0)
		throw new FileFormatError(path, `expected columns alpha, beta and fields, got ${keysText(header)}`);
	return { header, alpha, beta, marks, fields };
}

function pointOf(
	{ cells, line }: Row,
	{ header, alpha, beta, marks, fields }: Columns,
	{ decimalComma }: Dialect,
	fail: Fail,
): PointRow {
	const number = (column: number) =>
		numberIn(cells[column] ?? "", decimalComma) ??
		fail(line, `expected a number in column ${header[column]}, got "${cells[column]}"`);
	return {
		line,
		at: [number(alpha), beta < 0 ? 0 : number(beta)],
		values: fields.map((column) => ((cells[column] ?? "").trim() === "" ? null : number(column))),
		isInterpolated: marks >= 0 && number(marks) === 1,
	};
}

/** The values of all points in their order. */
function gathered(
	points: readonly PointRow[],
	{
		x,
		y,
		columns,
		size,
	}: { readonly x: Axis; readonly y: Axis | null; readonly columns: Columns; readonly size: number },
	fail: Fail,
): Pick<FoundSurface, "fields" | "done" | "interpolated"> {
	const [done, interpolated, seen] = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)];
	const fields = columns.fields.map((column) => ({
		...usualField(columns.header[column] ?? ""),
		values: new Float64Array(size).fill(Number.NaN),
	}));
	for (const { line, at, values, isInterpolated } of points) {
		const point = numberOnAxis(x, at[0]) + x.steps * (y === null ? 0 : numberOnAxis(y, at[1]));
		if (seen[point] === 1) fail(line, `holds the point (${at.join(", ")}) again`);
		seen[point] = 1;
		if (values.every((value) => value === null)) continue;
		if (values.some((value) => value === null)) fail(line, "holds some fields of a point, and not the others");
		done[point] = 1;
		interpolated[point] = isInterpolated ? 1 : 0;
		for (const [i, field] of fields.entries()) field.values[point] = values[i] ?? Number.NaN;
	}
	return { fields, done, ...(columns.marks >= 0 && { interpolated }) };
}

const words: ReadonlyMap<string, number> = new Map([
	["nan", Number.NaN],
	["inf", Number.POSITIVE_INFINITY],
	["infinity", Number.POSITIVE_INFINITY],
	["-inf", Number.NEGATIVE_INFINITY],
	["-infinity", Number.NEGATIVE_INFINITY],
]);

/** A number as programs write one; undefined of anything else. */
function numberIn(cell: string, decimalComma: boolean): number | undefined {
	const text = decimalComma ? cell.trim().replace(",", ".") : cell.trim();
	const word = words.get(text.toLowerCase());
	if (word !== undefined) return word;
	return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The axis that the values of a coordinate lie on. */
function axisOfColumn(points: readonly PointRow[], axis: 0 | 1, path: string): Axis {
	// One zero, whatever its sign.
	const own = new Set(points.map(({ at }) => at[axis] + 0));
	const sorted = Float64Array.from(own).sort();
	return axisThrough(sorted, path, axis === 0 ? "values of alpha" : "values of beta");
}

/** The number of the value of an axis that lies nearest; `axisThrough` has seen that one lies near. */
function numberOnAxis({ min, max, steps }: Axis, value: number): number {
	return steps === 1 ? 0 : Math.round(((value - min) / (max - min)) * (steps - 1));
}
