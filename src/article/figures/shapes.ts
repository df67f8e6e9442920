import type { Normalization } from "../../direction/normalize.js";
import { originIndex } from "../../surface.js";
import type { NumberRow, PictureRecipe, Surfaces, SweepRecipe } from "../figure.js";
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

/** The numbers of a network's shape, as rows of a table: means, with the range over planes and directions in brackets. */
export function shapeRows(surfaces: Surfaces, setting: Setting, labels: readonly string[]): NumberRow[] {
	return labels.map((label) => {
		const { widths, rises, convexity, roughness } = shapeOfPlanes(surfaces, setting, label);
		const { loss, x, y } = surfaceNamed(surfaces, planeName(label, 0));
		const facts = [
			`loss ${number(loss[originIndex({ x, y })] ?? Number.NaN)}`,
			`half-width ${withRange(widths)}`,
			`rise within a quarter of the axes ${withRange(rises)} %`,
			`convexity share ${withRange(convexity)}`,
			`roughness ${withRange(roughness)}`,
		];
		return { label, value: facts.join("; ") };
	});
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
