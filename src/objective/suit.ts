import { LayoutMismatchError } from "../errors.js";
import type { Graph } from "../network/graph.js";
import { inferShapes } from "../network/infer-shapes.js";
import type { GraphNode } from "../network/ops/index.js";
import { sizeOf } from "../network/shape.js";
import { endingOf, withoutSoftmax } from "./ending.js";
import { type LossName, losses } from "./losses/index.js";
import { type MetricName, metrics } from "./metrics/index.js";
import type { SummedLoss } from "./module.js";
import { IGNORED, type Judged, type PlacedTargets, placedIn, placeTargets, type Role, roles } from "./role.js";
import type { Targets } from "./targets.js";

/** What a network is judged by. */
export interface Objective {
	/** The graph up to the value that the loss takes, its classes on the last axis. */
	readonly graph: Graph;
	readonly loss: LossName;
	readonly metric: MetricName;
	readonly placed: PlacedTargets;
}

/** What is asked for; the rest is chosen. */
export interface Wishes {
	readonly loss?: LossName;
	/** One's own loss, which may say what roles it takes. */
	readonly own?: SummedLoss;
	readonly metric?: MetricName;
	/** The class that does not count. */
	readonly ignoreIndex?: number;
}

/**
 * Puts a network, its targets, a loss and a metric together, or says why they can't be: the one place that decides what
 * targets are. They are read by what they hold and by the output they are for, never by their type alone.
 *
 * - One output: 0 and 1 are labels, other numbers values.
 * - A sigmoid at the end: labels where all are from 0 to 1, else values.
 * - Several outputs: whole numbers, one a sample or a place, are classes; rows that add up to 1 are probabilities (those with
 *   one 1 are classes, too); other rows of 0 and 1 are labels; all else is values.
 *
 * Classes and probabilities take softmax cross-entropy (a softmax or log-softmax at the end is left out for it: the same loss
 * without underflow), labels binary cross-entropy, values the mean squared error.
 *
 * @throws {LayoutMismatchError} naming both shapes, or the first target that is wrong, and the losses or metrics that fit
 */
export function suitObjective(graph: Graph, targets: Targets, wishes: Wishes = {}): Objective {
	const output = inferShapes(graph).get(graph.output) ?? [];
	const judged = { name: graph.name, output, targets, ignoreIndex: wishes.ignoreIndex ?? IGNORED };
	const placed = place(graph, judged, wishes);
	const loss = wishes.loss ?? lossFor(graph, placed.role);
	if (wishes.loss !== undefined) checkEnding(graph, wishes.loss);
	const metric = wishes.metric ?? metricFor(graph, placed.role);
	if (wishes.metric !== undefined) checkMetric(wishes.metric, placed.role, judged);
	const isChosen = wishes.loss === undefined && wishes.own === undefined;
	const upTo = isChosen && loss === "softmax-cross-entropy" ? withoutSoftmax(graph) : graph;
	return { graph: classesLast(upTo, placed, output.length), loss, metric, placed };
}

/** The graph with the axis that counts classes as its output's last. */
function classesLast(graph: Graph, { classAxis }: PlacedTargets, rank: number): Graph {
	if (classAxis === undefined || classAxis === rank - 1) return graph;
	const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== classAxis);
	const output = `${graph.output}:classes-last`;
	const node: GraphNode = {
		op: "transpose",
		inputs: [graph.output],
		output,
		attributes: { permutation: [...others, classAxis] },
	};
	return { ...graph, nodes: [...graph.nodes, node], output };
}

function place(graph: Graph, judged: Judged, { loss, own }: Wishes): PlacedTargets {
	const takes = own?.takes ?? (loss === undefined ? undefined : losses[loss].takes);
	if (takes === undefined) return placeByContents(graph, judged);
	for (const role of takes) {
		const placed = placedIn(role, judged);
		if (placed !== undefined) return placed;
	}
	const [usual = "values"] = takes;
	throw refusal(`${own?.name ?? loss} takes ${roles[usual]}`, usual, judged);
}

/** Why targets are none of what a loss takes, and which losses take them. */
function refusal(what: string, role: Role, judged: Judged): LayoutMismatchError {
	const fitting = Object.values(losses).filter(({ takes }) =>
		takes.some((each) => placedIn(each, judged) !== undefined),
	);
	const instead = fitting.length === 0 ? "" : `; losses that fit: ${fitting.map(({ name }) => name).join(", ")}`;
	try {
		placeTargets(role, judged);
	} catch (error) {
		if (!(error instanceof LayoutMismatchError)) throw error;
		return new LayoutMismatchError(`${what}: ${error.message}${instead}`);
	}
	return new LayoutMismatchError(`${what}${instead}`);
}

/** The targets in the role that they have where no loss says it. */
function placeByContents(graph: Graph, judged: Judged): PlacedTargets {
	const { output, targets } = judged;
	if (endingOf(graph) === "sigmoid") return placedIn("labels", judged) ?? placeTargets("values", judged);
	const binary = () => (targets.values.every((value) => value === 0 || value === 1) ? "labels" : "values");
	if (sizeOf(output) === 1) return placeTargets(binary(), judged);
	if (sizeOf(targets.shape) === 1) return placeTargets("class", judged);
	const placed = placedIn("classes", judged) ?? placedIn("distribution", judged);
	if (placed !== undefined) return placed;
	// As many as the output has: values. Else the shapes say what is wrong, as classes of places would.
	return placeTargets(sizeOf(targets.shape) === sizeOf(output) ? binary() : "classes", judged);
}

function lossFor(graph: Graph, role: Role): LossName {
	if (role === "values") return "mse";
	if (role === "labels")
		return endingOf(graph) === "sigmoid" ? "binary-cross-entropy" : "binary-cross-entropy-from-logits";
	return "softmax-cross-entropy";
}

function metricFor(graph: Graph, role: Role): MetricName {
	if (role === "values") return "r2";
	if (role === "labels") return endingOf(graph) === "sigmoid" ? "binary-accuracy" : "binary-accuracy-from-logits";
	return "accuracy";
}

/** Losses of probabilities and of their logarithms mean nothing on what a plain layer gives. */
function checkEnding(graph: Graph, loss: LossName): void {
	const { of } = losses[loss];
	if (of === undefined || endingOf(graph) !== "linear") return;
	throw new LayoutMismatchError(
		`${loss} takes ${of.what}, and ${graph.name} ends in a plain layer; ${of.instead} takes its outputs as they are`,
	);
}

/** @throws {LayoutMismatchError} listing the metrics that fit */
function checkMetric(metric: MetricName, role: Role, judged: Judged): void {
	const suits = (name: MetricName) => (metrics[name].takes as readonly Role[]).includes(role);
	if (suits(metric)) return;
	const fitting = (Object.keys(metrics) as MetricName[]).filter(suits);
	throw new LayoutMismatchError(
		`${judged.targets.name}: the targets are ${roles[role]}, of which ${metric} says nothing; metrics that fit: ${fitting.join(", ")}`,
	);
}
