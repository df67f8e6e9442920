import type { Dataset } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import type { LossSettings } from "../objective/loss.js";
import type { LossName } from "../objective/losses/index.js";
import { type LossReference, loadLoss } from "../objective/module.js";
import { type Role, roles } from "../objective/role.js";
import { suitObjective, type Wishes } from "../objective/suit.js";
import { targetsOf } from "../objective/targets.js";
import { lossReference } from "../options/plane/index.js";
import type { SweepRequest } from "./request.js";

/** What a network is judged by, and up to which of its values it is computed for that. */
export interface ResolvedObjective {
	readonly graph: Graph;
	/** With targets as their role has them. */
	readonly data: Dataset;
	readonly role: Role;
	readonly loss: LossReference;
	readonly lossSettings: LossSettings;
	/** Names of what is measured at a point. */
	readonly probes: readonly string[];
	readonly assumptions: readonly string[];
	/** For captions: the loss, what targets it is taken of and what changes it, and fields of one's own. */
	readonly facts: readonly string[];
}

/**
 * The loss and fields asked for, or those that suit the network and its targets.
 *
 * @throws {OptionError}         for both `metric` and `fields`, and for settings that the loss does not have
 * @throws {LayoutMismatchError} where network, targets, loss and metric don't go together
 */
export async function resolveObjective(graph: Graph, data: Dataset, request: SweepRequest): Promise<ResolvedObjective> {
	const { loss, metric, fields, classWeights, labelSmoothing } = request;
	if (metric !== undefined && fields !== undefined)
		throw new OptionError("metric", "expected either metric, which means loss and that metric, or fields, got both");
	const reference = loss === undefined ? undefined : lossReference(loss);
	const suited = suitObjective(graph, targetsOf(data), await wishesOf(request));
	const lossSettings = {
		...(classWeights !== undefined && { classWeights }),
		...(labelSmoothing !== undefined && { labelSmoothing }),
	};
	const chosen = reference ?? suited.loss;
	const { name } = await loadLoss(chosen, lossSettings);
	checkWeights(classWeights, suited.graph);
	const probes = fields ?? ["loss", metric ?? suited.metric];
	if (probes[0] !== "loss") throw new OptionError("fields", `expected loss first, got ${probes.join(", ")}`);
	const { role, targets } = suited.placed;
	return {
		graph: suited.graph,
		data: { ...data, targets },
		role,
		loss: chosen,
		lossSettings,
		probes,
		facts: [
			`${name} of ${roles[role]}`,
			...(labelSmoothing === undefined ? [] : [`label smoothing ${labelSmoothing}`]),
			...(classWeights === undefined ? [] : [weightsFact(classWeights)]),
			...(fields === undefined ? [] : [`fields ${fields.join(", ")}`]),
		],
		assumptions: [
			assumed(
				role,
				loss === undefined ? suited.loss : undefined,
				probes === fields || metric ? undefined : suited.metric,
			),
		],
	};
}

/** What a request asks of an objective. */
export async function wishesOf({ loss, metric, ignoreIndex }: SweepRequest): Promise<Wishes> {
	const reference = loss === undefined ? undefined : lossReference(loss);
	const judge = reference?.startsWith("file:")
		? { own: await loadLoss(reference) }
		: reference !== undefined && { loss: reference as LossName };
	return { ...judge, ...(metric !== undefined && { metric }), ...(ignoreIndex !== undefined && { ignoreIndex }) };
}

/** @throws {OptionError} when there are not as many weights as classes */
function checkWeights(weights: readonly number[] | undefined, graph: Graph): void {
	const classes = inferShapes(graph).get(graph.output)?.at(-1) ?? 1;
	if (weights !== undefined && weights.length !== classes)
		throw new OptionError("classWeights", `expected ${classes} numbers, one a class, got ${weights.length}`);
}

/** Weights of classes in a caption: all of a few, and of many how many there are. */
function weightsFact(weights: readonly number[]): string {
	return weights.length <= 10 ? `class weights ${weights.join(", ")}` : `weights of ${weights.length} classes`;
}

/** What targets were taken for, and what was chosen for them. */
function assumed(role: Role, loss: string | undefined, metric: string | undefined): string {
	const chosen = [
		...(loss === undefined ? [] : [`loss ${loss}`]),
		...(metric === undefined ? [] : [`metric ${metric}`]),
	];
	return [`targets are ${roles[role]}`, ...(chosen.length === 0 ? [] : [`so ${chosen.join(" and ")}`])].join(", ");
}
