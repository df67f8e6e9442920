import { choosePrecision } from "../compute/backend.js";
import { type Dataset, datasetDigest } from "../data/dataset.js";
import type { RawData } from "../data/raw.js";
import { OptionError } from "../errors.js";
import { canonicalJson, sha256 } from "../exact/digest.js";
import { isNetworkFile, type NetworkOptions } from "../formats/index.js";
import type { Precision } from "../kernels/precision.js";
import { CONFIDENCE, samplesField } from "../measure/margin.js";
import { initialize } from "../network/initialize.js";
import type { Network } from "../network/network.js";
import { namesMatching } from "../network/patterns.js";
import { modelByName, taskOf } from "../network/zoo/index.js";
import { describeLoss } from "../objective/module.js";
import { alignmentDefaults } from "../options/align.js";
import { listed } from "../options/kinds.js";
import { defaults, dimsOf } from "../options/plane/index.js";
import { fieldsOf, probeNamed, takesDerivatives } from "../probe/index.js";
import { subjectOf } from "../probe/subject.js";
import { movesStatistics } from "../section/section.js";
import { partsOf } from "../section/vector.js";
import type { FieldSpec } from "../surface/field.js";
import { type Axis, axesOf, type Grid, isLine } from "../surface/grid.js";
import { batchNormRule, type Notes, type PlanRecord } from "../surface/provenance.js";
import { allPaths, type Trajectories } from "../surface/trajectory.js";
import type { Problem } from "../sweep/problem.js";
import { adaptiveCells, describeAdaptive } from "./adaptive.js";
import { checkRequest } from "./check.js";
import type { Checkpoints } from "./checkpoints.js";
import type { ResolveOptions } from "./curved-section.js";
import { type DataRequest, isFile, isNamed, loadData, loadDataFor, readBefore } from "./data.js";
import { type ArrayData, arrangeArrays } from "./data-in-memory.js";
import { resolveErrors } from "./errors.js";
import { locate, type ResolvedTrajectory } from "./locate.js";
import { stillTensors } from "./moving.js";
import { loadModel, networkInMemory, type Reading } from "./network.js";
import { type ResolvedObjective, resolveObjective } from "./objective.js";
import { chooseOutput } from "./output.js";
import type { SweepRequest } from "./request.js";
import { labelOf } from "./section.js";

/** What a request comes to: a problem and a grid. Below this nobody knows of options. */
export interface Resolved {
	/** As it was read, up to the output that is judged. */
	readonly network: Network;
	readonly problem: Problem;
	readonly grid: Grid;
	readonly fields: readonly FieldSpec[];
	/** By how many cells isolines may shift, where only the points that they need are computed. */
	readonly adaptive?: number;
	/** All that the values depend on. */
	readonly plan: PlanRecord;
	/** The facts for the foot of a picture. */
	readonly caption: readonly string[];
	/** What was assumed where the request left a choice, a line each. */
	readonly assumptions: readonly string[];
	/** What each axis is, where it is more than a direction. */
	readonly axisLabels?: readonly string[];
	/** Trainings on the section, whose networks' losses are not known yet. */
	readonly trajectory?: ResolvedTrajectory;
	/** The request for people: what the plan holds only as digests. */
	readonly notes: Notes;
	/** The cosine of the angle between the two directions; null for a line. */
	readonly cosine: number | null;
	/** Which statistics of batch normalisation hold; null where they are the network's own, or there are none. */
	readonly batchNorm: string | null;
}

/** A network on data, and what it is judged by. */
export interface Judged {
	/** As it was read, up to the output that is judged. */
	readonly network: Network;
	/** What its file was read with. */
	readonly reading: Reading;
	readonly names: Names;
	readonly objective: ResolvedObjective;
	readonly precision: Precision;
	/** What was assumed: of network and data, and of the objective and what computes. */
	readonly assumptions: { readonly read: readonly string[]; readonly judged: readonly string[] };
}

/**
 * Loads a network and its data, and puts them together with a loss and what is measured beside it.
 *
 * @param request one that has been checked
 * @param fresh   the seed of fresh parameters, in place of any that come with the network
 */
export async function resolveJudged(request: SweepRequest, fresh?: number): Promise<Judged> {
	const chosen: string[] = [];
	const { checkpointKey, output, dim, move } = request;
	const reading: Reading = {
		...(checkpointKey !== undefined && { checkpointKey }),
		...(output !== undefined && { output }),
		...(dim !== undefined && { dims: dimsOf(dim) }),
		...(move !== undefined && { move: listed(move) }),
		...(fresh !== undefined && { fresh }),
		assume: (line: string) => chosen.push(line),
	};
	const { network: first, data, names } = await resolveNetworkAndData(request, reading);
	const network = await chooseOutput(first, data, request, reading);
	namesMatching(
		listed(move),
		network.graph.parameters.map(({ name }) => name),
		"move",
	);
	const objective = await resolveObjective(network.graph, data, request);
	const { precision, reason } = await choosePrecision(request.precision ?? defaults.precision);
	const stock = reason === null ? [] : [`the stock kernels, since ours can't be had: ${reason}`];
	return {
		network,
		reading,
		names,
		objective,
		precision,
		assumptions: {
			read: [...chosen, ...(data.assumptions ?? [])],
			judged: [...objective.assumptions, ...stock],
		},
	};
}

