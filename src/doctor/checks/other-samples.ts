import { isIsolossError } from "../../errors.js";
import { defaults } from "../../options/plane/index.js";
import { meanOfParts, standardErrorOf } from "../../probe/standard-error.js";
import { formatNumber } from "../../render/parts/ticks.js";
import { isFile, isNamed } from "../../resolve/data.js";
import type { Resolved } from "../../resolve/index.js";
import type { RequestRecord } from "../../surface/provenance.js";
import type { EvaluationCheck } from "../check.js";
import type { Changes, Evaluations } from "../evaluations.js";

/** Times as many samples as the run had, at most so many in all. */
const [TIMES, MOST] = [8, 2048];
/** Standard errors by which chance does not explain a difference; and how many times as high a loss on the other part is to be told. */
const [SURE, TIMES_AS_HIGH] = [3, 1.5];

/** Whether the loss at the origin is the same on samples that the run did not take. */
export const otherSamples: EvaluationCheck = {
	name: "other-samples",
	question: "Do other samples give the same loss?",
	needs: "evaluation",
	async answer({ sweepWith, surface }, made, evaluations) {
		if (made.problem.batchNorm === "batch") return null;
		const { samples: count, parts = [] } = made.problem.data;
		const other = await otherPart(surface.provenance.request ?? {}, parts);
		const own = await lossOf(evaluations, made);
		if (own === null) return null;
		const test = other === null ? null : await lossWith(evaluations, { split: other, samples: count });
		const more = Math.min(MOST, TIMES * count);
		const wide = test === null ? await lossWith(evaluations, { samples: more }) : null;
		const found = test ?? wide;
		if (found === null || (test === null && found.samples === count))
			return { verdict: "unknown", text: `There are no other samples: the data have ${count}, and no other part.` };
		const error = Math.hypot(own.error, found.error);
		const ratio = found.loss / own.loss;
		const distance = Math.abs(found.loss - own.loss) / error;
		const whose =
			test === null
				? `on ${found.samples} samples of the same data`
				: `on ${found.samples} samples of the part "${other}"`;
		const text = `At the origin the loss is ${formatNumber(Number(own.loss.toPrecision(4)))} ± ${formatNumber(Number(own.error.toPrecision(2)))} on the run's ${count} samples and ${formatNumber(Number(found.loss.toPrecision(4)))} ± ${formatNumber(Number(found.error.toPrecision(2)))} ${whose}.`;
		const isOff = distance > SURE && (ratio > TIMES_AS_HIGH || ratio < 1 / TIMES_AS_HIGH);
		if (!isOff) return { verdict: "fine", text };
		return {
			verdict: "doubtful",
			text: `${text} More than chance: ${test === null ? "the run's are not typical of the data" : "the picture is of the samples that the network was fitted to, and says little of how it does on others"}.`,
			command: sweepWith(test === null ? { samples: found.samples } : { split: other }),
		};
	},
};

/** The other part of the data, where they may have one: data by name and folders do, files say which they have. */
async function otherPart(request: RequestRecord, parts: readonly string[]): Promise<string | null> {
	const { data = defaults.data, split = defaults.split } = request;
	const other = split === "train" ? "test" : "train";
	if (parts.includes(other)) return other;
	return typeof data === "string" && (isNamed(data) || !(await isFile(data))) ? other : null;
}

interface Loss {
	readonly loss: number;
	readonly error: number;
	readonly samples: number;
}

async function lossOf(evaluations: Evaluations, made: Resolved): Promise<Loss | null> {
	const place = Array.from({ length: made.problem.section.dimensions }, () => 0);
	const [parts] = await evaluations.lossesOf(made, [place]);
	const error = parts && standardErrorOf([parts], [1]);
	if (parts === undefined || error === null || error === undefined) return null;
	return { loss: meanOfParts(parts), error, samples: made.problem.data.samples };
}

/** What it is called that there are no such samples. */
const missing = ["OptionError", "FileFormatError", "LayoutMismatchError"];

/** Null where there are none. */
async function lossWith(
	evaluations: Evaluations,
	changes: { readonly split?: string; readonly samples: number },
): Promise<Loss | null> {
	for (const samples of [changes.samples, "all"] as const) {
		try {
			const made = await evaluations.resolveOrigin({ ...changes, samples } as Changes);
			await made.trajectory?.checkpoints.close();
			return await lossOf(evaluations, made);
		} catch (error) {
			if (!missing.some((tag) => isIsolossError(error, tag))) throw error;
		}
	}
	return null;
}
