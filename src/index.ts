/**
 * isoloss: the loss landscape of a neural network on a plain CPU.
 *
 * ```ts
 * import { sweep } from "isoloss";
 *
 * const { surface, digest } = await sweep({
 *   x: { min: -1, max: 1, steps: 25 },
 *   y: { min: -1, max: 1, steps: 25 },
 *   onRow: ({ row }) => console.log(`row ${row} is done`),
 * });
 * console.log(digest, surface.loss);
 * ```
 */
export type { Dataset } from "./data/dataset.js";
export { loadData } from "./data/index.js";
export * from "./errors.js";
export type { EpochRecord, TrainingHistory } from "./history.js";
export { type SweepOptions, type SweepResult, type SweepStart, sweep } from "./landscape.js";
export type { Loss, Outputs } from "./loss/loss.js";
export type { Barrier } from "./measure/barrier.js";
export { type Measure, type MeasureOptions, measureSurface, measures } from "./measure/index.js";
export type { Graph } from "./model/graph.js";
export type { Parameters } from "./model/params.js";
export { rescale } from "./model/rescale.js";
export { modelByName } from "./model/zoo.js";
export type { PlaneOptions } from "./options.js";
export type { Provenance } from "./provenance.js";
export {
	type CompareOptions,
	compare,
	type NamedSurface,
	type Picture,
	type RenderOptions,
	render,
} from "./render/index.js";
export { renderTraining, type TrainingPictureOptions } from "./render/training.js";
export { formatCsv } from "./store/csv.js";
export { formatMeasures, type MeasuredSurface } from "./store/measures.js";
export { readRun, type StoredRun } from "./store/run-file.js";
export { readTrajectory, type Snapshot, type Trajectory } from "./store/trajectory.js";
export { type Axis, axisValues, extrema, type Surface, surfaceDigest } from "./surface.js";
export { SweepPool, type SweepPoolOptions } from "./sweep/pool.js";
export { evaluateNetwork, formatCheckpoint } from "./train/checkpoint.js";
export { type TrainOptions, type TrainProgress, type TrainState, train } from "./train/train.js";
export { runTraining, type TrainingOptions, type TrainingResult } from "./training.js";
export { version } from "./version.js";
