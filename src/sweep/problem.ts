import type { BatchNormMode } from "../compute/evaluator.js";
import { type Dataset, withArrays } from "../data/dataset.js";
import type { CompiledModule } from "../kernels/engine.js";
import { compileKernels } from "../kernels/module.js";
import type { Precision } from "../kernels/precision.js";
import type { Graph } from "../network/graph.js";
import { share } from "../network/shared-memory.js";
import type { LossSettings } from "../objective/loss.js";
import type { LossReference } from "../objective/module.js";
import type { AnySection } from "../section/section.js";
import { isStored, type PlacedVector } from "../section/vector.js";

/** All that the values of a sweep depend on but the place: plain data, which any thread can be sent. */
export interface Problem {
	/** The network, computed up to what the loss takes. */
	readonly graph: Graph;
	/** Where to look. */
	readonly section: AnySection;
	/** What the loss is taken over. */
	readonly data: Dataset;
	/** By its name, or the URL of a module. */
	readonly loss: LossReference;
	/** What it is told besides. */
	readonly lossSettings?: LossSettings;
	/** The names of what is measured at a point. */
	readonly probes: readonly string[];
	/** Where batch normalisation takes its statistics from. */
	readonly batchNorm: BatchNormMode;
	/** How many samples, the first ones, it measures them on where it does so anew at every point. */
	readonly calibration?: number | "all";
	/** Whose samples those are; the data's own where nothing is said. */
	readonly calibrationData?: Dataset;
	/** Names of tensors that don't move, where derivatives by all that do are measured. */
	readonly still?: readonly string[];
	/** How many samples there are in all, where standard errors are of the mean over those; else of a population without end. */
	readonly population?: number;
	/** Which kernels compute. */
	readonly precision: Precision;
}

/** A problem as the threads of one machine share it, with the kernels that one of them has compiled. */
export interface SharedProblem extends Problem {
	/** Undefined in `exact` mode. */
	readonly kernels: CompiledModule | undefined;
}

/**
 * Puts a problem's arrays into shared memory, each once however many threads there are; what lies in a file stays there. Typed arrays over SharedArrayBuffers
 * stay shared when they are sent to a worker; the rest is copied.
 */
export async function shareProblem(problem: Problem): Promise<SharedProblem> {
	const { graph, section, data, calibrationData, precision } = problem;
	return {
		...problem,
		graph: shareConstants(graph),
		section: { ...section, vectors: section.vectors.map(shareVector), statistics: section.statistics.map(share) },
		data: withArrays(data, share),
		...(calibrationData !== undefined && { calibrationData: withArrays(calibrationData, share) }),
		kernels: precision === "exact" ? undefined : await compileKernels(precision),
	};
}

function shareVector(vector: PlacedVector): PlacedVector {
	return isStored(vector) ? vector : share(vector);
}

function shareConstants(graph: Graph): Graph {
	const { constants } = graph;
	return constants
		? { ...graph, constants: constants.map((each) => ({ ...each, values: share(each.values) })) }
		: graph;
}
