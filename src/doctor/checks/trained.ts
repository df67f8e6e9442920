import { log } from "../../exact/elementary.js";
import { inferShapes } from "../../network/infer-shapes.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { originPoint, valueAt } from "../../surface/surface.js";
import type { NetworkCheck } from "../check.js";

/** Of what guessing gives: a loss above, an accuracy below, is no knowledge of the targets. */
const [LOSS, ACCURACY] = [0.9, 1.5];

/** Whether the network at the origin knows more of the targets than guessing does. */
export const trained: NetworkCheck = {
	name: "trained",
	question: "Does the network know its targets?",
	needs: "network",
	answer({ surface, name, sweepWith }, { problem }) {
		const { graph, loss } = problem;
		if (loss !== "softmax-cross-entropy") return null;
		const classes = inferShapes(graph).get(graph.output)?.at(-1) ?? 0;
		const point = originPoint(surface);
		if (classes < 2 || point < 0) return null;
		const value = (field: string) => {
			const found = surface.fields.find((each) => each.name === field);
			return found === undefined ? Number.NaN : valueAt(surface, found, point);
		};
		const [here, accuracy] = [value("loss"), value("accuracy")];
		const guessing = log(classes);
		const isGuessing = !(here < LOSS * guessing) || accuracy < ACCURACY / classes;
		const text = `The loss at the origin is ${formatNumber(here)}${Number.isNaN(accuracy) ? "" : ` and the accuracy ${formatNumber(Number((100 * accuracy).toPrecision(3)))} %`}; guessing among ${classes} classes gives ${formatNumber(guessing)}${Number.isNaN(accuracy) ? "" : ` and ${formatNumber(Number((100 / classes).toPrecision(3)))} %`}.`;
		if (!isGuessing) return { verdict: "fine", text };
		return {
			verdict: "wrong",
			text: `${text} The parameters are fresh, or from another network; or the samples are not scaled as for its training (--mean, --std, --scale-input), or classes are in another order.`,
			command:
				inspectCommand(sweepWith({ x: undefined, y: undefined, seed: undefined, steps: undefined })) ??
				`isoloss open ${name}`,
		};
	},
};

/** What evaluates the network alone, by the same options. */
function inspectCommand(sweep: string): string | undefined {
	return sweep.includes("...") ? undefined : `${sweep} --x 0:0:1`;
}