/**
 * Loads and draws all that a sweep depends on.
 *
 * @throws {OptionError | FileFormatError | LayoutMismatchError} when an option, a file or a combination can't be used
 */
export async function resolve(asked: SweepRequest, options: ResolveOptions = {}): Promise<Resolved> {
	const checked = checkRequest(asked);
	const request = checked.confidence ? { ...checked, samples: checked.samples ?? ("all" as const) } : checked;
	const judgedAt = await resolveJudged(request, startsAtTraining(request) ? 0 : undefined);
	const { network, reading, names, objective, precision, assumptions } = judgedAt;
	const told: string[] = [];
	const { graph, data, loss, lossSettings } = objective;
	const { probes, population, ...errors } = resolveErrors(request, data, objective.probes);
	const judged = { graph, data, loss, lossSettings, precision };
	const located = await locate(network, request, {
		...{ start: names.start, judged, options },
		reading: { ...reading, assume: (line: string) => told.push(line) },
	});
	const { section, grid, trajectory } = located;
	if (request.confidence && isLine(grid)) {
		await trajectory?.checkpoints.close();
		throw new OptionError("confidence", "expected a plane with it, a line has no contour lines");
	}
	const still = probes.some((probe) => takesDerivatives(probeNamed(probe)))
		? { still: [...stillTensors(network.graph, request).still].sort() }
		: {};
	const problem = {
		graph,
		section,
		data,
		loss,
		lossSettings,
		probes,
		...normalisationOf(request),
		...still,
		...(population !== undefined && { population }),
		precision,
	};
	const adaptive = adaptiveCells(request, grid);
	const plan = {
		...describePlan(problem, grid, trajectory),
		...(request.align && { align: describeAlign(request) }),
		...(request.confidence && { confidence: CONFIDENCE }),
		...(adaptive !== undefined && { adaptive: describeAdaptive(adaptive) }),
	};
	const batchNorm = network.state.statistics.length > 0 ? batchNormRule(plan) : null;
	const rule = network.state.statistics.length > 0 ? [batchNorm ?? "batch norm running"] : [];
	const facts = [...objective.facts, ...errors.facts, ...located.facts, ...rule];
	return {
		network,
		problem,
		grid,
		...(adaptive !== undefined && { adaptive }),
		fields: [...fieldsOf(probes, await subjectOf(problem)), ...(request.confidence ? [samplesField] : [])],
		plan,
		caption: [graph.name, names.data, `${data.samples} samples`, ...facts, precision],
		assumptions: [...assumptions.read, ...told, ...located.assumptions, ...assumptions.judged, ...errors.assumptions],
		...(located.axisLabels && { axisLabels: located.axisLabels }),
		...(trajectory && { trajectory }),
		notes: { data: names.data, weights: names.weights, directions: request.directions ?? defaults.directions },
		cosine: located.cosine,
		batchNorm,
	};
}

/** Whether the origin is a network of a training, so that one by name needs no parameters besides. */
function startsAtTraining({ model, network, weights, directions, trajectory }: SweepRequest): boolean {
	const isByName = model !== undefined && network === undefined && !isNetworkFile(model);
	return isByName && weights === undefined && directions === "pca" && trajectory !== undefined;
}

/** How people call what was read. */
interface Names {
	readonly data: string;
	readonly weights: string;
	/** The network at the origin. */
	readonly start: string;
}

/** A network of the zoo is built for the data, unless those are in a file, which is read for the network. */
async function resolveNetworkAndData(
	request: SweepRequest,
	options: Reading,
): Promise<{ network: Network; data: Dataset; names: Names }> {
	const { model = defaults.model, weights, data: source = defaults.data, split = defaults.split } = request;
	const samples = request.samples ?? { atMost: defaults.samples };
	const read: DataRequest = { ...request, samples };
	if (request.network !== undefined) {
		const given = networkInMemory(request.network);
		const { fresh } = options;
		const network = fresh === undefined ? given : { ...given, state: initialize(given.graph, fresh) };
		return {
			network,
			data: await dataFor(network, source, read),
			names: namesOf(request, network.graph.name, source, split),
		};
	}
	const names = namesOf(request, model, source, split);
	if (typeof source !== "string" || isNetworkFile(model) || (await isFile(source))) {
		const raw = typeof source === "string" ? await readBefore(source, read) : undefined;
		const shapes = raw === undefined && typeof source !== "string" ? shapesInMemory(source) : shapesInFile(raw);
		const network = await loadModel(model, weights, undefined, { ...options, ...shapes });
		return { network, data: await dataFor(network, source, read, raw), names };
	}
	modelByName(model);
	const data = await loadData(source, split, samples, read);
	return { network: await loadModel(model, weights, taskOf(data), options), data, names };
}

