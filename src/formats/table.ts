/** A row of a table: its cells as texts, and the line on which it begins. */
export interface Row {
	readonly cells: readonly string[];
	readonly line: number;
}

/** A row with more cells is no row: a megabyte of separators would be a million texts. */
const MOST_CELLS = 1_000_000;

/** How a table is written. */
export interface Dialect {
	/** What stands between cells; a blank stands for any number of them. */
	readonly separator: string;
	/** Whether numbers have a comma where others have a point. */
	readonly decimalComma: boolean;
	/** What of it is not the usual, a line each. */
	readonly assumptions: readonly string[];
}

/** What may separate cells: commas after those beside which they are decimal, blanks last, for they also stand in names. */
const separators = [";", "\t", "|", ",", " "];

/** What each is called. */
const separatorNames: Readonly<Record<string, string>> = {
	";": "semicolons",
	"\t": "tabs",
	"|": "bars",
	" ": "blanks",
};

/** How a table is written, from its first lines that are no comments. */
export function dialectOf(text: string): Dialect {
	const lines = firstLines(text);
	const unquoted = lines.map((line) => line.replaceAll(/"[^"]*"/g, "x"));
	const isDecimalComma = (cell: string) => /^\s*"?[+-]?\d*,\d+(e[+-]?\d+)?"?\s*$/i.test(cell);
	const separator =
		separators.find((candidate) => dividesAlike(unquoted, candidate)) ??
		separators.find((candidate) => unquoted.at(-1)?.includes(candidate)) ??
		",";
	const decimalComma = separator !== "," && lines.some((line) => line.split(separator).some(isDecimalComma));
	const assumptions = [
		...(separator === "," ? [] : [`cells are separated by ${separatorNames[separator]}`]),
		...(decimalComma ? ["numbers have decimal commas"] : []),
	];
	return { separator, decimalComma, assumptions };
}

/** Whether a separator divides all lines into as many cells, more than one. */
function dividesAlike(lines: readonly string[], separator: string): boolean {
	const counts = lines.map((line) => line.trim().split(separator === " " ? / +/ : separator).length);
	return (counts[0] ?? 1) > 1 && counts.every((count) => count === counts[0]);
}

/** Of a longer line the beginning says how it is written. */
const LONGEST_SAMPLE = 65_536;

/** The first ten lines with something in them but a comment. */
function firstLines(text: string): string[] {
	const lines: string[] = [];
	for (let at = 0; at < text.length && lines.length < 10; ) {
		const end = text.indexOf("\n", at);
		const line = text.slice(at, Math.min(end < 0 ? text.length : end, at + LONGEST_SAMPLE));
		if (line.trim() !== "" && !line.startsWith("#")) lines.push(line);
		at = end < 0 ? text.length : end + 1;
	}
	return lines;
}

/**
 * The rows of a table one by one, as far as they are asked for; lines that begin with `#`, and rows without any text, are left
 * out. A cell in quotes may hold separators, line breaks and doubled quotes.
 */
export function* rowsOf(
	text: string,
	{ separator }: Pick<Dialect, "separator">,
	fail: (line: number, message: string) => never,
): Generator<Row, undefined> {
	const scanner = new Scanner(text, separator, fail);
	while (!scanner.isDone()) {
		if (scanner.skipComment()) continue;
		const { cells, line } = scanner.row();
		// Blanks before the first cell and after the last are none between cells.
		const own = separator === " " ? cells.filter((cell) => cell !== "") : cells;
		if (own.some((cell) => cell.trim() !== "")) yield { cells: own, line };
	}
	return undefined;
}

class Scanner {
	private readonly text: string;
	private readonly separator: string;
	private readonly fail: (line: number, message: string) => never;
	private at: number;
	private line = 1;

	constructor(text: string, separator: string, fail: (line: number, message: string) => never) {
		this.text = text;
		this.separator = separator;
		this.fail = fail;
		this.at = text.startsWith("\uFEFF") ? 1 : 0;
	}

	isDone(): boolean {
		return this.at >= this.text.length;
	}

	/** Goes past a line that begins with `#`. */
	skipComment(): boolean {
		if (this.text[this.at] !== "#") return false;
		const end = this.text.indexOf("\n", this.at);
		this.at = end < 0 ? this.text.length : end + 1;
		this.line += 1;
		return true;
	}

	row(): Row {
		const { line } = this;
		const cells: string[] = [];
		for (;;) {
			cells.push(this.cell());
			if (cells.length > MOST_CELLS) return this.fail(line, `more than ${MOST_CELLS} cells in a row`);
			const end = this.text[this.at];
			this.at += 1;
			if (end === this.separator) continue;
			this.line += 1;
			return { cells, line };
		}
	}

	/** Up to the separator or line break that ends it, which is left to be read. */
	private cell(): string {
		const opening = this.openingQuote();
		if (opening !== undefined) return this.quoted(opening);
		return this.plain();
	}

	/** Where a cell in quotes begins: blanks may stand before it. */
	private openingQuote(): number | undefined {
		let { at } = this;
		while (this.text[at] === " ") at += 1;
		return this.text[at] === '"' ? at : undefined;
	}

	private quoted(opening: number): string {
		let closing = this.text.indexOf('"', opening + 1);
		while (closing >= 0 && this.text[closing + 1] === '"') closing = this.text.indexOf('"', closing + 2);
		if (closing < 0) return this.fail(this.line, "a quote is opened and never closed");
		const content = this.text.slice(opening + 1, closing).replaceAll('""', '"');
		for (let at = opening; at < closing; at++) if (this.text[at] === "\n") this.line += 1;
		this.at = closing + 1;
		// What follows the quote is a part of the cell, as most readers have it.
		return content + this.plain().trimEnd();
	}

	private plain(): string {
		const start = this.at;
		while (!this.isDone() && this.text[this.at] !== this.separator && this.text[this.at] !== "\n") this.at += 1;
		const hasReturn = this.at > start && this.text[this.at - 1] === "\r";
		return this.text.slice(start, hasReturn ? this.at - 1 : this.at);
	}
}
