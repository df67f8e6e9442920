import { zlibSync } from "fflate";

const utf8 = new TextEncoder();

/** The objects of a PDF file, numbered from 1 as they are added. Nothing in them depends on when or where they are written. */
export class PdfObjects {
	readonly #bodies: (readonly Uint8Array[])[] = [];

	/** @returns its number */
	add(body: string): number {
		return this.#bodies.push([utf8.encode(body)]);
	}

	/** @returns the number of an object that `put` gives its body, for others to refer to */
	reserve(): number {
		return this.#bodies.push([]);
	}

	put(number: number, body: string): void {
		this.#bodies[number - 1] = [utf8.encode(body)];
	}

	/** @param entries of its dictionary, but for length and filter */
	stream(entries: string, data: Uint8Array): number {
		// Of fflate and not of Node's zlib, whose bytes are other ones from version to version.
		const packed = zlibSync(data, { level: 9 });
		const head = `<< ${entries} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`;
		return this.#bodies.push([utf8.encode(head), packed, utf8.encode("\nendstream")]);
	}

	/** The whole file: header, objects, where each begins, and the trailer (ISO 32000-1, 7.5). */
	file(root: number, info: number): Uint8Array {
		// Four bytes above 127 in a comment tell programs that files are not text.
		const parts: Uint8Array[] = [Uint8Array.from([...utf8.encode("%PDF-1.4\n%"), 0xe2, 0xe3, 0xcf, 0xd3, 0x0a])];
		let length = parts[0]?.length ?? 0;
		const write = (part: Uint8Array) => {
			parts.push(part);
			length += part.length;
		};
		const starts = this.#bodies.map((body, i) => {
			const start = length;
			for (const part of [utf8.encode(`${i + 1} 0 obj\n`), ...body, utf8.encode("\nendobj\n")]) write(part);
			return start;
		});
		const start = length;
		const rows = starts.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`);
		const size = starts.length + 1;
		write(utf8.encode(`xref\n0 ${size}\n0000000000 65535 f \n${rows.join("")}`));
		write(
			utf8.encode(`trailer\n<< /Size ${size} /Root ${root} 0 R /Info ${info} 0 R >>\nstartxref\n${start}\n%%EOF\n`),
		);
		return joined(parts, length);
	}
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
	const whole = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** A text of any alphabet: UTF-16, big-endian, with its mark, in hexadecimal (7.9.2.2). */
export function textString(text: string): string {
	const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0"));
	return `<feff${units.join("")}>`;
}

/** A number in PDF, which knows no exponents: thousandths of a user unit are finer than any print. */
export function real(value: number): string {
	return String(Math.round(value * 1000) / 1000 || 0);
}
