import "./fonts.js";
import { svgToPng } from "./encode.js";
import { pixelRatio } from "./parts/cells.js";
import type { Picture } from "./picture.js";
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

/** Every picture of a computation of curvature, as SVG and as PNG. Equal numbers give equal bytes. */
export async function drawCurvature(figure: CurvatureFigure): Promise<Picture[]> {
	const text = { Title: figure.title, Description: figure.foot, Software: "isoloss" };
	const pictures: Picture[] = [];
	for (const [name, draw] of plates) {
		const svg = draw(figure);
		if (svg === undefined) continue;
		pictures.push({ name: `${name}.svg`, bytes: new TextEncoder().encode(svg) });
		pictures.push({ name: `${name}.png`, bytes: await svgToPng(svg, { scale: pixelRatio }, text) });
	}
	return pictures;
}
