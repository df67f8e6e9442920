import "./fonts.js";
import type { FigureOptions } from "./options.js";
import { widthOf } from "./parts/size.js";
import { type Picture, picturesOf } from "./picture.js";
import type { CurvatureFigure } from "./pictures/curvature-figure.js";
import { eigenvalueBars } from "./pictures/eigenvalues.js";
import { secantCurves } from "./pictures/secant.js";
import { spectrum } from "./pictures/spectrum.js";

/** What there is to draw of a computation of curvature, by file name; undefined where it was not computed. */
const plates: readonly (readonly [string, (figure: CurvatureFigure) => string | undefined])[] = [
	["spectrum", spectrum],
	["eigenvalues", eigenvalueBars],
	["secant", secantCurves],
];

/**
 * Every picture of a computation of curvature, as SVG and as PNG where no other formats are asked for. Equal numbers and options give equal
 * bytes.
 *
 * @throws {OptionError} for a size that is none
 */
export async function drawCurvature(figure: CurvatureFigure, options: FigureOptions = {}): Promise<Picture[]> {
	const width = widthOf(options);
	const pictures: Picture[] = [];
	for (const [name, draw] of plates) {
		const drawn = (look: CurvatureFigure["look"]) => {
			const svg = draw({ ...figure, look, ...(width !== undefined && { width }) });
			return svg === undefined ? null : { svg, title: figure.title, description: figure.foot };
		};
		pictures.push(...(await picturesOf(name, ["svg", "png"], drawn, options, [])));
	}
	return pictures;
}
