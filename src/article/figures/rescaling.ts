import { originValue } from "../../measure/index.js";
import { type Figure, number, type Surfaces, type SweepRecipe, surfaceNamed } from "../figure.js";
import { median, relativeDifferences, together } from "../judge.js";
import type { NetworkRecipe } from "../network.js";
import { type Setting, trained } from "../setting.js";

/** A power of two, so that multiplying and dividing round nothing and both networks compute the same to the bit. */
const FACTOR = 8;

/** Random weights of one tenth are as long as the network's own in its larger layers. */
const RANGES = { none: 0.1, filter: 1 } as const;

const norms = ["none", "filter"] as const;

export const rescaling: Figure = {
	number: 12,
	title: "The rescaling trap",
	claim:
		"Without normalisation, other parameters of the very same function give another picture; filter normalisation gives the same one.",
	explanation:
		`The first convolution times ${FACTOR} and the second one divided by ${FACTOR}: since relu commutes with positive ` +
		"factors, the network answers as before [dinh2017]. The upper pair has no normalisation: the same directions now look much " +
		"steeper, because they are long beside the second layer's small weights. The lower pair is filter-normalised.",
	formulas: ["rescaling", "filter", "difference"],
	recipe: (setting) => {
		const original = trained(setting);
		const networks = {
			original,
			rescaled: { kind: "rescaled", of: original, kernel: "conv1.weight", factor: FACTOR },
		} as const;
		return {
			sweeps: Object.fromEntries(
				norms.flatMap((norm) =>
					(["original", "rescaled"] as const).map((name) => [`${name}, ${norm}`, plane(setting, networks[name], norm)]),
				),
			),
			pictures: norms.map((norm) => ({
				picture: "panels.svg",
				of: [
					[`original, ${norm}`, "original"],
					[`rescaled, ${norm}`, "rescaled"],
				],
				title: norm === "none" ? "Loss, no normalisation" : "Loss, filter-normalised",
				scale: "log",
			})),
		};
	},
	verdict(surfaces) {
		const [none, filter] = norms.map((norm) => differencesBetween(surfaces, norm)) as [Differences, Differences];
		return {
			borneOut: together(none.median > VISIBLE ? "yes" : "no", filter.largest < INVISIBLE ? "yes" : "no"),
			because:
				`Without normalisation the losses of the two differ by ${percent(none.median)} at the median point, with filter ` +
				`normalisation by ${percent(filter.largest)} at most; at the origin by ${percent(none.origin)}.`,
			numbers: norms.map((norm, i) => ({
				label: `differences, norm ${norm}`,
				value: describeDifferences(i === 0 ? none : filter),
			})),
		};
	},
};

/** Differences of a tenth change where isolines run; those of a thousandth are thinner than a line. */
const [VISIBLE, INVISIBLE] = [0.1, 0.001];

interface Differences {
	readonly origin: number;
	readonly median: number;
	readonly largest: number;
}

function differencesBetween(surfaces: Surfaces, norm: (typeof norms)[number]): Differences {
	const [a, b] = [surfaceNamed(surfaces, `original, ${norm}`), surfaceNamed(surfaces, `rescaled, ${norm}`)];
	const ordered = relativeDifferences(a, b);
	const [here, there] = [originValue(a) ?? Number.NaN, originValue(b) ?? Number.NaN];
	return {
		origin: Math.abs(here - there) / Math.max(here, there),
		median: median(ordered),
		largest: ordered.at(-1) ?? Number.NaN,
	};
}

const percent = (share: number) => `${number(100 * share, 2)} %`;

function describeDifferences({ origin, median: middle, largest }: Differences): string {
	return `origin ${percent(origin)}, median ${percent(middle)}, largest ${percent(largest)}`;
}

function plane(setting: Setting, network: NetworkRecipe, norm: (typeof norms)[number]): SweepRecipe {
	const axis = { min: -RANGES[norm], max: RANGES[norm], steps: setting.planeSteps };
	return { network, plane: { samples: setting.samples, norm, seed: setting.seed, x: axis, y: axis } };
}
