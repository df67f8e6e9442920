import type { Normalization } from "../../section/index.js";
import type { PictureRecipe, Surfaces, SweepRecipe, Verdict } from "../figure.js";
import { number, surfaceNamed } from "../figure.js";
import { commonLevel, mean, type Shape, shapeOf, type Widths } from "../judge.js";
import type { NetworkRecipe } from "../network.js";
import type { Setting } from "../setting.js";

/** A network whose surface is set beside others'. */
export interface Contestant {
	readonly label: string;
	readonly network: NetworkRecipe;
}

interface Planes {
	readonly norm?: Normalization;
	/** Half of each axis; 1 where nothing is said. */
	readonly range?: number;
	readonly samples?: number;
	readonly steps?: number;
}

/** Several planes around each of some networks: the same random directions, as far as networks of other shapes allow. */
export function planesAround(
	contestants: readonly Contestant[],
	setting: Setting,
	{ norm = "filter", range = 1, samples = setting.samples, steps = setting.planeSteps }: Planes = {},
): Record<string, SweepRecipe> {
	const axis = { min: -range, max: range, steps };
	const seeds = Array.from({ length: setting.planes }, (_, plane) => setting.seed + plane);
	return Object.fromEntries(
		contestants.flatMap(({ label, network }) =>
			seeds.map((seed, plane) => [
				planeName(label, plane),
				{ network, plane: { samples, norm, seed, x: axis, y: axis } },
			]),
		),
	);
}

/** The first plane of each network in panels on one logarithmic scale: it shows the middle of all of them, where a linear one shows the corners. */
export function panelsOf(labels: readonly string[], title: string): PictureRecipe {
	return { picture: "panels.svg", of: labels.map((label) => [planeName(label, 0), label]), title, scale: "log" };
}

/** A network's shape among those it is compared with. */
export interface NamedShape extends Shape {
	readonly label: string;
}

/** What networks are compared by. */
export interface Comparison {
	readonly shapes: readonly NamedShape[];
	/** Of `commonWidths`. */
	readonly level: number;
}

/** What the planes of each network measure, with half-widths to a level that is common to all. */
export function compareShapes(surfaces: Surfaces, setting: Setting, labels: readonly string[]): Comparison {
	const planesOf = labels.map((label) =>
		Array.from({ length: setting.planes }, (_, plane) => surfaceNamed(surfaces, planeName(label, plane))),
	);
	const level = commonLevel(planesOf.flat());
	return { shapes: planesOf.map((planes, i) => ({ label: labels[i] ?? "", ...shapeOf(planes, level) })), level };
}

/** The table of networks' shapes: means, with the range over planes and directions in brackets. */
export function shapeTable({ shapes, level }: Comparison): Pick<Verdict, "columns" | "numbers"> {
	const columns = [
		"loss",
		"half-width to twice the loss",
		`half-width to a loss of ${number(level)}`,
		"rise within a quarter of the axes",
		"convexity share",
		"roughness of log₁₀ loss",
	];
	const numbers = shapes.map(({ label, ...shape }) => {
		const value = [
			number(mean(shape.losses)),
			describeWidths(shape.widths),
			describeWidths(shape.commonWidths),
			`${withRange(shape.rises)} %`,
			withRange(shape.convexity),
			withRange(shape.roughness),
		];
		return { label, value };
	});
	return { columns, numbers };
}

/** The mean of half-widths with their range, and how many of them are the grid's end. */
export function describeWidths({ values, open }: Widths): string {
	return `${withRange(values)}${open > 0 ? `, ${open} of ${values.length} beyond the grid` : ""}`;
}

/** The mean, and the lowest and highest where they differ: `0.52 (0.4 to 0.6)`. */
export function withRange(values: readonly number[]): string {
	if (values.length === 0) return "not determined";
	const [least, most] = [number(Math.min(...values), 2), number(Math.max(...values), 2)];
	return `${number(mean(values))}${least === most ? "" : ` (${least} to ${most})`}`;
}

/** What a plane of a network is called among a figure's sweeps, counted from 0. */
export function planeName(label: string, plane: number): string {
	return `${label}, plane ${plane + 1}`;
}
