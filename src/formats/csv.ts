import type { RawData } from "../data/raw.js";
import { FileFormatError } from "../errors.js";
import { itemBound } from "../files/limits.js";
import { readInput } from "../files/read.js";
import type { ReadData } from "./format.js";
import { type Row, rowsOf } from "./table.js";

export const readCsvData: ReadData = (path, { target }) => parseCsv(readInput(path), path, target);

/** More texts than this in a column are no names of classes. */
const MOST_CLASSES = 65_536;

type Fail = (line: number, message: string) => never;

/**
 * Reads samples from a table: a row a sample, numbers apart from the target's column, which may hold names of classes.
 * A first row without any number is a header. Whole numbers and names as targets are classes, other numbers values.
 * The table is walked through twice, so that of its text no more is kept than its numbers.
 *
 * @param path   how errors call the file
 * @param target the target's column by name; the last column where missing
 * @throws {FileFormatError} naming the line that is not as the others
 */
export function parseCsv(bytes: Uint8Array, path: string, target?: string): RawData {
	const fail: Fail = (line, message) => {
		throw new FileFormatError(`${path}:${line}`, message);
	};
	const text = new TextDecoder().decode(bytes);
	const { value: first } = rowsOf(text, fail).next();
	if (first === undefined) return fail(1, "the table is empty");
	const hasHeader = first.cells.every((cell) => !isNumber(cell));
	const header = hasHeader ? first.cells.map((cell) => cell.trim()) : [];
	const columns = first.cells.length;
	const at = target === undefined ? columns - 1 : header.indexOf(target);
	if (at < 0) return fail(first.line, `no column is called "${target}"; there are ${header.join(", ") || "no names"}`);
	if (columns < 2) return fail(first.line, "expected at least two columns, of which one is the target");
	const body = function* (): Generator<Row> {
		const rows = rowsOf(text, fail);
		if (hasHeader) rows.next();
		yield* rows;
	};
	const { samples, kind, names } = survey(body(), columns, at, fail);
	if (samples === 0) return fail(first.line, "the table holds no samples");
	const most = itemBound(bytes.length, Float32Array.BYTES_PER_ELEMENT);
	if (samples * columns > most) return fail(first.line, `more than ${most} numbers in a file of ${bytes.length} bytes`);
	const values = new Float32Array(samples * (columns - 1));
	const type = kind === "values" ? ("float32" as const) : ("int32" as const);
	const targets = type === "float32" ? new Float32Array(samples) : new Int32Array(samples);
	let next = 0;
	let sample = 0;
	for (const { cells } of body()) {
		for (const [column, cell] of cells.entries()) {
			if (column !== at) values[next++] = Number(cell);
			else targets[sample] = kind === "names" ? (names.get(cell.trim()) ?? -1) : Number(cell);
		}
		sample += 1;
	}
	const inputs = { shape: [samples, columns - 1], type: "float32" as const, values };
	return {
		name: path,
		inputs,
		targets: { shape: [samples], type, values: targets },
		...(kind === "names" ? { classes: [...names.keys()] } : {}),
	};
}

function isNumber(cell: string): boolean {
	return cell.trim() !== "" && !Number.isNaN(Number(cell));
}

interface Survey {
	readonly samples: number;
	/** What the cells of the target's column are: indices of classes, other numbers, or names. */
	readonly kind: "indices" | "values" | "names";
	/** Names in their order, with their places. */
	readonly names: ReadonlyMap<string, number>;
}

/** Looks at every cell once, and names the first that is not as it should be. */
function survey(rows: Iterable<Row>, columns: number, target: number, fail: Fail): Survey {
	let samples = 0;
	let [indices, numbers] = [true, true];
	const texts = new Set<string>();
	for (const { cells, line } of rows) {
		if (cells.length !== columns) return fail(line, `expected ${columns} columns, got ${cells.length}`);
		for (const [column, cell] of cells.entries()) {
			if (column !== target) {
				if (!isNumber(cell)) return fail(line, `expected a number, got "${cell.slice(0, 40)}"`);
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
