import { join } from "node:path";
import type { BatchNormMode } from "../compute/evaluator.js";
import type { Dataset } from "../data/dataset.js";
import { RunMismatchError } from "../errors.js";
import { loadLoss } from "../objective/module.js";
import { fieldsOf } from "../probe/index.js";
import { subjectOf } from "../probe/subject.js";
import { describePlan } from "../resolve/index.js";
import { type Connection, connectionOf } from "../run/connection.js";
import { carryOutRun, originExtras, type RunResult } from "../run/run.js";
import type { Section } from "../section/section.js";
import type { Grid } from "../surface/grid.js";
import { batchNormRule } from "../surface/provenance.js";
import { emptySurface } from "../surface/surface.js";
import { pathPlaces, type Trajectories } from "../surface/trajectory.js";
import type { Executor } from "../sweep/executor.js";
import type { Problem } from "../sweep/problem.js";
import type { CurveOptions } from "../train/curve.js";
import { metricOf } from "../train/options.js";
import { version } from "../version.js";

/** What measures lines and planes, and where what it finds is kept. */
export interface Measuring {
	readonly executor: Executor<Problem>;
	readonly options: CurveOptions;
	/** Of how many training samples statistics are measured, and which. */
	readonly calibration: number | "all" | undefined;
	readonly calibrationData: Dataset;
	readonly directory: string | null;
	readonly fresh: boolean;
	readonly signal: AbortSignal | undefined;
	readonly onPoints: (points: number) => void;
}

/** What is measured: networks on samples, and by which statistics of batch normalisation. */
export interface Wanted {
	/** What its directory is called. */
	readonly name: string;
	readonly section: Section;
	readonly grid: Grid;
	readonly data: Dataset;
	/** How people call those samples. */
	readonly dataName: string;
	readonly batchNorm: BatchNormMode;
	readonly axisLabels: readonly string[];
	readonly trajectories?: Trajectories;
}

/** Loss and metric over a line or plane, as `sweep` would have them: a run of its own, which goes on where it stopped. */
export async function measureSection(
	measuring: Measuring,
	wanted: Wanted,
): Promise<RunResult & { readonly connection: Connection | null }> {
	const { executor, options, calibration, calibrationData, directory, fresh, signal, onPoints } = measuring;
	const { name, grid, data, batchNorm, axisLabels, trajectories } = wanted;
	// Statistics that are measured anew at every place have no way of their own.
	const moves = batchNorm === "running" ? wanted.section.statistics : wanted.section.statistics.slice(0, 1);
	const section = { ...wanted.section, statistics: moves };
	const { graph, loss, lossSettings = {}, precision } = options;
	const metric = metricOf(options);
	const problem: Problem = {
		...{ graph, section, data, loss, lossSettings, precision, batchNorm },
		probes: ["loss", ...(metric === undefined ? [] : [metric])],
		...(batchNorm === "reestimate" && { calibrationData, ...(calibration !== undefined && { calibration }) }),
	};
	const plan = describePlan(problem, grid, trajectories);
	const { name: lossName } = await loadLoss(loss, lossSettings);
	const rules = options.start.statistics.length > 0 ? [batchNormRule(plan) ?? "batch norm running"] : [];
	const surface = emptySurface({
		grid,
		extras: [...originExtras(grid), ...(trajectories === undefined ? [] : pathPlaces(trajectories))],
		fields: fieldsOf(problem.probes, await subjectOf(problem)),
		anchors: section.anchors,
		...(trajectories && { trajectories }),
		provenance: {
			plan,
			version,
			caption: [graph.name, wanted.dataName, `${data.samples} samples`, lossName, ...rules, precision],
			assumptions: [],
			axisLabels,
			notes: { data: wanted.dataName },
		},
	});
	const measureAnew = (anew: boolean) =>
		carryOutRun(
			{ surface, problem },
			executor,
			{
				...(directory !== null && { out: join(directory, name) }),
				...(signal && { signal }),
				fresh: anew,
				onBatch: ({ count }) => onPoints(count),
			},
			{
				cosine: null,
				parameters: options.start.parameters.length,
				samples: data.samples,
				data: wanted.dataName,
				threads: executor.slots,
			},
		);
	const result = await measureAnew(fresh).catch((error: unknown) => {
		// The curve is the same; it has been measured at other places or on other samples before.
		if (error instanceof RunMismatchError) return measureAnew(true);
		throw error;
	});
	return { ...result, connection: await connectionOf(executor, problem, result.surface, signal) };
}
