import { FileFormatError } from "../../errors.js";
import { claimBound } from "../../files/limits.js";
import { type Axis, axisValue, axisValues } from "../../surface/grid.js";
import { dialectOf, rowsOf } from "../table.js";
import { decodeText } from "../text.js";
import { axisThrough, baseName, type FoundSurface, keysText } from "./found.js";
import { usualField } from "./usual-field.js";

const marksName = "interpolated";

/**
 * A surface as a table has it: columns `alpha`, `beta` (or `x`, `y`; none of a line), and one a field; a row a point, in any order. An empty
 * cell is a value that is not computed, and so is a point without a row.
 *
 * @throws {FileFormatError} naming the line, or the columns there are
 */
export function readSurfaceTable(bytes: Uint8Array, path: string): FoundSurface {
	const { text } = decodeText(bytes);
	const fail = (line: number, message: string): never => {
		throw new FileFormatError(path, `line ${line}: ${message}`);
	};
	const dialect = dialectOf(text);
	const rows = [...rowsOf(text, dialect, fail)];
	const header = rows[0]?.cells.map((cell) => cell.trim()) ?? [];
	const columnOf = (...names: string[]) => header.findIndex((cell) => names.includes(cell.toLowerCase()));
	const [alpha, beta, marks] = [columnOf("alpha", "x"), columnOf("beta", "y"), columnOf(marksName)];
	if (alpha < 0) throw new FileFormatError(path, `expected columns alpha, beta and fields, got ${keysText(header)}`);
	const columns = header.flatMap((_, i) => ([alpha, beta, marks].includes(i) ? [] : [i]));
	if (columns.length === 0)
		throw new FileFormatError(path, `expected a column for each field, got ${keysText(header)}`);
	const points = rows.slice(1).map(({ cells, line }) => {
		const number = (column: number) =>
			numberIn(cells[column] ?? "", dialect.decimalComma) ??
			fail(line, `expected a number in column ${header[column]}, got "${cells[column]}"`);
		return {
			line,
			at: [number(alpha), beta < 0 ? 0 : number(beta)] as const,
			values: columns.map((column) => ((cells[column] ?? "").trim() === "" ? null : number(column))),
			isInterpolated: marks >= 0 && number(marks) === 1,
		};
	});
	const [x, second] = ([0, 1] as const).map((axis) =>
		axisOfColumn(
			points.map(({ at }) => at[axis]),
			path,
			axis,
		),
	);
	if (x === undefined || second === undefined) throw new FileFormatError(path, "holds no points");
	const y = second.steps === 1 && second.min === 0 ? null : second;
	const size = x.steps * (y?.steps ?? 1);
	if (size * (8 * columns.length + 1) > claimBound(bytes.length))
		throw new FileFormatError(path, `its ${points.length} rows would be ${size} points; expected a row for each`);
	const done = new Uint8Array(size);
	const interpolated = new Uint8Array(size);
	const fields = columns.map((column) => ({
		...usualField(header[column] ?? ""),
		values: new Float64Array(size).fill(Number.NaN),
	}));
	const seen = new Uint8Array(size);
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
	return {
		...{ x, y, fields, done },
		...(marks >= 0 && { interpolated }),
		model: baseName(path),
		facts: {},
		notes: {},
		told: dialect.assumptions,
	};
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

/** The axis that the values of a column lie on. */
function axisOfColumn(values: readonly number[], path: string, axis: 0 | 1): Axis {
	const own = [...new Set(values.map((value) => (value === 0 ? 0 : value)))].sort((a, b) => a - b);
	return axisThrough(own, path, axis === 0 ? "values of alpha" : "values of beta");
}

/** The number of the value of an axis that lies nearest: a table's may have lost digits. */
function numberOnAxis(axis: Axis, value: number): number {
	const exact = axisValues(axis).indexOf(value);
	if (exact >= 0 || axis.steps === 1) return Math.max(0, exact);
	const step = axisValue(axis, 1) - axisValue(axis, 0);
	return Math.min(axis.steps - 1, Math.max(0, Math.round((value - axis.min) / step)));
}
