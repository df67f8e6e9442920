import { crc32 } from "node:zlib";
import { escapeXml } from "./parts/text.js";

// sharp, 20 MB of native code, is loaded with the first picture: who only computes does without it.

/** Text kept inside a PNG, by keyword; `Title`, `Description`, `Software` are the ones viewers know. */
export type PngText = Readonly<Record<string, string>>;

/** What a picture says of itself. */
export type PictureText = PngText & Readonly<Record<"Title" | "Description" | "Software", string>>;

/** How an SVG document becomes pixels. */
export interface Pixels {
	/** Pixels a user unit; 2 makes a 600-unit figure 1200 pixels wide. */
	readonly scale: number;
	/** Whether what is not drawn on stays clear; white where nothing is said. */
	readonly clear?: boolean;
	/** Pixels a metre, for programs that print. */
	readonly perMetre?: number | null;
}

/** How hard PNGs are compressed, 0 to 9: the hardest takes five times as long for a tenth of a contour plot, and less of others. */
const COMPRESSION = 6;

/** An SVG document as PNG. */
export async function svgToPng(svg: string, pixels: Pixels, text: PngText = {}): Promise<Uint8Array> {
	const png = await (await rasterOf(svg, pixels)).png({ compressionLevel: COMPRESSION }).toBuffer();
	const { perMetre = null } = pixels;
	return withChunks(png, [
		...(perMetre === null ? [] : [densityChunk(perMetre)]),
		...Object.entries(text).map(textChunk),
	]);
}

/** An SVG document as lossless WebP. */
export async function svgToWebp(svg: string, pixels: Pixels, text: PictureText): Promise<Uint8Array> {
	return (await rasterOf(svg, pixels)).webp({ lossless: true }).withXmp(xmpOf(text)).toBuffer();
}

async function rasterOf(svg: string, { scale, clear = false }: Pixels) {
	const { default: sharp } = await import("sharp");
	// librsvg takes a user unit for a pixel at 72 dots an inch.
	const image = sharp(Buffer.from(svg), { density: 72 * scale });
	return clear ? image : image.flatten({ background: "#fff" });
}

/** The pixels of a picture, four bytes each (red, green, blue, alpha), top row first. */
export async function pixelsOf(image: Uint8Array): Promise<{ width: number; height: number; data: Uint8Array }> {
	const { default: sharp } = await import("sharp");
	const { data, info } = await sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data };
}

/** Pixels, four bytes each (red, green, blue, alpha), top row first, as PNG: part of an SVG, whose bytes stay what they have been. */
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
function xmpOf({ Title, Description, Software, Source = "" }: PictureText): string {
	const inDefault = (words: string) => `<rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(words)}</rdf:li></rdf:Alt>`;
	return [
		'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
		'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">',
		`<dc:title>${inDefault(Title)}</dc:title><dc:description>${inDefault(Description)}</dc:description>`,
		`<dc:source>${escapeXml(Source)}</dc:source><xmp:CreatorTool>${escapeXml(Software)}</xmp:CreatorTool>`,
		"</rdf:Description></rdf:RDF></x:xmpmeta>",
	].join("\n");
}

/** A chunk of an iTXt a text, after the header (PNG specification, 11.3.3.4); sharp writes none itself. */
function textChunk([keyword, value]: readonly [string, string]): Buffer {
	// Keyword, then: not compressed, no language, no translated keyword.
	return chunk("iTXt", Buffer.from(`${keyword}\0\0\0\0\0${value}`));
}

/** How many pixels a metre has, either way (PNG specification, 11.3.4.3). */
function densityChunk(perMetre: number): Buffer {
	const body = Buffer.alloc(9);
	body.writeUInt32BE(perMetre, 0);
	body.writeUInt32BE(perMetre, 4);
	// The unit is the metre.
	body.writeUInt8(1, 8);
	return chunk("pHYs", body);
}

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type), data]);
	const whole = Buffer.alloc(body.length + 8);
	whole.writeUInt32BE(data.length, 0);
	body.copy(whole, 4);
	whole.writeUInt32BE(crc32(body), body.length + 4);
	return whole;
}

/** The PNG with chunks after its header, and without a density that is not ours. */
function withChunks(png: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array {
	// Eight bytes of signature and 25 of header come first.
	return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}
