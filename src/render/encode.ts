import { crc32 } from "node:zlib";
import { escapeXml } from "./parts/text.js";

// sharp, 20 MB of native code, is loaded with the first picture: who only computes does without it.

/** Text kept inside a PNG, by keyword; `Title`, `Description`, `Software` are the ones viewers know. */
export type PngText = Readonly<Record<string, string>>;

/** What a picture says of itself. */
export type PictureText = PngText & Readonly<Record<"Title" | "Description" | "Software" | "Source", string>>;

/**
 * An SVG document as PNG.
 *
 * @param scale pixels a user unit; 2 makes a 600-unit figure 1200 pixels wide
 */
export async function svgToPng(svg: string, scale: number, text: PngText = {}): Promise<Uint8Array> {
	// librsvg takes a user unit for a pixel at 72 dots an inch.
	const { default: sharp } = await import("sharp");
	const image = sharp(Buffer.from(svg), { density: 72 * scale });
	return withText(await image.flatten({ background: "#fff" }).png({ compressionLevel: 9 }).toBuffer(), text);
}

/** Pixels, four bytes each (red, green, blue, alpha), top row first, as PNG. */
export async function rgbaToPng(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
	const { default: sharp } = await import("sharp");
	return sharp(pixels, { raw: { width, height, channels: 4 } })
		.png({ compressionLevel: 9 })
		.toBuffer();
}

/** A film as files that browsers and chats show: lossless WebP, and GIF, in the 256 colours of its first frame. */
export interface Animations {
	readonly webp: Uint8Array;
	readonly gif: Uint8Array;
}

/** How hard a palette is looked for, 1 to 10: more takes twice as long for the same picture of few colours. */
const PALETTE_EFFORT = 1;

/** The most by which a palette may miss a frame before there is another: all there is, for one palette in a whole film. */
const ANY_ERROR = 256;

/**
 * SVG documents of one size as animations that go round for ever. A frame waits as PNG, a thirtieth of its pixels, until all are
 * there: sharp takes them together, and decodes one after another.
 *
 * @param scale  pixels a user unit
 * @param delays how long each frame stands, in milliseconds; one a frame, since sharp gives a single number to the first alone
 * @param text   kept inside the WebP as XMP; GIF has no place that viewers know
 */
export async function svgsToAnimations(
	frames: AsyncIterable<string>,
	scale: number,
	delays: readonly number[],
	text: PictureText,
): Promise<Animations> {
	const { default: sharp } = await import("sharp");
	const pngs: Uint8Array[] = [];
	for await (const svg of frames) {
		const image = sharp(Buffer.from(svg), { density: 72 * scale });
		pngs.push(await image.flatten({ background: "#fff" }).png({ compressionLevel: 3 }).toBuffer());
	}
	const timing = { loop: 0, delay: [...delays] };
	const palette = { dither: 0, effort: PALETTE_EFFORT, interPaletteMaxError: ANY_ERROR };
	const film = () => sharp(pngs, { join: { animated: true } });
	return {
		webp: await film()
			.webp({ ...timing, lossless: true })
			.withXmp(xmpOf(text))
			.toBuffer(),
		gif: await film()
			.gif({ ...timing, ...palette })
			.toBuffer(),
	};
}

/** The text as an XMP packet, in Dublin Core's words (XMP specification, part 1, 8.3). */
function xmpOf({ Title, Description, Software, Source }: PictureText): string {
	const inDefault = (words: string) => `<rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(words)}</rdf:li></rdf:Alt>`;
	return [
		'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
		'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">',
		`<dc:title>${inDefault(Title)}</dc:title><dc:description>${inDefault(Description)}</dc:description>`,
		`<dc:source>${escapeXml(Source)}</dc:source><xmp:CreatorTool>${escapeXml(Software)}</xmp:CreatorTool>`,
		"</rdf:Description></rdf:RDF></x:xmpmeta>",
	].join("\n");
}

/** The PNG with an iTXt chunk a text, after the header (PNG specification, 11.3.3.4); sharp writes none itself. */
function withText(png: Uint8Array, text: PngText): Uint8Array {
	const chunks = Object.entries(text).map(([keyword, value]) => {
		// Keyword, then: not compressed, no language, no translated keyword.
		const body = Buffer.from(`iTXt${keyword}\0\0\0\0\0${value}`);
		const chunk = Buffer.alloc(body.length + 8);
		chunk.writeUInt32BE(body.length - 4, 0);
		body.copy(chunk, 4);
		chunk.writeUInt32BE(crc32(body), body.length + 4);
		return chunk;
	});
	// Eight bytes of signature and 25 of header come first.
	return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}
