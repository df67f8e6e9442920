import { checkChoice } from "../check/choice.js";
import { checkCall, isListOf, isObject, isPerhaps, isText } from "../check/values.js";
import { OptionError } from "../errors.js";
import type { FieldSpec } from "../surface/field.js";
import { isLine } from "../surface/grid.js";
import { checkSurface } from "../surface/surface.js";
import type { CompareOptions, ComparisonOptions, NamedSurface } from "./comparison.js";
import { checkSmoothness, lookChecks, pictureChecks } from "./options.js";
import { colormap } from "./parts/colormap.js";
import { scaleNames } from "./parts/scale.js";
import { widthOf } from "./parts/size.js";
import { WIDTH } from "./parts/width.js";
import { checkWidth, type Picture, picturesOf } from "./picture.js";
import { curves } from "./pictures/curves.js";
import { differences, panels } from "./pictures/panels.js";

const { scale, colormap: colours, title, width } = pictureChecks;
const comparisonChecks = { scale, colormap: colours, title, width, ...lookChecks };

/**
 * Pictures of several surfaces side by side. Of planes `panels.svg` and `panels.png`, on shared axes (those that hold all
 * of them) and one colour scale, and `differences.svg` and `.png`, each less the first, of those whose axes are the first's.
 * Of lines `curves.svg` and `curves.png`, all in one plot. Equal surfaces and options give equal bytes.
 *
 * @throws {OptionError} for no surface, a metric that not all have, lines among planes, an unknown scale or colour map, a log scale over values not
 *   above 0, a width out of range or too narrow for that many panels
 */
export async function compare(surfaces: readonly NamedSurface[], options: CompareOptions = {}): Promise<Picture[]> {
	isListOf(isObject("a surface with its label", { label: isText, surface: checkSurface }))("runs", surfaces);
	checkCall(options, { ...comparisonChecks, metric: isPerhaps(isText) });
	const [first] = surfaces;
	if (first === undefined) throw new OptionError("runs", "expected at least one, got none");
	const odd = surfaces.find(({ surface }) => isLine(surface.grid) !== isLine(first.surface.grid));
	if (odd !== undefined)
		throw new OptionError("runs", `expected all lines or all planes, got ${kindOf(first)} and ${kindOf(odd)}`);
	const width = widthOf(options);
	checkWidth(width ?? WIDTH.usual);
	checkSmoothness(options);
	colormap(options.colormap);
	checkChoice("scale", options.scale ?? "auto", scaleNames);
	const { metric, ...rest } = options;
	const comparison = { ...rest, ...(width !== undefined && { width }), field: commonField(metric, surfaces) };
	if (isLine(first.surface.grid)) return drawLines(surfaces, { ...comparison, name: "curves" });
	const all = surfaces.map(({ surface }) => surface);
	const files = (name: string, draw: typeof differences) =>
		picturesOf(name, ["svg", "png"], (look) => draw(surfaces, { ...comparison, ...look }), comparison, all);
	return (await Promise.all([files("panels", panels), files("differences", differences)])).flat();
}

/** One field of several lines in one plot, under a name of its own. */
export function drawLines(
	surfaces: readonly NamedSurface[],
	{ name, ...options }: ComparisonOptions & { readonly name: string },
): Promise<Picture[]> {
	const all = surfaces.map(({ surface }) => surface);
	return picturesOf(name, ["svg", "png"], (look) => curves(surfaces, { ...options, ...look }), options, all);
}

/** The field that all surfaces have by a name. */
function commonField(name: string | undefined, surfaces: readonly NamedSurface[]): FieldSpec {
	const [first, ...others] = surfaces.map(({ surface }) => surface.fields);
	const common = (first ?? []).filter(({ name }) =>
		others.every((fields) => fields.some((field) => field.name === name)),
	);
	const found = name === undefined ? common[0] : common.find((field) => field.name === name);
	if (found !== undefined) return found;
	throw new OptionError(
		"metric",
		`expected a field that all runs have (${common.map((field) => field.name).join(", ")}), got "${name}"`,
	);
}

function kindOf({ label, surface }: NamedSurface): string {
	return `${label}, a ${isLine(surface.grid) ? "line" : "plane"},`;
}