type SampleShapes = Pick<NetworkOptions, "sampleShape" | "sampleShapes">;

function shapesInFile(raw: RawData | undefined): SampleShapes {
	if (raw === undefined) return {};
	const { inputs, named = new Map() } = raw;
	const shapes = [...named].map(([name, { shape }]) => [name, shape.slice(1)]);
	return { sampleShape: inputs.shape.slice(1), sampleShapes: Object.fromEntries(shapes) };
}

function shapesInMemory(data: ArrayData | Dataset): SampleShapes {
	if (!("shape" in data)) return {};
	const shapes = Object.entries(data.others ?? {}).map(([name, { shape }]) => [name, shape.slice(1)]);
	return { sampleShape: data.shape.slice(1), sampleShapes: Object.fromEntries(shapes) };
}

/** The data of a source as a network takes them. */
export async function dataFor(
	{ graph }: Network,
	source: string | ArrayData | Dataset,
	read: DataRequest,
	known?: RawData,
): Promise<Dataset> {
	if (typeof source === "string") return loadDataFor(graph, source, read, known);
	if (!("sampleShape" in source)) return arrangeArrays(source, graph, read.samples, read);
	if (typeof read.samples === "number" && read.samples !== source.samples)
		throw new OptionError(
			"samples",
			`expected ${source.samples}, as many as the data in memory have, got ${read.samples}`,
		);
	return source;
}

function namesOf(request: SweepRequest, model: string, source: string | ArrayData | Dataset, split: string): Names {
	const { network, weights } = request;
	const shipped = network === undefined && weights === undefined && !isNetworkFile(model);
	return {
		data: typeof source === "string" ? (isNamed(source) ? `${source}, ${split}` : source) : (source.name ?? "arrays"),
		weights: network === undefined ? (weights ?? (shipped ? "shipped" : model)) : model,
		start: shipped ? "start" : labelOf(network === undefined ? (weights ?? model) : model),
	};
}

/** @throws {OptionError} when samples to measure statistics on are asked for, and nothing measures any */
function normalisationOf({ batchNorm = defaults.batchNorm, calibration }: SweepRequest) {
	if (calibration !== undefined && batchNorm !== "reestimate")
		throw new OptionError("calibration", `expected --batch-norm reestimate with it, got ${batchNorm}`);
	return { batchNorm, ...(calibration !== undefined && { calibration }) };
}

/** What the ends of a section depend on besides the networks there. */
function describeAlign({ seed = alignmentDefaults.seed }: SweepRequest): string {
	return `weight matching, seed ${seed}, ${alignmentDefaults.restarts} restarts`;
}

/** Trainings on a section, and of their networks the digests where they are known by more than their places. */
type PathsToDescribe = Pick<Trajectories, "paths" | "marks"> & { readonly checkpoints?: Pick<Checkpoints, "digests"> };

/** All that the values of a problem on a grid depend on, for comparison and for people. */
export function describePlan(problem: Problem, grid: Grid, trajectory?: PathsToDescribe): PlanRecord {
	const { graph, section, data, loss, lossSettings, probes, batchNorm, calibration, still = [], precision } = problem;
	const { population } = problem;
	const axis = ({ min, max, steps }: Axis) => `${min}:${max}:${steps}`;
	const { x, y } = axesOf(grid);
	const [origin = new Float32Array(), ...directions] = section.vectors;
	const networks = trajectory?.checkpoints?.digests.values();
	const paths = (trajectory === undefined ? undefined : allPaths(trajectory))?.map(({ label, points }) => [
		label,
		...points.map(({ file, at }) => [file, networks?.next().value ?? "", ...at]),
	]);
	return {
		model: graph.name,
		graph: sha256(canonicalJson(graph)),
		parameters: sha256(partsOf(origin), section.statistics[0] ?? new Float32Array()),
		directions: sha256(...directions.map(partsOf)),
		...(section.weighting !== "affine" && { way: section.weighting }),
		data: datasetDigest(data),
		samples: data.samples,
		loss: describeLoss(loss, lossSettings),
		fields: probes.join(","),
		batchNorm,
		...(calibration !== undefined && { calibration }),
		...(problem.calibrationData && { calibrationData: datasetDigest(problem.calibrationData) }),
		...(still.length > 0 && { still: still.join(",") }),
		...(population !== undefined && { population }),
		...(movesStatistics(section) && { statistics: sha256(...section.statistics.slice(1)) }),
		...(paths && { trajectory: sha256(canonicalJson(paths)) }),
		precision,
		x: axis(x),
		y: y === null ? "none" : axis(y),
	};
}
