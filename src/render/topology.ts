import "./fonts.js";
import { checkCall, isPerhaps, isText } from "../check/values.js";
import { checkSurface, type Surface } from "../surface/surface.js";
import type { Topology } from "../topology/topology.js";
import { type FigureOptions, lookChecks } from "./options.js";
import type { Look } from "./parts/look.js";
import { widthOf } from "./parts/size.js";
import { type Drawing, type Picture, picturesOf } from "./picture.js";
import { barcode } from "./pictures/barcode.js";
import { basins } from "./pictures/basins.js";
import { mergeTreeFigure } from "./pictures/merge-tree.js";
import type { TopologyFigure } from "./pictures/topology-figure.js";

/** How figures of a topology look, and what stands above them. */
export interface TopologyPictureOptions extends FigureOptions {
	readonly title?: string;
}

/** What there is to draw, by file name; null where a line has no such picture. */
const plates: readonly (readonly [string, (figure: TopologyFigure) => Drawing | null | Promise<Drawing | null>])[] = [
	["barcode", barcode],
	["merge-tree", mergeTreeFigure],
	["basins", basins],
];

/**
 * The pictures of a surface's topology, as SVG and as PNG where no other formats are asked for: `barcode`, `merge-tree` and, of a plane,
 * `basins`, its contour lines with minima, saddles and the borders of basins. Equal surfaces and options give equal bytes.
 *
 * @throws {OptionError} for a size that is none
 */
export async function drawTopology(
	surface: Surface,
	topology: Topology,
	options: TopologyPictureOptions = {},
): Promise<Picture[]> {
	checkSurface("surface", surface);
	checkCall(options, { ...lookChecks, title: isPerhaps(isText) });
	const width = widthOf(options);
	const { title } = options;
	const figure = { surface, topology, ...(title !== undefined && { title }), ...(width !== undefined && { width }) };
	const pictures: Picture[] = [];
	for (const [name, draw] of plates) {
		const drawn = (look: Look) => draw({ ...figure, look });
		pictures.push(...(await picturesOf(name, ["svg", "png"], drawn, options, [surface])));
	}
	return pictures;
}
