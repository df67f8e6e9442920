import type { BatchNormMode } from "../compute/evaluator.js";
import { share } from "../compute/shared-memory.js";
import type { Dataset } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import { compileKernels } from "../kernels/module.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import type { State } from "../network/parameters.js";
import type { MetricName } from "../objective/metrics/index.js";
import type { LossReference } from "../objective/module.js";
import type { Vector } from "../section/vector.js";
import type { Axis, Surface } from "../surface/surface.js";

/** All that a sweep's values depend on. */
export interface Plane {
	readonly graph: Graph;
	/** θ0, the origin of the plane. */
	readonly state: State;
	readonly directions: {
		readonly x: Vector;
		/** Null for a line. */
		readonly y: Vector | null;
	};
	readonly data: Dataset;
	readonly loss: LossReference;
	readonly metric: MetricName;
	readonly batchNorm: BatchNormMode;
	readonly precision: Precision;
}

/**
 * What every worker of a sweep sees: the plane and the surface's values, each once in memory however many workers there
 * are. Typed arrays over SharedArrayBuffers stay shared when they are sent to a worker; the rest is copied.
 */
export interface SweepMemory extends Plane {
	/** Tells sweeps of one process apart. */
	readonly id: number;
	readonly x: Axis;
	readonly y: Axis | null;
	readonly values: Pick<Surface, "loss" | "metric">;
	/** Compiled once for all workers; undefined in `exact` mode. */
	readonly kernels: CompiledModule | undefined;
}

let lastId = 0;

/** Puts the plane's arrays into shared memory; the surface's are there from its making. */
export async function shareMemory(plane: Plane, { x, y, loss, metric }: Surface): Promise<SweepMemory> {
	lastId += 1;
	return {
		...plane,
		id: lastId,
		graph: shareConstants(plane.graph),
		state: { parameters: share(plane.state.parameters), statistics: share(plane.state.statistics) },
		directions: {
			x: share(plane.directions.x),
			y: plane.directions.y === null ? null : share(plane.directions.y),
		},
		data: { ...plane.data, inputs: share(plane.data.inputs), targets: share(plane.data.targets) },
		x,
		y,
		values: { loss, metric },
		kernels: plane.precision === "exact" ? undefined : await compileKernels(plane.precision),
	};
}

function shareConstants(graph: Graph): Graph {
	const { constants } = graph;
	return constants
		? { ...graph, constants: constants.map((each) => ({ ...each, values: share(each.values) })) }
		: graph;
}
