import { choosePrecision } from "../compute/backend.js";
import { type Dataset, datasetDigest } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { isModelFile } from "../formats/networks.js";
import type { Graph } from "../network/graph.js";
import type { Network } from "../network/network.js";
import { parameterLayout } from "../network/parameters.js";
import { modelByName, taskOf } from "../network/zoo/index.js";
import { describeLoss } from "../objective/module.js";
import { defaultObjective } from "../objective/suit.js";
import {
	checkOptions,
	defaultAxes,
	defaults,
	lossReference,
	otherNetworks,
	type PlaneOptions,
} from "../options/options.js";
import { randomDirection } from "../section/random.js";
import { interpolationDirection } from "../section/towards.js";
import { cosine } from "../section/vector.js";
import type { PlanRecord, Provenance } from "../surface/provenance.js";
import type { Axis } from "../surface/surface.js";
import type { Plane } from "../sweep/memory.js";
import { type DataRequest, isFile, isNamed, loadData, loadDataFor } from "./data.js";
import { loadEnd, loadModel } from "./network.js";

/** A plane with its grid, and what people want to know of it. */
export interface PreparedPlane extends Plane {
	readonly x: Axis;
	readonly y: Axis | null;
	readonly plan: PlanRecord;
	/** The cosine of the angle between the two directions; null for a line. */
	readonly cosine: number | null;
	/** Why the precision is not the one asked for; null where it is. */
	readonly fallback: string | null;
	/** The options for people: what the plan holds only as digests. */
	readonly notes: Provenance["notes"];
}

/**
 * Loads and draws all that a sweep depends on.
 *
 * @throws {OptionError | FileFormatError | LayoutMismatchError} when an option, a file or a combination can't be used
 */
export async function preparePlane(options: PlaneOptions & { readonly threads?: number }): Promise<PreparedPlane> {
	checkOptions(options);
	const { data: source, split, batchNorm, precision: asked } = { ...defaults, ...options };
	const samples = options.samples ?? { atMost: defaults.samples };
	const { model, data } = await loadModelAndData(options, source, { ...options, split, samples });
	const { state } = model;
	const directions = makeDirections(model, options);
	const { graph, ...objective } = chooseObjective(model.graph, data, options);
	const axes = defaultAxes[options.directions ?? defaults.directions];
	const x = options.x ?? axes.x;
	const y = directions.y === null ? null : (options.y ?? axes.y);
	const { precision, reason } = await choosePrecision(asked);
	const plane: Plane = { graph, state, directions, data, ...objective, batchNorm, precision };
	return {
		...plane,
		x,
		y,
		plan: describePlan(plane, x, y),
		cosine: directions.y === null ? null : cosine(directions.x, directions.y),
		fallback: reason,
		notes: describeOptions(options),
	};
}

/** A network of the zoo is built for the data, unless those are in a file, which is read for the network. */
async function loadModelAndData(
	options: PlaneOptions,
	source: string,
	request: DataRequest,
): Promise<{ model: Network; data: Dataset }> {
	const name = options.model ?? defaults.model;
	if (isModelFile(name) || (await isFile(source))) {
		const model = loadModel(name, options.weights);
		return { model, data: await loadDataFor(model.graph, source, request) };
	}
	modelByName(name);
	const data = await loadData(source, request.split, request.samples, request);
	return { model: loadModel(name, options.weights, taskOf(data)), data };
}

function describeOptions(options: PlaneOptions): Provenance["notes"] {
	const { model, data, split, norm, bias, seed, directions } = { ...defaults, ...options };
	const [to, secondTo] = otherNetworks(options);
	return {
		data: isNamed(data) ? `${data}, ${split}` : data,
		weights: options.weights ?? (isModelFile(model) ? model : "shipped"),
		directions,
		...(to === undefined ? { norm, bias, seed } : { to }),
		...(secondTo !== undefined && { secondTo }),
	};
}

/** As close to 1 as the cosine of two directions may come and they still span a plane. */
const PARALLEL = 1 - 1e-9;

function makeDirections(model: Network, options: PlaneOptions): Plane["directions"] {
	const { parameters } = model.state;
	const [to, secondTo] = otherNetworks(options);
	if (to !== undefined) {
		const towards = (text: string) => interpolationDirection(parameters, loadEnd(model, text, "--to").parameters);
		const x = towards(to);
		if (secondTo === undefined) return { x, y: null };
		const y = towards(secondTo);
		// Written so that NaN, the cosine of a direction without length, is refused too.
		if (!(Math.abs(cosine(x, y)) < PARALLEL))
			throw new OptionError("--to", "expected three networks that span a plane, these lie on one line");
		return { x, y };
	}
	const { seed, norm, bias } = { ...defaults, ...options };
	const layout = parameterLayout(model.graph);
	const draw = (axis: "x" | "y") => randomDirection(axis, parameters, layout, { seed, norm, bias });
	return { x: draw("x"), y: options.y === null ? null : draw("y") };
}

/** The loss and metric asked for, or those that suit the network and its targets. */
function chooseObjective(
	graph: Graph,
	data: Dataset,
	{ loss, metric }: PlaneOptions,
): Pick<Plane, "graph" | "loss" | "metric"> {
	const suited = defaultObjective(graph, data.targets, data.samples);
	if (loss === undefined) return { ...suited, ...(metric !== undefined && { metric }) };
	return { graph, loss: lossReference(loss), metric: metric ?? suited.metric };
}

function describePlan(
	{ graph, state, directions, data, loss, metric, batchNorm, precision }: Plane,
	x: Axis,
	y: Axis | null,
): PlanRecord {
	const axis = ({ min, max, steps }: Axis) => `${min}:${max}:${steps}`;
	return {
		model: graph.name,
		graph: sha256(canonicalJson(graph)),
		parameters: sha256(state.parameters, state.statistics),
		directions: sha256(directions.x, ...(directions.y === null ? [] : [directions.y])),
		data: datasetDigest(data),
		samples: data.samples,
		loss: describeLoss(loss),
		metric,
		batchNorm,
		precision,
		x: axis(x),
		y: y === null ? "none" : axis(y),
	};
}
