import { quantityName, type Surface } from "../../surface/surface.js";
import { defaultTitle, describe, provenanceLine } from "../parts/caption.js";
import { curveFigure } from "../parts/curve-figure.js";
import type { Mark } from "../parts/marks.js";
import { percentScale, type ScaleName, valueScale, withScale } from "../parts/scale.js";
import { field, finiteValues, isPercentage } from "../parts/values.js";

export interface LineOptions {
	/** For the loss; a metric is always linear, an accuracy up to 100 %. */
	readonly scale?: ScaleName;
	readonly title?: string;
	/** Places on the α axis to mark with an upright line; by default α = 0. An interpolation marks its two ends. */
	readonly marks?: readonly Mark[];
	/** In user units. */
	readonly width?: number;
}

/** Blue and vermilion of Okabe and Ito's palette: told apart with any kind of colour blindness. */
const lossColour = "#0072b2";
const metricColour = "#d55e00";

/** Loss (left axis) and metric (right axis), over α for a surface of one axis, as an SVG document. */
export function line(surface: Surface, options: LineOptions = {}): string {
	const { title = defaultTitle(surface), marks = [{ alpha: 0 }], width = 600 } = options;
	const [loss, metric] = [field(surface, "loss"), field(surface, "metric")];
	const lossScale = valueScale(finiteValues(loss), options.scale);
	const metricScale = isPercentage(surface, "metric")
		? percentScale(finiteValues(metric))
		: valueScale(finiteValues(metric), "linear");
	return curveFigure({
		title,
		width,
		description: describe(surface, `Loss and ${quantityName(surface, "metric")}`),
		foot: [provenanceLine(surface)],
		xRange: [surface.x.min, surface.x.max],
		marks,
		left: { label: withScale(loss.label, lossScale), scale: lossScale, colour: lossColour },
		right: { label: metric.label, scale: metricScale, colour: metricColour },
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
				of: metric,
				label: metric.label,
				scale: metricScale,
				colour: metricColour,
				// Dashes, so that the two are told apart in black and white too.
				dashes: "6 3",
				missing: { edge: "bottom", prefix: `${quantityName(surface, "metric")} ` },
			},
		],
		uncomputed: "once",
	});
}
