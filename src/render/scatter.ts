import "./fonts.js";
import { isA, isListOf, isObject, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import type { FigureOptions } from "./options.js";
import { WIDTH } from "./parts/width.js";
import { checkWidth, type FileOptions, type Picture, picturesOf } from "./picture.js";
import { type ScatterOptions, type ScatterPoint, scatter } from "./pictures/scatter.js";

const isAnyNumber = isA("a number", (value) => typeof value === "number");
const isPoint = isObject("a point", { label: isText, group: isText, x: isAnyNumber, y: isAnyNumber });

/**
 * Things with two numbers each as points of a plot, `scatter.svg` and `scatter.png`, or the formats that are asked for. A group has a
 * colour and a shape; points with a number that is not finite are left out, which the foot says. Equal points and options give equal bytes.
 *
 * @throws {OptionError} for no point whose numbers are both finite, a width out of range, a log scale over values not above 0
 */
export async function drawPoints(
	points: readonly ScatterPoint[],
	options: ScatterOptions & Pick<FigureOptions, "formats">,
): Promise<Picture[]> {
	isListOf(isPoint)("points", points);
	checkWidth(options.width ?? WIDTH.usual);
	if (!points.some(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
		throw new OptionError("points", "expected one with two finite numbers, got none");
	const { title } = options;
	const drawn = (look: FileOptions) => ({ svg: scatter(points, { ...options, ...look }), title, description: title });
	return picturesOf("scatter", ["svg", "png"], drawn, options, []);
}
