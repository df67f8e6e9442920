import type { Normalization } from "../../direction/normalize.js";
import type { PictureRecipe, Surfaces, SweepRecipe, Verdict } from "../figure.js";
import { number, surfaceNamed } from "../figure.js";
import { mean, type Shape, shapeOf } from "../judge.js";
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

/** What the planes of one network measure. */
export function shapeOfPlanes(surfaces: Surfaces, setting: Setting, label: string): Shape {
	return shapeOf(Array.from({ length: setting.planes }, (_, plane) => surfaceNamed(surfaces, planeName(label, plane))));
}

const columns = [
	"loss",
	"half-width",
	"rise within a quarter of the axes",
	"convexity share",
	"roughness of log₁₀ loss",
] as const;

/** The table of networks' shapes: means, with the range over planes and directions in brackets. */
export function shapeTable(
	surfaces: Surfaces,
	setting: Setting,
	labels: readonly string[],
): Pick<Verdict, "columns" | "numbers"> {
	const numbers = labels.map((label) => {
		const shape = shapeOfPlanes(surfaces, setting, label);
		const open = shape.open > 0 ? `, ${shape.open} of ${shape.widths.length} beyond the grid` : "";
		const value = [
			number(mean(shape.losses)),
			`${withRange(shape.widths)}${open}`,
			`${withRange(shape.rises)} %`,
			withRange(shape.convexity),
			withRange(shape.roughness),
		];
		return { label, value };
	});
	return { columns, numbers };
}

/** The mean, and the lowest and highest where there are several: `0.52 (0.4 to 0.6)`. */
export function withRange(values: readonly number[]): string {
	if (values.length === 0) return "not determined";
	const range = values.length > 1 ? ` (${number(Math.min(...values), 2)} to ${number(Math.max(...values), 2)})` : "";
	return `${number(mean(values))}${range}`;
}

function planeName(label: string, plane: number): string {
	return `${label}, plane ${plane + 1}`;
}
