import type { Dataset } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import type { Graph } from "../network/graph.js";
import type { LossReference } from "../objective/module.js";
import { defaultObjective } from "../objective/suit.js";
import { lossReference } from "../options/sweep.js";
import type { SweepRequest } from "./request.js";

/** What a network is judged by, and up to which of its values it is computed for that. */
export interface ResolvedObjective {
	readonly graph: Graph;
	readonly loss: LossReference;
	/** Names of what is measured at a point. */
	readonly probes: readonly string[];
	readonly assumptions: readonly string[];
}

/**
 * The loss and fields asked for, or those that suit the network and its targets.
 *
 * @throws {OptionError} for both `metric` and `fields`
 */
export function resolveObjective(graph: Graph, data: Dataset, request: SweepRequest): ResolvedObjective {
	const { loss, metric, fields } = request;
	if (metric !== undefined && fields !== undefined)
		throw new OptionError("metric", "expected either metric, which means loss and that metric, or fields, got both");
	const suited = defaultObjective(graph, data.targets, data.samples);
	const probes = fields ?? ["loss", metric ?? suited.metric];
	if (probes[0] !== "loss") throw new OptionError("fields", `expected loss first, got ${probes.join(", ")}`);
	const chosen = [
		...(loss === undefined ? [`loss ${suited.loss}`] : []),
		...(metric === undefined && fields === undefined ? [`metric ${suited.metric}`] : []),
	];
	const suit = chosen.length === 1 ? "suits" : "suit";
	const assumptions = chosen.length === 0 ? [] : [`${chosen.join(" and ")}, which ${suit} the network and its targets`];
	if (loss === undefined) return { graph: suited.graph, loss: suited.loss, probes, assumptions };
	return { graph, loss: lossReference(loss), probes, assumptions };
}
