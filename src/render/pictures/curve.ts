import type { FieldSpec } from "../../surface/field.js";
import { axesOf } from "../../surface/grid.js";
import type { Surface } from "../../surface/surface.js";
import type { PictureOptions } from "../options.js";
import { defaultTitle, describe, provenanceLine } from "../parts/caption.js";
import { type Curve, curveFigure } from "../parts/curve-figure.js";
import { drawnMargins, scaleWithMargins } from "../parts/margin-bands.js";
import { withScale } from "../parts/scale.js";
import { lineColour } from "../parts/theme.js";
import { type DrawnField, drawnField } from "../parts/values.js";

/** Blue and vermilion of Okabe and Ito's palette: told apart with any kind of colour blindness. */
const leftStyle = { colour: lineColour("#0072b2"), dashes: "" };
/** Dashes, so that the two are told apart in black and white too. */
const rightStyle = { colour: lineColour("#d55e00"), dashes: "6 3" };

/**
 * One or two fields over α for a surface of one axis, as an SVG document: the first on the left axis, the second on the
 * right one, each on a scale of its own; shares up to 100 %.
 *
 * @throws {OptionError} for a field that the surface does not have
 */
export function curve(surface: Surface, fields: readonly FieldSpec[], options: PictureOptions = {}): string {
	const [left, right] = fields.map(({ name }) => drawnField(surface, name));
	if (left === undefined) throw new RangeError("a curve needs a field");
	const shown = right === undefined ? [left.spec] : [left.spec, right.spec];
	const { title = defaultTitle(surface, shown), marks = [{ alpha: 0 }], width = 600 } = options;
	const { x } = axesOf(surface.grid);
	const margins = drawnMargins(surface, left);
	const rightMargins = right === undefined ? null : drawnMargins(surface, right);
	const leftScale = scaleWithMargins(left.spec, [{ of: left, margins }], options.scale);
	const rightScale = right && scaleWithMargins(right.spec, [{ of: right, margins: rightMargins }], options.scale);
	return curveFigure({
		title,
		width,
		description: describe(surface, sentence(shown.map(({ label }) => label)), shown),
		foot: [provenanceLine(surface)],
		xRange: [x.min, x.max],
		axisLabel: surface.provenance.axisLabels?.[0],
		marks,
		left: { label: withScale(left.label, leftScale), scale: leftScale, colour: leftStyle.colour },
		...(right &&
			rightScale && {
				right: { label: withScale(right.label, rightScale), scale: rightScale, colour: rightStyle.colour },
			}),
		curves: [
			{ ...styled(left, leftScale, leftStyle, "top"), margins },
			...(right && rightScale ? [{ ...styled(right, rightScale, rightStyle, "bottom"), margins: rightMargins }] : []),
		],
		uncomputed: "once",
		look: options,
	});
}

function styled(of: DrawnField, scale: Curve["scale"], style: typeof leftStyle, edge: "top" | "bottom"): Curve {
	return { of, label: of.label, scale, ...style, missing: { edge, prefix: `${of.spec.label} ` } };
}

function sentence(labels: readonly string[]): string {
	const words = labels.join(" and ");
	return words.charAt(0).toUpperCase() + words.slice(1);
}
