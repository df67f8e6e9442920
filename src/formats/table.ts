/** A row of a table: its cells as texts, and the line on which it begins. */
export interface Row {
	readonly cells: readonly string[];
	readonly line: number;
}

/** A row with more cells is no row: a megabyte of separators would be a million texts. */
const MOST_CELLS = 1_000_000;

/**
 * The rows of a table one by one, as far as they are asked for; rows without any text are left out. A cell in quotes may hold
 * separators, line breaks and doubled quotes.
 */
export function* rowsOf(text: string, fail: (line: number, message: string) => never): Generator<Row, undefined> {
	const scanner = new Scanner(text, separatorOf(text), fail);
	while (!scanner.isDone()) {
		const row = scanner.row();
		if (row.cells.some((cell) => cell.trim() !== "")) yield row;
	}
	return undefined;
}

/** A comma, or what stands in its place where the first line has none. */
function separatorOf(text: string): string {
	const end = text.indexOf("\n");
	const first = end < 0 ? text : text.slice(0, end);
	return [",", ";", "\t"].find((candidate) => first.includes(candidate)) ?? ",";
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
