import type { RawData } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { itemBound } from "../files/limits.js";
import { readInput } from "../files/read.js";
import type { ReadData } from "./format.js";
import { dialectOf, type Row, rowsOf } from "./table.js";
import { decodeText } from "./text.js";

export const readCsvData: ReadData = (path, { target }) => parseCsv(readInput(path), path, target);

/** More texts than this in a column are no names of classes. */
const MOST_CLASSES = 65_536;

/** What people call the column of the target, where it is not the last. */
const targetNames = new Set(["label", "labels", "target", "targets", "class", "y"]);

type Fail = (line: number, message: string) => never;

/**
 * Reads samples from a table: a row a sample, numbers apart from the target's column, which may hold names of classes. Found
 * from the text, and said: its encoding, what separates cells, decimal commas, a header (a first row without any number),
 * comments (lines from `#` on), a first column that only counts the rows, and the target's column, by a usual name or as the
 * last. The table is walked through twice, so that of its text no more is kept than its numbers.
 *
 * @param path   how errors call the file
 * @param target the target's column: its name, `first`, `last`, or its number from 1
 * @throws {FileFormatError} naming the line that is not as the others
 */
export function parseCsv(bytes: Uint8Array, path: string, target?: string): RawData {
	const fail: Fail = (line, message) => {
		throw new FileFormatError(`${path}:${line}`, message);
	};
	const { text, encoding } = decodeText(bytes);
	const dialect = dialectOf(text);
	const { value: first } = rowsOf(text, dialect, fail).next();
	if (first === undefined) return fail(1, "the table is empty");
	const toNumber = dialect.decimalComma ? (cell: string) => Number(cell.replace(",", ".")) : Number;
	const isNumber = (cell: string) => cell.trim() !== "" && !Number.isNaN(toNumber(cell));
	const hasHeader = first.cells.every((cell) => !isNumber(cell));
	const header = hasHeader ? first.cells.map((cell) => cell.trim()) : [];
	const columns = first.cells.length;
	const body = function* (): Generator<Row> {
		const rows = rowsOf(text, dialect, fail);
		if (hasHeader) rows.next();
		yield* rows;
	};
	const at = columnOf(target, header, columns, (message) => fail(first.line, message));
	const countsRows = at !== 0 && columns > 2 && isCounter(header[0], body(), toNumber);
	const layout = { columns, target: at, skipped: countsRows ? 0 : -1 };
	if (columns < 2) return fail(first.line, "expected at least two columns, of which one is the target");
	const { samples, kind, names } = survey(body(), layout, isNumber, fail);
	if (samples === 0) return fail(first.line, "the table holds no samples");
	const features = columns - (countsRows ? 2 : 1);
	const most = itemBound(bytes.length, Float32Array.BYTES_PER_ELEMENT);
	if (samples * columns > most) return fail(first.line, `more than ${most} numbers in a file of ${bytes.length} bytes`);
	const values = new Float32Array(samples * features);
	const type = kind === "values" ? ("float32" as const) : ("int32" as const);
	const targets = type === "float32" ? new Float32Array(samples) : new Int32Array(samples);
	let [next, sample] = [0, 0];
	for (const { cells } of body()) {
		for (const [column, cell] of cells.entries()) {
			if (column === layout.skipped) continue;
			if (column === at) targets[sample] = kind === "names" ? (names.get(cell.trim()) ?? -1) : toNumber(cell);
			else {
				values[next] = toNumber(cell);
				next += 1;
			}
		}
		sample += 1;
	}
	const assumptions = [
		...(encoding === "UTF-8" ? [] : [`${path} is in ${encoding}`]),
		...dialect.assumptions,
		...(countsRows ? [`the first column${header[0] ? `, ${header[0]},` : ""} counts the rows, and is left out`] : []),
		...(target === undefined ? [`the target is column ${at + 1}${header[at] ? `, ${header[at]}` : ""}`] : []),
	];
	return {
		name: path,
		inputs: { shape: [samples, features], type: "float32", values },
		targets: { shape: [samples], type, values: targets },
		assumptions,
		...(kind === "names" ? { classes: [...names.keys()] } : {}),
	};
}

/** Which column is the target: the one asked for, one with a usual name, or the last. */
function columnOf(
	target: string | undefined,
	header: readonly string[],
	columns: number,
	fail: (message: string) => never,
): number {
	if (target === undefined) {
		const named = header.flatMap((name, at) => (targetNames.has(name.toLowerCase()) ? [at] : []));
		return named.length === 1 ? (named[0] ?? 0) : columns - 1;
	}
	const named = header.indexOf(target);
	if (named >= 0) return named;
	if (target === "first") return 0;
	if (target === "last") return columns - 1;
	const number = /^\d+$/.test(target) ? Number(target) : 0;
	if (number >= 1 && number <= columns) return number - 1;
	const there = header.length === 0 ? "" : `: ${header.slice(0, 40).join(", ")}`;
	return fail(`no column is called "${target}"; there are ${columns}${there}; first, last or a number does, too`);
}

/** Whether a first column without a name, as pandas writes its index, holds 0, 1, 2 and so on. */
function isCounter(name: string | undefined, rows: Iterable<Row>, toNumber: (cell: string) => number): boolean {
	if (name === undefined || !/^(|unnamed: ?0|index|id)$/i.test(name)) return false;
	let expected: number | undefined;
	for (const { cells } of rows) {
		const found = toNumber(cells[0] ?? "");
		if (expected === undefined && found !== 0 && found !== 1) return false;
		if (expected !== undefined && found !== expected) return false;
		expected = found + 1;
	}
	return expected !== undefined;
}

interface Layout {
	readonly columns: number;
	readonly target: number;
	/** A column that is no part of the samples; -1 for none. */
	readonly skipped: number;
}

interface Survey {
	readonly samples: number;
	/** What the cells of the target's column are: indices of classes, other numbers, or names. */
	readonly kind: "indices" | "values" | "names";
	/** Names in their order, with their places. */
	readonly names: ReadonlyMap<string, number>;
}

/** Looks at every cell once, and names the first that is not as it should be. */
function survey(
	rows: Iterable<Row>,
	{ columns, target, skipped }: Layout,
	isNumber: (cell: string) => boolean,
	fail: Fail,
): Survey {
	let samples = 0;
	let [indices, numbers] = [true, true];
	const texts = new Set<string>();
	for (const { cells, line } of rows) {
		if (cells.length !== columns) return fail(line, `expected ${columns} columns, got ${cells.length}`);
		for (const [column, cell] of cells.entries()) {
			if (column === skipped) continue;
			if (column !== target) {
				if (!isNumber(cell)) return fail(line, `expected a number in column ${column + 1}, got "${cell.slice(0, 40)}"`);
				continue;
			}
			const text = cell.trim();
			indices &&= /^\d+$/.test(text);
			numbers &&= isNumber(text);
			// One more than there may be says that there are too many.
			if (texts.size <= MOST_CLASSES) texts.add(text);
		}
		samples += 1;
		if (!numbers && texts.size > MOST_CLASSES)
			return fail(line, `expected numbers or at most ${MOST_CLASSES} names in column ${target + 1}`);
	}
	const kind = indices ? "indices" : numbers ? "values" : "names";
	const names = new Map(kind === "names" ? [...texts].sort().map((name, place) => [name, place]) : []);
	return { samples, kind, names };
}
