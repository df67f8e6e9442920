import "../../src/render/fonts.js";
import { type Axis, axisValues } from "../../src/surface/grid.js";
import type { Provenance } from "../../src/surface/provenance.js";
import type { Surface } from "../../src/surface/surface.js";
import { newSurface, valuesOf } from "../fixtures.js";

const digest = "0123456789abcdef".repeat(4);

export const provenance: Provenance = {
	plan: { model: "small-net", graph: digest, parameters: digest, samples: 100, x: "-1:1:5", y: "-1:1:5" },
	version: "0.1.0",
	caption: ["small-net", "digits", "100 samples", "norm filter", "seed 7", "exact"],
	assumptions: [],
	notes: {},
};

/** An axis from its three numbers. */
export const axis = (min: number, max: number, steps: number): Axis => ({ min, max, steps });

/** A surface of a function; points for which it gives undefined are left uncomputed. Accuracy is 1 / (1 + loss). */
export function surfaceOf(x: Axis, y: Axis | null, loss: (alpha: number, beta: number) => number | undefined): Surface {
	const surface = newSurface(x, y, provenance);
	const { loss: losses, accuracy } = valuesOf(surface);
	axisValues(y).forEach((beta, row) => {
		axisValues(x).forEach((alpha, column) => {
			const value = loss(alpha, beta);
			const i = row * x.steps + column;
			if (value === undefined) return;
			surface.done[i] = 1;
			losses[i] = value;
			accuracy[i] = 1 / (1 + value);
		});
	});
	return surface;
}

/** The same surface with networks at the ends of its axes. */
export function withAnchors(surface: Surface, origin: string, ...ends: readonly string[]): Surface {
	const { length } = surface.grid.axes;
	const at = (i: number) => Array.from({ length }, (_, axis) => (axis === i ? 1 : 0));
	const anchors = ends.map((label, i) => ({ label, at: at(i), role: "end" as const }));
	return { ...surface, anchors: [{ label: origin, at: at(-1), role: "origin" }, ...anchors] };
}

/** The labels drawn in an SVG document, in order. */
export function labelsOf(svg: string): string[] {
	return [...svg.matchAll(/aria-label="([^"]*)"/g)].map((match) => match[1] ?? "");
}
