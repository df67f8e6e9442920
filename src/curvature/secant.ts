import type { Eigenvalue } from "./lanczos.js";
import { type Notebook, noted } from "./notebook.js";
import { rademacher } from "./trace.js";
import { moved } from "./vector.js";

/** The curvature of the loss over a step h, along a unit vector: (L(θ + hv) − 2 L(θ) + L(θ − hv)) / h². */
export interface SecantPoint {
	/** h */
	readonly step: number;
	readonly value: number;
	/** How far off rounding of the three losses may put it. */
	readonly rounding: number;
	/** Whether that is as much as the value itself. */
	readonly lost: boolean;
}

/** Secant curvature along the eigenvector of an eigenvalue, which is what it tends to for small steps where the loss is smooth. */
export interface SecantCurve {
	readonly eigenvalue: Eigenvalue;
	readonly points: readonly SecantPoint[];
}

export interface Secant {
	/** How much of the loss rounding moves: the most that nudges of all parameters by a unit in their last place did. */
	readonly noise: number;
	readonly curves: readonly SecantCurve[];
}

export interface SecantOptions {
	readonly origin: Float32Array;
	/** The loss there. */
	readonly loss: number;
	readonly lossAt: (parameters: Float32Array) => Promise<number>;
	readonly along: readonly { readonly eigenvalue: Eigenvalue; readonly vector: Float32Array }[];
	readonly seed: number;
	readonly onPoint?: (done: number, total: number) => void;
}

/** From 10⁻³ to 1, four a decade. */
export const secantSteps: readonly number[] = [1000, 100, 10]
	.flatMap((divisor) => [1, 1.7782794100389228, 3.1622776601683795, 5.623413251903491].map((each) => each / divisor))
	.concat(1);

const NUDGES = 8;

/** Second differences of the loss along unit vectors, over steps of all sizes. No Hessian: where the loss has kinks, they are another thing. */
export async function secant(options: SecantOptions, notebook: Notebook): Promise<Secant> {
	const { origin, loss, lossAt, along, onPoint } = options;
	const total = along.length * secantSteps.length;
	const noise = await noiseOf(options, notebook);
	const curves: SecantCurve[] = [];
	for (const [rank, { eigenvalue, vector }] of along.entries()) {
		const points: SecantPoint[] = [];
		for (const [place, step] of secantSteps.entries()) {
			const { numbers } = await noted(notebook, `secant ${rank} ${place}`, async () => ({
				numbers: [await lossAt(moved(origin, step, vector)), await lossAt(moved(origin, -step, vector))],
			}));
			const [ahead = Number.NaN, behind = Number.NaN] = numbers;
			points.push(pointOf(step, [ahead, loss, behind], noise));
			onPoint?.(rank * secantSteps.length + place + 1, total);
		}
		curves.push({ eigenvalue, points });
	}
	return { noise, curves };
}

function pointOf(step: number, [ahead, here, behind]: readonly [number, number, number], noise: number): SecantPoint {
	const square = step * step;
	const value = (ahead - 2 * here + behind) / square;
	const rounding = (noise * (Math.abs(ahead) + 2 * Math.abs(here) + Math.abs(behind))) / square;
	return { step, value, rounding, lost: rounding >= Math.abs(value) };
}

/**
 * Relative to the loss. A nudge is as large as what rounding does to θ + hv, and moves the rounding of all that the forward pass computes
 * from it: so the two are measured as one.
 */
async function noiseOf({ origin, loss, lossAt, seed }: SecantOptions, notebook: Notebook): Promise<number> {
	let most = 0;
	for (let nudge = 0; nudge < NUDGES; nudge++) {
		const { numbers } = await noted(notebook, `secant nudge ${nudge}`, async () => {
			const signs = rademacher(origin.length, seed, nudge, "rounding");
			return { numbers: [await lossAt(origin.map((value, i) => value * (1 + (signs[i] ?? 0) * 2 ** -23)))] };
		});
		most = Math.max(most, Math.abs((numbers[0] ?? Number.NaN) - loss));
	}
	return most / Math.abs(loss);
}
