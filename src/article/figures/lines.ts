import type { Figure, Recipe, SweepRecipe } from "../figure.js";
import { number, surfaceNamed } from "../figure.js";
import { descent, riseAround, together } from "../judge.js";
import { type Setting, trained } from "../setting.js";
import { barriersOf, waysBetween } from "./ways.js";

const splits = ["train", "test"] as const;

/** Rises of this share of the falls, in sum, are ripples on a descent; five times as much are hills. */
const RIPPLES = 0.05;

export const fromInitialToTrained: Figure = {
	number: 1,
	title: "From the random initialisation to the trained network",
	claim:
		"On the straight line from random parameters to the trained ones the loss falls smoothly and almost monotonically.",
	explanation:
		"The line mixes the parameters that training started from (α = 0) with those it ended at (α = 1), a share α of the " +
		"latter, and goes on a little beyond both [goodfellow2015]. No training ever took this path; it shows whether anything stands in the way.",
	formulas: ["line", "descent"],
	recipe(setting) {
		const end = trained(setting);
		const network = { kind: "initial", model: end.model, seed: end.seed } as const;
		return lineRecipe(setting, { network, to: end, ends: ["initial", "trained"] }, "Loss from initial to trained");
	},
	verdict(surfaces) {
		const judged = splits.map((split) => {
			const { rises, falls } = descent(surfaceNamed(surfaces, split));
			const share = rises / falls;
			return {
				split,
				rises,
				falls,
				share,
				verdict: share <= RIPPLES ? "yes" : share <= 5 * RIPPLES ? "partly" : "no",
			} as const;
		});
		const rates = judged.map(({ split, share }) => `${number(100 * share, 2)} % on ${split} data`).join(", ");
		return {
			borneOut: together(...judged.map(({ verdict }) => verdict)),
			because: `Between α = 0 and 1 all rises of the loss together are this share of all its falls: ${rates}.`,
			numbers: judged.map(({ split, rises, falls }) => ({
				label: `rises and falls, ${split}`,
				value: `${number(rises)} and ${number(falls)}`,
			})),
		};
	},
};

/** To either side of a network on the line; a grid of 17 points over [-0.5, 1.5] has points there. */
const AROUND = 0.25;

export const betweenBatchSizes: Figure = {
	number: 8,
	title: "Between the networks of batch size 64 and 256",
	claim: "On the line between the networks of a small and a large batch size, the end of the large one is the sharper.",
	explanation:
		"The network trained with batches of 64 is at α = 0, that with batches of 256 at α = 1; both started from the same " +
		"parameters. A minimum that is sharp along this line has steep walls on both sides; large batches have been said to end in such ones [keskar2017]. A step has the same length at " +
		"either end, so this comparison, unlike those above, has no normalisation to rely on. The lower plots set the straight line beside " +
		"two other ways between the same two networks.",
	formulas: ["line", "rise", "bezier", "matching", "barrier"],
	recipe(setting) {
		const ends = {
			...{ network: trained(setting), to: trained(setting, { batchSize: 256 }) },
			ends: ["batch size 64", "batch size 256"] as const,
		};
		const line = lineRecipe(setting, ends, "Loss between batch size 64 and 256");
		const ways = waysBetween(setting, ends, "Ways from batch size 64 to 256");
		return {
			sweeps: { ...line.sweeps, ...ways.sweeps },
			curves: ways.curves,
			pictures: [...line.pictures, ...ways.pictures],
		};
	},
	verdict(surfaces) {
		const judged = splits.map((split) => {
			const line = surfaceNamed(surfaces, split);
			return { split, small: riseAround(line, 0, AROUND), large: riseAround(line, 1, AROUND) };
		});
		return {
			borneOut: together(...judged.map(({ small, large }) => (large > small ? "yes" : "no"))),
			because: `A quarter of the way to either side the loss rises by ${judged
				.map(({ split, small, large }) => `${number(small)} around 64 and ${number(large)} around 256 on ${split} data`)
				.join(", ")}.`,
			numbers: [
				...judged.map(({ split, small, large }) => ({
					label: `mean rise at ±${AROUND}, ${split}`,
					value: `64: ${number(small)}, 256: ${number(large)}`,
				})),
				...barriersOf(surfaces).map(({ label, loss, error }) => ({
					label: `barrier, ${label}`,
					value: `loss ${number(loss)}, error ${number(100 * error)} %`,
				})),
			],
		};
	},
};

/** The same line on both splits, loss and accuracy. */
function lineRecipe(setting: Setting, ends: Omit<SweepRecipe, "plane">, title: string): Recipe {
	const x = { min: -0.5, max: 1.5, steps: setting.lineSteps };
	// Four times the samples of a plane's point: a line has few points, and a step up or down is to be told from noise.
	const samples = 4 * setting.samples;
	const of = splits.map((split) => [split, split] as const);
	return {
		sweeps: Object.fromEntries(splits.map((split) => [split, { ...ends, plane: { split, samples, x } }])),
		pictures: [
			{ picture: "curves.svg", of, title },
			{ picture: "curves.svg", of, title: title.replace("Loss", "Accuracy"), metric: "accuracy" },
		],
	};
}
