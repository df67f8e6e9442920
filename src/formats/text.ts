/** A text, and how its bytes were read. */
export interface DecodedText {
	readonly text: string;
	readonly encoding: "UTF-8" | "UTF-16" | "Windows-1252";
}

/**
 * Text in whatever encoding tables come: UTF-16 where a mark at its beginning says so, else UTF-8, and where the bytes are none,
 * Windows-1252, in which any are text.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return { text: new TextDecoder("utf-16le").decode(bytes), encoding: "UTF-16" };
	if (first === 0xfe && second === 0xff) {
		const swapped = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
		return { text: new TextDecoder("utf-16le").decode(swapped), encoding: "UTF-16" };
	}
	try {
		return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "UTF-8" };
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252" };
	}
}
