import { OptionError } from "../../errors.js";
import { meanOfParts, standardErrorOf } from "../../probe/standard-error.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { norm } from "../../section/products.js";
import type { EvaluationCheck } from "../check.js";
import { noDirections } from "../evaluations.js";
import { finiteLosses, isBetweenNetworks } from "../facts.js";

/** How far down the slope is looked, in lengths of the parameters. */
const STEPS = [0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1];
/** Of the way from the lowest there up to the picture's median: what a picture would show, and what makes it one of a slope. */
const [BESIDE, FAR] = [0.05, 0.25];

/**
 * Whether the network is where training ends: downhill over all parameters that move, which a random plane shows nothing of. The length of a
 * gradient alone does not tell: that of a few samples is mostly their chance.
 */
export const gradient: EvaluationCheck = {
	name: "gradient",
	question: "Has training come to rest at the origin?",
	needs: "evaluation",
	async answer({ surface, sweepWith }, { problem }, evaluations) {
		const length = norm(problem.section.vectors[0] ?? new Float32Array());
		// The origin of principal components comes with their training.
		const comesWith = surface.provenance.request?.directions === "pca";
		if (isBetweenNetworks(surface) || comesWith || length === 0) return null;
		const line = { ...noDirections, directions: "gradient", x: undefined, y: null } as const;
		const downhill = await evaluations
			.resolveWith({ ...line, x: { min: 0, max: 1, steps: 2 } })
			.catch((error: unknown) => {
				if (error instanceof OptionError) return error.message;
				throw error;
			});
		if (typeof downhill === "string")
			return { verdict: "unknown", text: `There is no gradient to follow: ${downhill}.` };
		const losses = await evaluations.lossesOf(
			downhill,
			STEPS.map((step) => [step * length]),
		);
		const [first, ...others] = losses;
		if (first === undefined) return null;
		const here = meanOfParts(first);
		const lowest = others.reduce((best, parts) => (meanOfParts(parts) < meanOfParts(best) ? parts : best), first);
		const there = meanOfParts(lowest);
		const step = STEPS[losses.indexOf(lowest)] ?? 0;
		const sorted = finiteLosses(surface).sort();
		const median = sorted[sorted.length >> 1] ?? here;
		const share = (here - there) / Math.max(median - there, here - there);
		const number = (value: number) => formatNumber(Number(value.toPrecision(3)));
		if (lowest === first)
			return {
				verdict: "fine",
				text: `Straight downhill the loss, ${number(here)}, falls no further, from a ten-thousandth of the parameters' length on.`,
			};
		const error = standardErrorOf([first, lowest], [1, -1]) ?? 0;
		const text = `Straight downhill, over all parameters that move, the loss falls from ${number(here)} to ${number(there)} (by ${number(here - there)} ± ${number(error)}) at ${100 * step} % of the parameters' length: ${number(100 * share)} % of the way from there up to the picture's median, ${number(median)}.`;
		if (share <= BESIDE || here - there < 2 * error) return { verdict: "fine", text };
		return {
			verdict: share > FAR ? "wrong" : "doubtful",
			text: `${text} The origin lies on a slope, of which a plane shows no more than it has of that direction; the line along it shows all.`,
			command: sweepWith(line),
		};
	},
};
