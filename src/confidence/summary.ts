import { samplesField } from "../measure/margin.js";
import { drawnField } from "../render/parts/values.js";
import { gridPoints } from "../surface/grid.js";
import { errorFieldOf, fieldNamed, mainField, type Surface } from "../surface/surface.js";
import { anchorsOf } from "./anchors.js";
import { doublingsTo, halfWidthAt } from "./looks.js";
import { lineShifts } from "./shift.js";

/** What a plane took whose samples were taken in stages, and how sure its lines are. */
export interface Confidence {
	/** How often the lines were looked at. */
	readonly looks: number;
	/** How many samples each point of the grid could have taken. */
	readonly population: number;
	/** Samples evaluated, at all points of the grid together. */
	readonly evaluated: number;
	/** Of what a whole sweep would have evaluated. */
	readonly share: number;
	/** Whether some points were evaluated on all samples so that others are compared with them. */
	readonly usesAnchors: boolean;
	/** The share of the grid that took each number of samples, the fewest first. */
	readonly regions: readonly { readonly samples: number; readonly share: number }[];
	/** How far any line may lie off, in cells, with a confidence of 95 % of all lines together. */
	readonly largestShift: number;
}

/** Of a complete plane that was swept with `confidence`; null for others. */
export function confidenceOf(surface: Surface): Confidence | null {
	const { grid, provenance } = surface;
	if (provenance.plan.confidence === undefined) return null;
	const points = gridPoints(grid);
	const population = Number(provenance.plan.population);
	const counts = fieldNamed(surface, samplesField.name).values.subarray(0, points);
	const evaluated = counts.reduce((sum, count) => sum + count, 0);
	const anchors = new Set(anchorsOf(grid));
	const usesAnchors = evaluated < points * population && [...anchors].every((anchor) => counts[anchor] === population);
	const looked = counts.filter((_, point) => !(usesAnchors && anchors.has(point)));
	// A look was taken after each doubling, and one at the anchors.
	const last = doublingsTo(looked.reduce((most, count) => Math.max(most, count), 0)) + (usesAnchors ? 1 : 0);
	const main = mainField(surface);
	const errors = errorFieldOf(surface, main.name)?.values ?? new Float64Array();
	const halfWidths = counts.map((count, point) => halfWidthAt(errors[point] ?? Number.NaN, count, last, points));
	return {
		looks: last + 1,
		population,
		evaluated,
		share: evaluated / (points * population),
		usesAnchors,
		regions: [...new Set(counts)]
			.sort((a, b) => a - b)
			.map((samples) => ({ samples, share: counts.filter((count) => count === samples).length / points })),
		largestShift: lineShifts(drawnField(surface, main.name), halfWidths).largest,
	};
}
