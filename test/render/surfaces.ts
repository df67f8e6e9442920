import "../../src/render/fonts.js";
import type { Provenance } from "../../src/surface/provenance.js";
import { type Axis, axisValues, emptySurface, type Surface } from "../../src/surface/surface.js";

const digest = "0123456789abcdef".repeat(4);

export const provenance: Provenance = {
	plan: {
		model: "small-net",
		graph: digest,
		parameters: digest,
		directions: digest,
		data: digest,
		samples: 100,
		loss: "cross-entropy",
		metric: "accuracy",
		batchNorm: "running",
		precision: "exact",
		x: "-1:1:5",
		y: "-1:1:5",
	},
	version: "0.1.0",
	notes: { data: "digits", norm: "filter", seed: 7 },
};

/** An axis from its three numbers. */
export const axis = (min: number, max: number, steps: number): Axis => ({ min, max, steps });

/** A surface of a function; points for which it gives undefined are left uncomputed. Accuracy is 1 / (1 + loss). */
export function surfaceOf(x: Axis, y: Axis | null, loss: (alpha: number, beta: number) => number | undefined): Surface {
	const surface = emptySurface(x, y, provenance);
	axisValues(y).forEach((beta, row) => {
		axisValues(x).forEach((alpha, column) => {
			const value = loss(alpha, beta);
			const i = row * x.steps + column;
			if (value === undefined) return;
			surface.done[i] = 1;
			surface.loss[i] = value;
			surface.metric[i] = 1 / (1 + value);
		});
	});
	return surface;
}

/** The labels drawn in an SVG document, in order. */
export function labelsOf(svg: string): string[] {
	return [...svg.matchAll(/aria-label="([^"]*)"/g)].map((match) => match[1] ?? "");
}
