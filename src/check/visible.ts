/** What moves a cursor, changes colours or turns the direction of text, but line breaks. */
const CODES = /(?!\n)[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

function code(control: string): string {
	const hex = control.charCodeAt(0).toString(16);
	return hex.length > 2 ? `\\u${hex}` : `\\x${hex.padStart(2, "0")}`;
}

/** Text with codes of terminals as they are written, `\x1b`; line breaks stay. Names come from files of others. */
export function visible(text: string): string {
	return text.replaceAll(CODES, code);
}
