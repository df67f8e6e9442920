import type { BorneOut, Figure } from "../figure.js";
import { number } from "../figure.js";
import { type Setting, trained } from "../setting.js";
import { type Barriers, barriersOf, waysBetween } from "./ways.js";

/** The barrier of the error below which two networks count as connected: Frankle et al., ICML 2020. */
const BOUND = 0.02;

/** The narrowest and the widest network. */
function models({ widths, model }: Setting): readonly [string, string] {
	return [widths[0] ?? model, widths.at(-1) ?? model];
}

export const connected: Figure = {
	number: 13,
	title: "No barrier between two minima",
	claim:
		"Between the minima of two trainings there is no barrier: none along a curve, and none along the straight line once the " +
		"neurons of both are in the same order.",
	explanation:
		"A narrow and a wide network, each trained twice from other random parameters. Curves of low loss between such minima have been found [garipov2018] [draxler2018], and most of what is left on the straight line may be the order of the neurons [entezari2022]. The straight line between the two, the line to " +
		"the second one with its neurons in the order closest to the first's, which computes the same, and a Bezier curve with one bend " +
		"that was trained for a low loss. A barrier is the most by which a way exceeds the straight line between the values at its ends.",
	formulas: ["bezier", "matching", "barrier"],
	recipe(setting) {
		const all = models(setting).map((model) => {
			const [network, to] = [0, 1].map((other) => trained(setting, { model, seed: setting.seed + other }));
			if (network === undefined || to === undefined) throw new TypeError("a way has two ends");
			const ends = [`seed ${network.seed}`, `seed ${to.seed}`] as const;
			return waysBetween(setting, { network, to, ends }, `Between two trainings of ${model}`, `${model}: `);
		});
		return {
			sweeps: Object.assign({}, ...all.map(({ sweeps }) => sweeps)),
			curves: Object.assign({}, ...all.map(({ curves }) => curves)),
			pictures: all.flatMap(({ pictures }) => pictures.slice(1)),
		};
	},
	verdict(surfaces, setting) {
		const judged = models(setting).map((model) => ({ model, barriers: barriersOf(surfaces, `${model}: `) }));
		const worst = (barriers: readonly Barriers[], way: Barriers["way"]) =>
			Math.max(...barriers.filter((each) => each.way === way).map(({ error }) => error));
		const verdicts = judged.map(({ barriers }): BorneOut => {
			if (worst(barriers, "curve") >= BOUND) return "no";
			return worst(barriers, "aligned") < BOUND ? "yes" : "partly";
		});
		const [first = "no"] = verdicts;
		const percent = (value: number) => `${number(100 * value, 2)} %`;
		return {
			borneOut: verdicts.every((verdict) => verdict === first) ? first : "partly",
			because: `${judged
				.map(
					({ model, barriers }) =>
						`${model}: the error rises by up to ${percent(worst(barriers, "straight"))} on the straight line, ` +
						`${percent(worst(barriers, "aligned"))} with neurons in order and ${percent(worst(barriers, "curve"))} along the curve`,
				)
				.join("; ")}. Below 2 % counts as none.`,
			columns: ["barrier of the loss", "of the error"],
			numbers: judged.flatMap(({ model, barriers }) =>
				barriers.map(({ label, loss, error }) => ({
					label: `${model}, ${label}`,
					value: [number(loss), percent(error)],
				})),
			),
		};
	},
};
