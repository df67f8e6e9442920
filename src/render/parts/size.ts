import { OptionError } from "../../errors.js";
import { WIDTH } from "./width.js";

/** How many points of 1/72 inch a unit of length has. */
const POINTS = { in: 72, cm: 72 / 2.54, mm: 72 / 25.4, pt: 1 } as const;
type Unit = keyof typeof POINTS;

/**
 * Points a user unit: type of 12 units is 7.2 pt, what journals ask for, whatever the width.
 * A figure of 600 units is 5 inches wide.
 */
export const UNIT_POINTS = 0.6;

/** Pixels a user unit where no size is said, and pixels an inch, at least, where one is. */
const [PIXELS, DPI] = [2, 300];

/** From one inch, where type gets small, to what posters want, in points. */
const [LEAST, MOST] = [72, WIDTH.most * UNIT_POINTS];

/** A width as it is written: in units of length, or in user units. */
interface Size {
	readonly number: number;
	readonly unit: Unit | null;
}

const EXPECTED = `a width of 1in to 20in, in in, cm, mm or pt such as 3.25in, or ${WIDTH.least} to ${WIDTH.most} user units`;

/** @throws {OptionError} for a text that is no width, and for one out of bounds */
export function parseSize(text: string): Size {
	const [, digits, unit = null] = /^\s*(\d+\.?\d*|\.\d+)\s*(in|cm|mm|pt)?\s*$/.exec(text) ?? [];
	const size: Size = { number: Number(digits), unit: unit as Unit | null };
	const points = pointsOf(size);
	const fits =
		points === null
			? size.number >= WIDTH.least && size.number <= WIDTH.most
			: points >= LEAST && points <= MOST + 1e-9;
	if (!fits) throw new OptionError("size", `expected ${EXPECTED}, got "${text}"`);
	return size;
}

function pointsOf({ number, unit }: Size): number | null {
	return unit === null ? null : number * POINTS[unit];
}

/** What says how wide a picture is. */
export interface Extent {
	/** In user units. */
	readonly width?: number;
	/** In units of length, `3.25in`, or in user units. */
	readonly size?: string;
}

/**
 * The width in user units, where something is said of it. Of a size in units of length, so many that type has its size in
 * print; of a small one the fewest there may be, and smaller type.
 *
 * @throws {OptionError} for both a size and a width, and for a size that is none
 */
export function widthOf({ width, size }: Extent): number | undefined {
	if (size === undefined) return width;
	if (width !== undefined) throw new OptionError("size", "expected either a size or a width, got both");
	const parsed = parseSize(size);
	const points = pointsOf(parsed);
	return points === null ? parsed.number : Math.max(WIDTH.least, Math.round(points / UNIT_POINTS));
}

/** The width on paper in points: of a picture without a size in units of length, that at which type has its size in print. */
export function pagePoints({ size }: Extent, width: number): number {
	return (size === undefined ? null : pointsOf(parseSize(size))) ?? width * UNIT_POINTS;
}

/** Pixels a user unit, whole ones so that edges of cells are sharp: at least 300 an inch where there is a size. */
export function pixelRatioOf({ size, width }: Extent): number {
	const points = size === undefined ? null : pointsOf(parseSize(size));
	return points === null
		? PIXELS
		: Math.ceil((DPI * points) / 72 / (width ?? widthOf({ size: size ?? "" }) ?? 1) - 1e-9);
}

/** Pixels a metre, for a PNG to say; null where no size in units of length is said. */
export function pixelsPerMetre({ size }: Extent, pixels: number): number | null {
	const points = size === undefined ? null : pointsOf(parseSize(size));
	return points === null ? null : Math.round((pixels * 72) / points / 0.0254);
}

/** An SVG document as wide as a size says, with its height in the same unit. */
export function sized(svg: string, { size }: Extent): string {
	const { number, unit } = size === undefined ? { number: 0, unit: null } : parseSize(size);
	if (unit === null) return svg;
	return svg.replace(/ width="([\d.]+)" height="([\d.]+)"/, (_, width, height) => {
		const high = Math.round(((number * height) / width) * 1e4) / 1e4;
		return ` width="${number}${unit}" height="${high}${unit}"`;
	});
}
