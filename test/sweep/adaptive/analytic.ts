import { coordinatesOf, type Grid, gridPoints, regularGrid } from "../../../src/surface/grid.js";
import type { Surface } from "../../../src/surface/surface.js";
import { type AdaptiveReport, adaptiveRounds, type Round } from "../../../src/sweep/adaptive/rounds.js";

/** Values of a function over a square of so many steps; `none` takes them as they are, `loss` their logarithm. */
export function analytic(
	steps: number,
	height: (x: number, y: number) => number,
	unit: "none" | "loss" = "none",
): Pick<Surface, "grid" | "fields" | "anchors"> {
	const axis = { min: -1, max: 1, steps };
	const grid: Grid = regularGrid(axis, axis);
	const values = Float64Array.from({ length: gridPoints(grid) }, (_, point) => {
		const [x = 0, y = 0] = coordinatesOf(grid, point);
		return height(x, y);
	});
	return { grid, fields: [{ name: "height", label: "height", unit, values }], anchors: [] };
}

/** Goes through all rounds of an adaptive sweep of a surface whose values are known. */
export function adapt(surface: Pick<Surface, "grid" | "fields" | "anchors">, cells = 0.5, seed = 1) {
	const rounds: Round[] = [];
	const generator = adaptiveRounds(surface, cells, seed);
	let step = generator.next();
	for (; step.done !== true; step = generator.next()) rounds.push(step.value);
	const { report, predicted }: { report: AdaptiveReport; predicted: typeof step.value.predicted } = step.value;
	const values = surface.fields.map((field) => Float64Array.from(field.values));
	for (const [column, field] of values.entries())
		for (const [i, point] of predicted.points.entries()) field[point] = predicted.fields[column]?.[i] ?? Number.NaN;
	return { rounds, report, predicted, values };
}
