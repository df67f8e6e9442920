import { checkCall } from "../check/values.js";
import { isLine } from "../surface/grid.js";
import { checkSurface, mainField, type Surface } from "../surface/surface.js";
import { compare } from "./compare.js";
import { type PictureOptions, pictureChecks } from "./options.js";
import { networkMarks } from "./parts/marks.js";
import { widthOf } from "./parts/size.js";
import { WIDTH } from "./parts/width.js";
import { checkWidth, type Picture, picturesOf } from "./picture.js";
import { ensembleLines } from "./pictures/ensemble.js";

/**
 * Pictures of an ensemble, the same sweep along several pairs of directions: of planes `ensemble.svg` and `ensemble.png`, the lines of all
 * over each other with those of their mean, and `panels.svg` and `panels.png`, all side by side; of lines `curves.svg` and `curves.png`.
 *
 * @param members each seed's surface, with its label
 * @param mean    the surface of their means
 * @throws {OptionError} as `render` and `compare` do
 */
export async function renderEnsemble(
	members: readonly { readonly label: string; readonly surface: Surface }[],
	mean: Surface,
	given: PictureOptions = {},
): Promise<Picture[]> {
	checkSurface("mean", mean);
	checkCall(given, pictureChecks);
	const { scale, colormap, size, formats, smooth, cells, theme, text, bare } = given;
	const shared = { scale, colormap, size, formats, smooth, cells, theme, text, bare };
	const side = await compare(
		members,
		Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined)),
	);
	const beside = side.filter(({ name }) => !name.startsWith("differences"));
	if (isLine(mean.grid)) return beside;
	const width = widthOf(given);
	checkWidth(width ?? WIDTH.usual);
	const marks = given.marks ?? networkMarks(mean);
	const options = { ...given, ...(marks && { marks }), ...(width !== undefined && { width }) };
	const all = members.map(({ surface }) => surface);
	const draw = (look: object) => ensembleLines(all, mean, mainField(mean).name, { ...options, ...look });
	return [...(await picturesOf("ensemble", ["svg", "png"], draw, options, [mean, ...all])), ...beside];
}
