import { axesOf, gridPoints } from "../../surface/index.js";
import { number, type PictureRecipe, type Recipe, type Surfaces, surfaceNamed } from "../figure.js";

/** What kind of picture each is, in the words of its caption. */
const kinds: Readonly<Record<PictureRecipe["picture"], string>> = {
	"heatmap.svg": "heat map with isolines",
	"contour.svg": "isolines",
	"relief.webp": "relief with isolines on it and on the floor",
	"panels.svg": "heat maps with isolines, on the same axes and one colour scale",
	"curves.svg": "curves",
	"training.webp": "moving picture: the trainings' ways and, beside them, their losses",
	"scatter.svg": "a dot for each network",
};

/** What is drawn, of what, and over which points: a line of text, without the picture's number. */
export function captionOf(recipe: PictureRecipe, { sweeps, curves = {} }: Recipe, surfaces: Surfaces): string {
	if (recipe.picture === "scatter.svg") return `${recipe.title}: ${kinds[recipe.picture]}.`;
	const [first] = recipe.of;
	if (first === undefined) throw new TypeError(`${recipe.title} shows no surface`);
	const [name] = first;
	const labels = recipe.of.map(([, label]) => label).filter((label) => label !== "");
	const shown = labels.length > 1 ? ` (${labels.join(", ")})` : "";
	const plane = sweeps[name]?.plane;
	const samples = plane?.samples ?? Object.values(curves)[0]?.samples;
	const part = recipe.of.every(([each]) => (sweeps[each]?.plane.split ?? "train") === "train")
		? "training images"
		: "images";
	const over = samples === undefined ? "" : `, ${samples === "all" ? "all" : samples} ${part} a point`;
	return `${recipe.title}: ${kinds[recipe.picture]}${shown}. ${gridWords(surfaceNamed(surfaces, name))}${over}.`;
}

function gridWords({ grid }: Surfaces[string]): string {
	const { x, y } = axesOf(grid);
	if (y === null) return `${gridPoints(grid)} points from ${number(x.min)} to ${number(x.max)}`;
	return `${x.steps} × ${y.steps} points`;
}
