import type { PlaneOptions, Surface } from "../index.js";
import { formatNumber, type ScatterAxis, type ScatterPoint } from "../render/index.js";
import type { FormulaName } from "./essay/formulas.js";
import type { NetworkRecipe, TrainedNetwork } from "./network.js";
import type { Setting } from "./setting.js";

/** A figure of the article: what is claimed, how to make it, and how to tell from its numbers whether the claim holds. */
export interface Figure {
	readonly number: number;
	readonly title: string;
	/** What the article says, in our words. */
	readonly claim: string;
	/** How to read the pictures, for people: two or three sentences, with citations as keys in brackets, `[li2018]`. */
	readonly explanation: string;
	/** What the pictures and the verdict are made by. */
	readonly formulas: readonly FormulaName[];
	/** The sweep of a plane that can open the page, and what one sees in it. */
	readonly opening?: { readonly sweep: string; readonly words: string };
	readonly recipe: (setting: Setting) => Recipe;
	/** From the surfaces alone, by the names that the recipe gives them. */
	readonly verdict: (surfaces: Surfaces, setting: Setting) => Verdict;
}

/** Surfaces by the names of their sweeps. */
export type Surfaces = Readonly<Record<string, Surface>>;

/** What to sweep, to connect and to draw; the networks to train follow from that. */
export interface Recipe {
	readonly sweeps: Readonly<Record<string, SweepRecipe>>;
	/** Curves between networks: each gives two surfaces, `NAME, train` and `NAME, test`. */
	readonly curves?: Readonly<Record<string, CurveRecipe>>;
	readonly pictures: readonly PictureRecipe[];
}

/** A sweep around a network of the article, or from it to another. */
export interface SweepRecipe {
	readonly network: NetworkRecipe;
	readonly to?: NetworkRecipe;
	/** Whether the other network's neurons are put into the order closest to the first's before. */
	readonly aligned?: boolean;
	/** The trainings, by their names, whose principal components span the plane. */
	readonly trainings?: Readonly<Record<string, TrainedNetwork>>;
	/** What the two ends of a line are called in its pictures. */
	readonly ends?: readonly [from: string, to: string];
	readonly plane: Pick<PlaneOptions, "split" | "samples" | "norm" | "seed" | "x" | "y" | "steps">;
}

/** A Bezier curve with one bend between two networks of the article. */
export interface CurveRecipe {
	readonly network: NetworkRecipe;
	readonly to: NetworkRecipe;
	/** Training samples, passes over them, and the seed of the places on the curve. */
	readonly training: Pick<TrainedNetwork, "samples" | "epochs" | "seed">;
	/** Samples of training and test data, and places along the curve, that are measured. */
	readonly samples: number;
	readonly points: number;
}

/** One picture: of surfaces, or of numbers that are taken from them. */
export type PictureRecipe = SurfacePicture | PointsPicture;

/** A picture of a surface as `render` draws it, or of several side by side as `compare` does. */
export interface SurfacePicture {
	/** One of the names that `render` (for one surface) or `compare` give. */
	readonly picture: "heatmap.svg" | "contour.svg" | "relief.webp" | "panels.svg" | "curves.svg" | "training.webp";
	/** The sweeps it shows, by name, with the label of each. */
	readonly of: readonly (readonly [sweep: string, label: string])[];
	readonly title: string;
	readonly metric?: string;
	readonly scale?: "linear" | "log" | "symlog";
}

/** Networks as points, by two numbers of each. */
export interface PointsPicture {
	readonly picture: "scatter.svg";
	readonly title: string;
	readonly x: ScatterAxis;
	readonly y: ScatterAxis;
	readonly points: (surfaces: Surfaces) => readonly ScatterPoint[];
}

/** `open` where there are too few numbers to say. */
export type BorneOut = "yes" | "partly" | "no" | "open";

export interface Verdict {
	readonly borneOut: BorneOut;
	/** Why, in a sentence with the numbers that decided. */
	readonly because: string;
	/** All numbers that went into it, a row each, or under the names of `columns`. */
	readonly numbers: readonly NumberRow[];
	readonly columns?: readonly string[];
}

export interface NumberRow {
	readonly label: string;
	/** One, or one for each column. */
	readonly value: string | readonly string[];
}

/** A number as people read it, with at most so many digits. */
export function number(value: number, digits = 3): string {
	return formatNumber(Number(value.toPrecision(digits)));
}

/** @throws {TypeError} where a recipe and its verdict don't go by the same names, a mistake in the figure */
export function surfaceNamed(surfaces: Surfaces, name: string): Surface {
	const surface = surfaces[name];
	if (surface === undefined)
		throw new TypeError(`no sweep is called ${name}; there are ${Object.keys(surfaces).join(", ")}`);
	return surface;
}
