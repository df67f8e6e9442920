import { metricName, type Surface } from "../surface.js";
import { defaultTitle, describe, provenanceLine } from "./caption.js";
import { curveFigure } from "./curve-figure.js";
import { field, finiteValues, isPercentage } from "./field.js";
import type { Mark } from "./marks.js";
import { type ScaleName, scaleOver, valueScale, withScale } from "./scale.js";

export interface LineOptions {
	/** For the loss; accuracy always runs from 0 to 100 %. */
	readonly scale?: ScaleName;
	readonly title?: string;
	/** Places on the α axis to mark with an upright line; by default α = 0. An interpolation marks its two ends. */
	readonly marks?: readonly Mark[];
	/** In user units. */
	readonly width?: number;
}

/** Blue and vermilion of Okabe and Ito's palette: told apart with any kind of colour blindness. */
const lossColour = "#0072b2";
const accuracyColour = "#d55e00";

/** Loss (left axis) and accuracy, or another metric (right axis), over α for a surface of one axis, as an SVG document. */
export function line(surface: Surface, options: LineOptions = {}): string {
	const { title = defaultTitle(surface), marks = [{ alpha: 0 }], width = 600 } = options;
	const [loss, accuracy] = [field(surface, "loss"), field(surface, "accuracy")];
	const lossScale = valueScale(finiteValues(loss), options.scale);
	const accuracyScale = isPercentage(surface, "accuracy")
		? scaleOver("linear", 0, 100)
		: valueScale(finiteValues(accuracy), "linear");
	return curveFigure({
		title,
		width,
		description: describe(surface, `Loss and ${metricName(surface, "accuracy")}`),
		foot: [provenanceLine(surface)],
		xRange: [surface.x.min, surface.x.max],
		marks,
		left: { label: withScale(loss.label, lossScale), scale: lossScale, colour: lossColour },
		right: { label: accuracy.label, scale: accuracyScale, colour: accuracyColour },
		curves: [
			{
				of: loss,
				label: loss.label,
				scale: lossScale,
				colour: lossColour,
				dashes: "",
				missing: { edge: "top", prefix: "loss " },
			},
			{
				of: accuracy,
				label: accuracy.label,
				scale: accuracyScale,
				colour: accuracyColour,
				// Dashes, so that the two are told apart in black and white too.
				dashes: "6 3",
				missing: { edge: "bottom", prefix: `${metricName(surface, "accuracy")} ` },
			},
		],
		uncomputed: "once",
	});
}
