import { DEPTH_BOUND, itemBound } from "./limits.js";

/** What a list, an entry of one, or an object of a JSON text takes in memory; measured with lists of empty lists. */
const ITEM_BYTES = 32;

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
	0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/**
 * Reads JSON of a file that someone else has written: within bounds on how many things it holds, and how deep.
 *
 * @throws {SyntaxError} when it is none
 * @throws {RangeError}  when it holds too many things, or too deep
 */
export function parseJson(bytes: Uint8Array): unknown {
	checkItems(bytes);
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (error) {
		if (error instanceof TypeError) throw new SyntaxError("it is not UTF-8");
		throw error;
	}
}

function checkItems(bytes: Uint8Array): void {
	const most = itemBound(bytes.length, ITEM_BYTES);
	let [items, depth] = [0, 0];
	let quoted = false;
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at];
		if (quoted) {
			if (byte === BACKSLASH) at += 1;
			else if (byte === QUOTE) quoted = false;
		} else if (byte === QUOTE) quoted = true;
		else if (byte === COMMA) items += 1;
		else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
			items += 2;
			depth += 1;
			if (depth > DEPTH_BOUND) throw new RangeError(`more than ${DEPTH_BOUND} lists and objects in each other`);
		} else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
	}
	if (items > most) throw new RangeError(`more than ${most} entries in a file of ${bytes.length} bytes`);
}
