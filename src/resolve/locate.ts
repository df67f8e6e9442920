import type { CurvatureProblem } from "../curvature/memory.js";
import { OptionError } from "../errors.js";
import type { Network } from "../network/network.js";
import { defaultAxes, defaults, isCurved, isDirectionFile, usualSteps } from "../options/plane/index.js";
import { isStored } from "../section/vector.js";
import { VectorStore } from "../section/vector-store.js";
import { type Axis, type Grid, regularGrid } from "../surface/grid.js";
import { offPlaneShares, type Path, type Trajectories } from "../surface/trajectory.js";
import { type Checkpoints, readCheckpoints } from "./checkpoints.js";
import { alongCurvature, type ResolveOptions } from "./curved-section.js";
import { stillTensors } from "./moving.js";
import type { Reading } from "./network.js";
import type { SweepRequest } from "./request.js";
import { type ResolvedSection, resolveSection } from "./section.js";
import { alongFile } from "./section-of-file.js";
import { alongPrincipalComponents, axesAround, type PrincipalSection, projected } from "./trajectory.js";

/** Where to look: the line or plane, its points, and the trainings on it. */
export interface Located extends ResolvedSection {
	readonly grid: Grid;
	/** Trainings on the section, whose networks' losses are not known yet. */
	readonly trajectory?: ResolvedTrajectory;
}

/** Trainings, and where their networks lie on the section. */
export interface ResolvedTrajectory extends Trajectories {
	/** To be closed by who has them. */
	readonly checkpoints: Checkpoints;
}

interface Given {
	/** How people call the network at the origin. */
	readonly start: string;
	readonly reading: Reading;
	/** What derivatives are of. */
	readonly judged: Omit<CurvatureProblem, "state" | "still">;
	readonly options: ResolveOptions;
}

/**
 * Where a request looks: around or through networks, along the curvature at one, or along trainings.
 *
 * @throws {OptionError} for what does not go together
 */
export async function locate(network: Network, request: SweepRequest, given: Given): Promise<Located> {
	checkTrainings(request);
	if (request.trajectory === undefined && request.mark === undefined) {
		const section = await sectionOf(network, request, given, undefined);
		return { ...section, grid: gridOf(request, section, []) };
	}
	const checkpoints = await readCheckpoints(network, request, given.reading, given.options.signal);
	try {
		const section = await sectionOf(network, request, given, checkpoints);
		const { paths, marks } = await projected(checkpoints, section, given.options);
		const facts =
			"principal" in section
				? { origin: section.originFile, principal: section.principal }
				: { origin: given.start, principal: null };
		return {
			...section,
			assumptions: [...section.assumptions, ...toldOfStatistics(section, request), ...toldOfShares(paths)],
			grid: gridOf(request, section, [...paths, { points: marks }]),
			trajectory: {
				...{ checkpoints, ...facts, marks },
				paths: named(paths, request.labels?.slice(section.section.anchors.length)),
			},
		};
	} catch (error) {
		await checkpoints.close();
		throw error;
	}
}

/** @throws {OptionError} for options of principal components where there are none */
function checkTrainings({ directions, trajectory, origin, centred, section }: SweepRequest): void {
	const isPrincipal = directions === "pca" && section === undefined;
	if (isPrincipal && trajectory === undefined)
		throw new OptionError("trajectory", "expected networks of a training for directions pca, got none");
	if (!isPrincipal && origin !== undefined) throw new OptionError("origin", "expected directions pca with it");
	if (!isPrincipal && centred) throw new OptionError("centred", "expected directions pca with it");
}

async function sectionOf(
	network: Network,
	request: SweepRequest,
	{ start, reading, judged, options }: Given,
	checkpoints: Checkpoints | undefined,
): Promise<ResolvedSection | PrincipalSection> {
	const { directions = defaults.directions, section } = request;
	const moving = () => stillTensors(network.graph, request);
	if (section === undefined && directions === "pca" && checkpoints !== undefined)
		return kept(await alongPrincipalComponents(network, checkpoints, request, moving(), options), options);
	if (section === undefined && isDirectionFile(directions))
		return kept(await alongFile(network, directions, request, moving()), options);
	if (section !== undefined || !isCurved(directions))
		return resolveSection(network, request, start, reading, { tried: judged, ...options }, options.store);
	const problem = { ...judged, state: network.state, still: [...moving().still] };
	return kept(await alongCurvature(problem, directions, request, moving(), options), options);
}

/** The same with its directions where they are to be kept. */
function kept<R extends ResolvedSection>(resolved: R, { store = new VectorStore() }: ResolveOptions): R {
	const { vectors } = resolved.section;
	const placed = vectors.map((vector, i) => (i === 0 || isStored(vector) ? vector : store.keep(vector)));
	return { ...resolved, section: { ...resolved.section, vectors: placed } };
}

/** Trainings under names of people's own, where there are any. */
function named(paths: readonly Path[], labels: readonly string[] = []): readonly Path[] {
	return paths.map((path, i) => ({ ...path, label: labels[i] ?? path.label }));
}

/** Networks of a training have statistics of their own, with which their losses may be far below those of the plane. */
function toldOfStatistics({ section }: ResolvedSection, { batchNorm = defaults.batchNorm }: SweepRequest): string[] {
	const stay = section.statistics.length === 1 && (section.statistics[0]?.length ?? 0) > 0;
	return stay && (batchNorm === "running" || batchNorm === "fixed")
		? [
				"statistics of batch normalisation are the origin's for all networks; --batch-norm reestimate measures each one's",
			]
		: [];
}

/** What a picture of trainings can't tell, in a line. */
function toldOfShares(paths: readonly Path[]): string[] {
	const { far, all } = offPlaneShares(paths);
	return far === 0
		? []
		: [`${far} of ${all} networks lie farther off the plane than along it: where they are drawn tells little`];
}

function gridOf(
	request: SweepRequest,
	{ section, halves }: ResolvedSection,
	paths: readonly Pick<Path, "points">[],
): Grid {
	const { steps, directions = defaults.directions } = request;
	const withSteps = (axis: Axis): Axis => (steps === undefined ? axis : { ...axis, steps });
	const usual = directions === "pca" ? axesAround(paths, section.dimensions, steps) : usualAxes(directions, halves);
	const [x = { min: -1, max: 1, steps: usualSteps }, y = x] = usual.map(withSteps);
	return regularGrid(request.x ?? x, section.dimensions === 1 ? null : (request.y ?? y));
}

function usualAxes(
	kind: Exclude<NonNullable<SweepRequest["directions"]>, "pca">,
	halves: readonly number[] = [],
): Axis[] {
	if (isCurved(kind)) return halves.map((half) => ({ min: -half, max: half, steps: usualSteps }));
	const { x, y } = defaultAxes[isDirectionFile(kind) ? "random" : kind];
	return y === null ? [x] : [x, y];
}
