import { datasetDigest } from "./data/dataset.js";
import { loadData } from "./data/index.js";
import { interpolationDirection } from "./direction/interpolate.js";
import { randomDirection } from "./direction/random.js";
import { cosine } from "./direction/vector.js";
import { LayoutMismatchError, OptionError } from "./errors.js";
import { choosePrecision } from "./model/backend.js";
import type { Graph } from "./model/graph.js";
import { loadEnd, loadParameters } from "./model/load.js";
import { type Parameters, parameterLayout } from "./model/params.js";
import { inferShapes } from "./model/shapes.js";
import { modelByName } from "./model/zoo.js";
import { checkOptions, defaultAxes, defaults, otherNetworks, type PlaneOptions } from "./options.js";
import { canonicalJson, type PlanRecord, type Provenance, sha256 } from "./provenance.js";
import type { Axis } from "./surface.js";
import type { Plane } from "./sweep/memory.js";

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
export async function preparePlane(options: PlaneOptions): Promise<PreparedPlane> {
	checkOptions(options);
	const graph = modelByName(options.model ?? defaults.model);
	const parameters = await loadParameters(graph, options.weights);
	const directions = await makeDirections(graph, parameters, options);
	const samples = options.samples ?? defaults.samples;
	const data = await loadData(options.data ?? defaults.data, options.split ?? defaults.split, samples);
	checkSampleShape(graph, data);
	const axes = defaultAxes[options.directions ?? defaults.directions];
	const x = options.x ?? axes.x;
	const y = directions.y === null ? null : (options.y ?? axes.y);
	const { precision, reason } = await choosePrecision(options.precision ?? defaults.precision);
	const plane: Plane = { graph, parameters, directions, data, loss: "softmax-cross-entropy", precision };
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

function describeOptions(options: PlaneOptions): Provenance["notes"] {
	const { data, split, norm, bias, seed, directions } = { ...defaults, ...options };
	const weights = options.weights ?? "shipped";
	const [to, secondTo] = otherNetworks(options);
	return {
		data: `${data}, ${split}`,
		weights,
		directions,
		...(to === undefined ? { norm, bias, seed } : { to }),
		...(secondTo !== undefined && { secondTo }),
	};
}

/** As close to 1 as the cosine of two directions may come and they still span a plane. */
const PARALLEL = 1 - 1e-9;

async function makeDirections(graph: Graph, from: Parameters, options: PlaneOptions): Promise<Plane["directions"]> {
	const [to, secondTo] = otherNetworks(options);
	if (to !== undefined) {
		const towards = async (text: string) =>
			interpolationDirection(from.trained, (await loadEnd(graph, text, "--to")).trained);
		const x = await towards(to);
		if (secondTo === undefined) return { x, y: null };
		const y = await towards(secondTo);
		// Written so that NaN, the cosine of a direction without length, is refused too.
		if (!(Math.abs(cosine(x, y)) < PARALLEL))
			throw new OptionError("--to", "expected three networks that span a plane, these lie on one line");
		return { x, y };
	}
	const { seed, norm, bias } = { ...defaults, ...options };
	const draw = (axis: "x" | "y") => randomDirection(axis, from.trained, parameterLayout(graph), { seed, norm, bias });
	return { x: draw("x"), y: options.y === null ? null : draw("y") };
}

function checkSampleShape(graph: Graph, data: Plane["data"]): void {
	const expected = graph.inputs[0]?.shape ?? [];
	if (String(expected) !== String(data.sampleShape))
		throw new LayoutMismatchError(
			`${graph.name} takes samples of [${expected}], ${data.name} has [${data.sampleShape}]`,
		);
	const classes = inferShapes(graph).get(graph.output)?.at(-1) ?? 0;
	const beyond = data.targets.find((label) => label >= classes);
	if (beyond !== undefined)
		throw new LayoutMismatchError(`${graph.name} tells ${classes} classes apart, ${data.name} has a label ${beyond}`);
}

function describePlan(
	{ graph, parameters, directions, data, loss, precision }: Plane,
	x: Axis,
	y: Axis | null,
): PlanRecord {
	const axis = ({ min, max, steps }: Axis) => `${min}:${max}:${steps}`;
	return {
		model: graph.name,
		graph: sha256(canonicalJson(graph)),
		parameters: sha256(parameters.trained, parameters.running),
		directions: sha256(directions.x, ...(directions.y === null ? [] : [directions.y])),
		data: datasetDigest(data),
		samples: data.samples,
		loss,
		precision,
		x: axis(x),
		y: y === null ? "none" : axis(y),
	};
}
