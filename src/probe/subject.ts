import type { Dataset } from "../data/dataset.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import type { LossSettings } from "../objective/loss.js";
import { type LossReference, loadLoss } from "../objective/module.js";
import type { Subject } from "./probe.js";

/** A network on data, and the loss it is judged by. */
interface Judged {
	readonly graph: Graph;
	readonly data: Dataset;
	readonly loss: LossReference;
	readonly lossSettings?: LossSettings;
	/** Where it is looked at; nowhere but at itself where nothing is said. */
	readonly section?: { readonly dimensions: number };
	/** Where batch normalisation takes its statistics from. */
	readonly batchNorm?: string;
	/** How many samples there are in all, where errors are of the mean over those. */
	readonly population?: number;
}

/** What probes are told of it. */
export async function subjectOf(judged: Judged): Promise<Subject> {
	const { graph, data, loss, lossSettings, section, batchNorm, population } = judged;
	return {
		loss: await loadLoss(loss, lossSettings),
		samples: data.samples,
		classes: inferShapes(graph).get(graph.output)?.at(-1) ?? 1,
		targets: data.targets,
		dimensions: section?.dimensions ?? 0,
		measuresStatistics: batchNorm === "batch" || batchNorm === "reestimate",
		normalisesByBatch: batchNorm === "batch",
		...(population !== undefined && { population }),
	};
}
