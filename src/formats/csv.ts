import type { RawData } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { readInput } from "../files/read.js";
import type { ReadData } from "./format.js";

export const readCsvData: ReadData = (path, { target }) => parseCsv(readInput(path), path, target);

/**
 * Reads samples from a table: a row a sample, numbers apart from the target's column, which may hold names of classes.
 * A first row without any number is a header. Whole numbers and names as targets are classes, other numbers values.
 *
 * @param path   how errors call the file
 * @param target the target's column by name; the last column where missing
 * @throws {FileFormatError} naming the line that is not as the others
 */
export function parseCsv(bytes: Uint8Array, path: string, target?: string): RawData {
	const fail = (line: number, message: string): never => {
		throw new FileFormatError(`${path}:${line}`, message);
	};
	const rows = splitRows(new TextDecoder().decode(bytes), fail).filter(({ cells }) =>
		cells.some((cell) => cell.trim() !== ""),
	);
	const [first] = rows;
	if (first === undefined) return fail(1, "the table is empty");
	const hasHeader = first.cells.every((cell) => !isNumber(cell));
	const header = hasHeader ? first.cells.map((cell) => cell.trim()) : [];
	const body = hasHeader ? rows.slice(1) : rows;
	const columns = first.cells.length;
	const at = target === undefined ? columns - 1 : header.indexOf(target);
	if (at < 0) return fail(1, `no column is called "${target}"; there are ${header.join(", ") || "no names"}`);
	if (columns < 2) return fail(1, "expected at least two columns, of which one is the target");
	if (body.length === 0) return fail(1, "the table holds no samples");
	const values = new Float32Array(body.length * (columns - 1));
	const targets: string[] = [];
	let next = 0;
	for (const { cells, line } of body) {
		if (cells.length !== columns) return fail(line, `expected ${columns} columns, got ${cells.length}`);
		for (const [column, cell] of cells.entries()) {
			if (column === at) targets.push(cell.trim());
			else if (isNumber(cell)) {
				values[next] = Number(cell);
				next += 1;
			} else return fail(line, `expected a number, got "${cell.slice(0, 40)}"`);
		}
	}
	const inputs = { shape: [body.length, columns - 1], type: "float32" as const, values };
	return { name: path, inputs, ...targetsOf(targets) };
}

function isNumber(cell: string): boolean {
	return cell.trim() !== "" && !Number.isNaN(Number(cell));
}

function targetsOf(cells: readonly string[]): Pick<RawData, "targets" | "classes"> {
	if (cells.every((cell) => /^\d+$/.test(cell))) return { targets: Int32Array.from(cells, Number) };
	if (cells.every(isNumber)) return { targets: Float32Array.from(cells, Number) };
	const classes = [...new Set(cells)].sort();
	const numbers = new Map(classes.map((name, index) => [name, index]));
	return { targets: Int32Array.from(cells, (cell) => numbers.get(cell) ?? -1), classes };
}

/** Rows of cells, with the line each begins on. A cell in quotes may hold commas, line breaks and doubled quotes. */
function splitRows(text: string, fail: (line: number, message: string) => never): { cells: string[]; line: number }[] {
	const rows: { cells: string[]; line: number }[] = [];
	const separator = separatorOf(text);
	let row: string[] = [];
	let cell = "";
	let quoted = false;
	/** Where the cell in quotes begins, and on which line. */
	let opened = { at: 0, line: 1 };
	let line = 1;
	let begin = 1;
	const endCell = () => {
		row.push(cell);
		cell = "";
	};
	const endRow = () => {
		endCell();
		rows.push({ cells: row, line: begin });
		row = [];
	};
	for (let i = 0; i < text.length; i++) {
		const char = text[i];
		if (char === "\n") line += 1;
		if (quoted) {
			// Taken whole at its end: letter by letter a quote that never closes takes a hundred times its length.
			if (char !== '"') continue;
			if (text[i + 1] === '"') i += 1;
			else {
				cell = text.slice(opened.at, i).replaceAll('""', '"');
				quoted = false;
			}
		} else if (char === '"' && cell.trim() === "") {
			quoted = true;
			opened = { at: i + 1, line };
		} else if (char === separator) endCell();
		else if (char === "\n") {
			endRow();
			begin = line;
		} else if (char !== "\r" && char !== "\uFEFF") cell += char;
	}
	if (quoted) return fail(opened.line, "a quote is opened and never closed");
	if (cell !== "" || row.length > 0) endRow();
	return rows;
}

/** A comma, or what stands in its place where the first line has none. */
function separatorOf(text: string): string {
	const [first = ""] = text.split("\n", 1);
	return [",", ";", "\t"].find((candidate) => first.includes(candidate)) ?? ",";
}
