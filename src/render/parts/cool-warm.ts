type Triple = readonly [number, number, number];

/** Blue and red of the same lightness at the ends. */
const COOL: Triple = [59, 76, 192];
const WARM: Triple = [180, 4, 38];

/** Lightness of the grey in the middle. */
const MIDDLE = 88;

/** A colour in Moreland's polar form of CIE Lab: length, angle from the grey axis, hue. */
interface Msh {
	readonly m: number;
	readonly s: number;
	readonly h: number;
}

/**
 * Moreland's diverging map from cool to warm, the default of ParaView: by lengths and angles, so that lightness has no kink at the
 * middle and neither side stands out.
 *
 * @param position 0 (cool) to 1 (warm)
 * @returns a CSS colour
 * @see Moreland 2009, "Diverging Color Maps for Scientific Visualization"
 */
export function coolWarm(position: number): string {
	const isCool = position < 0.5;
	const end = mshOf(isCool ? COOL : WARM);
	// The end's share: 1 at it, 0 in the middle.
	const share = Math.min(1, Math.abs(2 * position - 1));
	const grey: Msh = { m: MIDDLE, s: 0, h: hueAtGrey(end) };
	const between = (of: keyof Msh) => share * end[of] + (1 - share) * grey[of];
	return colourOf({ m: between("m"), s: between("s"), h: between("h") });
}

function mshOf(colour: Triple): Msh {
	const [l, a, b] = labOf(colour);
	const m = Math.hypot(l, a, b);
	return { m, s: Math.acos(l / m), h: Math.atan2(b, a) };
}

/** The hue from which a colour comes out of the grey: away from the other side's, so far that steps look equal. */
function hueAtGrey({ m, s, h }: Msh): number {
	if (m >= MIDDLE) return h;
	const spin = (s * Math.sqrt(MIDDLE * MIDDLE - m * m)) / (m * Math.sin(s));
	return h > -Math.PI / 3 ? h + spin : h - spin;
}

function colourOf({ m, s, h }: Msh): string {
	const [r, g, b] = rgbOf([m * Math.cos(s), m * Math.sin(s) * Math.cos(h), m * Math.sin(s) * Math.sin(h)]);
	return `rgb(${r}, ${g}, ${b})`;
}

/** Daylight, D65, which the map is defined by; d3-color's Lab has D50. */
const WHITE: Triple = [0.95047, 1, 1.08883];

/** From sRGB to CIE Lab under D65 (IEC 61966-2-1, CIE 15). */
function labOf(colour: Triple): Triple {
	const [r, g, b] = each(colour, (channel) => {
		const share = channel / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	const [x, y, z] = each(
		[
			0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
			0.2126729 * r + 0.7151522 * g + 0.072175 * b,
			0.0193339 * r + 0.119192 * g + 0.9503041 * b,
		],
		(value, i) => {
			const share = value / (WHITE[i] ?? 1);
			return share > (6 / 29) ** 3 ? Math.cbrt(share) : share / (3 * (6 / 29) ** 2) + 4 / 29;
		},
	);
	return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** And back, in whole numbers from 0 to 255. */
function rgbOf([l, a, b]: Triple): Triple {
	const middle = (l + 16) / 116;
	const [x, y, z] = each([middle + a / 500, middle, middle - b / 200], (value, i) => {
		const share = value > 6 / 29 ? value ** 3 : 3 * (6 / 29) ** 2 * (value - 4 / 29);
		return share * (WHITE[i] ?? 1);
	});
	return each(
		[
			3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
			-0.969266 * x + 1.8760108 * y + 0.041556 * z,
			0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
		],
		(value) => {
			const share = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
			return Math.min(255, Math.max(0, Math.round(255 * share)));
		},
	);
}

function each(values: Triple, change: (value: number, i: number) => number): Triple {
	return [change(values[0], 0), change(values[1], 1), change(values[2], 2)];
}
