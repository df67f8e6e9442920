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
}

/** What probes are told of it. */
export async function subjectOf({ graph, data, loss, lossSettings }: Judged): Promise<Subject> {
	return {
		loss: await loadLoss(loss, lossSettings),
		samples: data.samples,
		classes: inferShapes(graph).get(graph.output)?.at(-1) ?? 1,
		targets: data.targets,
	};
}
