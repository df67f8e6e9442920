import { axesOf } from "../../surface/grid.js";
import type { ComparisonOptions, NamedSurface } from "../comparison.js";
import { comparedTitle, describe, provenanceLine } from "../parts/caption.js";
import { curveFigure } from "../parts/curve-figure.js";
import { drawnMargins, scaleWithMargins } from "../parts/margin-bands.js";
import { type Mark, networkMarks } from "../parts/marks.js";
import { colourOf, dashesOf } from "../parts/palette.js";
import { withScale } from "../parts/scale.js";
import { drawnField } from "../parts/values.js";
import type { Drawing } from "../picture.js";

/** One field of several lines over α in one plot, with a legend. */
export function curves(surfaces: readonly NamedSurface[], options: ComparisonOptions): Drawing {
	const fields = surfaces.map(({ label, surface }) => {
		const of = drawnField(surface, options.field.name);
		return { label, of, margins: drawnMargins(surface, of) };
	});
	const { field, title = comparedTitle(surfaces, field), width = 600 } = options;
	const scale = scaleWithMargins(field, fields, options.scale);
	const description = surfaces
		.map(({ label, surface }) => `${label}: ${describe(surface, `Curve of the ${field.label}`, [field])}`)
		.join(" ");
	const alphas = surfaces.map(({ surface }) => axesOf(surface.grid).x);
	const svg = curveFigure({
		title,
		width,
		description,
		foot: surfaces.map(({ label, surface }) => `${label}: ${provenanceLine(surface)}`),
		xRange: [Math.min(...alphas.map(({ min }) => min)), Math.max(...alphas.map(({ max }) => max))],
		axisLabel: options.axisLabel,
		marks: sharedMarks(surfaces),
		left: { label: withScale(fields[0]?.of.label ?? field.label, scale), scale },
		curves: fields.map(({ label, of, margins }, i) => ({
			of,
			label,
			margins,
			scale,
			colour: colourOf(i),
			dashes: dashesOf(i),
			missing: { edge: "top", prefix: `${label} ` },
		})),
		uncomputed: "each",
		look: options,
	});
	return { svg, title, description };
}

/** A mark at each α where one of the lines has one, with its name where all that have one there agree on it. */
function sharedMarks(surfaces: readonly NamedSurface[]): Mark[] {
	const names = new Map<number, Set<string>>();
	for (const { surface } of surfaces)
		for (const { alpha, label = "" } of networkMarks(surface) ?? [{ alpha: 0 }])
			names.set(alpha, (names.get(alpha) ?? new Set()).add(label));
	return [...names].map(([alpha, labels]) => ({ alpha, label: labels.size === 1 ? ([...labels][0] ?? "") : "" }));
}
