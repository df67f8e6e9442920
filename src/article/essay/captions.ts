import { axesOf, gridPoints, surfaceDigest } from "../../surface/index.js";
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

/**
 * What is drawn, of what, and over which points, a line of text without the picture's number; with the digests of its surfaces, by which a
 * figure that was made again can be told to be the same.
 */
export function captionOf(recipe: PictureRecipe, { sweeps, curves = {} }: Recipe, surfaces: Surfaces): string {
	if (recipe.picture === "scatter.svg") return `${recipe.title}: ${kinds[recipe.picture]}.`;
	const [first] = recipe.of;
	if (first === undefined) throw new TypeError(`${recipe.title} shows no surface`);
	const labels = recipe.of.map(([, label]) => label).filter((label) => label !== "");
	const shown = labels.length > 1 ? ` (${labels.join(", ")})` : "";
	const shownSurfaces = recipe.of.map(([name]) => surfaceNamed(surfaces, name));
	const models = [...new Set(shownSurfaces.map(({ provenance }) => provenance.plan.model))];
	const of = models.every((model) => labels.includes(model)) ? "" : `${models.join(", ")}; `;
	const samples = sweeps[first[0]]?.plane.samples ?? Object.values(curves)[0]?.samples;
	const digests = shownSurfaces.map((surface) => surfaceDigest(surface).slice(0, 8));
	return [
		`${recipe.title}: ${kinds[recipe.picture]}${shown}.`,
		`${of}${gridWords(surfaceNamed(surfaces, first[0]))}${samples === undefined ? "" : `, ${samples} images a point`};`,
		`${digests.length === 1 ? "surface" : "surfaces"} ${digests.join(", ")}.`,
	].join(" ");
}

function gridWords({ grid }: Surfaces[string]): string {
	const { x, y } = axesOf(grid);
	if (y === null) return `${gridPoints(grid)} points from ${number(x.min)} to ${number(x.max)}`;
	return `${x.steps} × ${y.steps} points`;
}
