/**
 * isoloss: the loss landscape of a neural network on a plain CPU.
 *
 * ```ts
 * import { fieldNamed, sweep } from "isoloss";
 *
 * const { surface, digest } = await sweep({
 *   x: { min: -1, max: 1, steps: 25 },
 *   y: { min: -1, max: 1, steps: 25 },
 *   onBatch: ({ first, count }) => console.log(`points ${first} to ${first + count - 1} are done`),
 * });
 * console.log(digest, fieldNamed(surface, "loss").values);
 * ```
 */

export type { AlignedGroup, BeforeAndAfter } from "./align/align.js";
export type { AlignmentProgress } from "./align/match.js";
export type { Fixed } from "./align/symmetry.js";
export { type AverageRequest, type AverageResult, average, type Ingredient } from "./average/average.js";
export { choosePrecision } from "./compute/backend.js";
export type { BatchNormMode } from "./compute/evaluator.js";
export type { ConfidenceProgress } from "./confidence/executor.js";
export type { Confidence } from "./confidence/summary.js";
export { connect } from "./connect/connect.js";
export type { ConnectRequest } from "./connect/request.js";
export type { ConnectCall, ConnectResult, ConnectStart } from "./connect/result.js";
export type { LineSummary, MeasuredLine } from "./connect/table.js";
export type { Density } from "./curvature/density.js";
export type { CurvedKind } from "./curvature/directions.js";
export type { Eigenvalue } from "./curvature/lanczos.js";
export type { MethodName as CurvatureMethod } from "./curvature/methods.js";
export type { CurvatureProgress } from "./curvature/progress.js";
export type { Secant, SecantCurve, SecantPoint } from "./curvature/secant.js";
export type { Figure, Sharpness } from "./curvature/sharpness/index.js";
export type { Trace } from "./curvature/trace.js";
export type { Normalisation } from "./data/arrange.js";
export type { Dataset, SampleArray, SampleCount } from "./data/dataset.js";
export { type DataInspection, formatDataInspection, inspectData } from "./data/inspect.js";
export type { Split } from "./data/raw.js";
export type { Answer, Verdict } from "./doctor/check.js";
export { type DoctorOptions, doctor, type Examination, type Finding } from "./doctor/doctor.js";
export type { Agreement, LevelAgreement, MeasureAgreement } from "./ensemble/agreement.js";
export { type EnsembleOptions, type EnsembleResult, sweepEnsemble } from "./ensemble/ensemble.js";
export * from "./errors.js";
export { sha256 } from "./exact/digest.js";
export { exportDirections } from "./exchange/directions.js";
export { type ImportOptions, importSurface } from "./exchange/import.js";
export { type ExportParametersOptions, exportParameters } from "./exchange/parameters.js";
export { type ExportTrajectoryOptions, exportTrajectory } from "./exchange/trajectory.js";
export { writeRun } from "./exchange/write-run.js";
export { formatCsv, formatMeasures, formatPairs, type MeasuredSurface } from "./export/index.js";
export { prepareDirectory } from "./files/directory.js";
export { readInput } from "./files/read.js";
export { writeAll, writeWhole } from "./files/write.js";
export { hasRelaxedSimd } from "./kernels/module.js";
export { type Evaluation, evaluate, type SweepOptions, type SweepResult, sweep } from "./landscape.js";
export type { Barrier } from "./measure/barrier.js";
export { type Measure, type MeasureOptions, measureSurface, measures } from "./measure/index.js";
export type { Constant, Graph, GraphInput, NativeLayout, Parameter, ParameterKind } from "./network/graph.js";
export { initialize } from "./network/initialize.js";
export {
	formatInspection,
	type Inspection,
	type InspectOptions,
	inspect,
	type LayerRow,
	type TensorRow,
} from "./network/inspect.js";
export type { Network, Still } from "./network/network.js";
export type { GraphNode, OpName } from "./network/ops/index.js";
export type { NodeBuilder, Shape } from "./network/ops/op.js";
export type { State as Parameters } from "./network/parameters.js";
export { rescale } from "./network/rescale.js";
export type { ImageTask } from "./network/zoo/family.js";
export { type LabelledImages, modelByName, taskOf, withoutShortcuts } from "./network/zoo/index.js";
export type { Loss, LossNodes, LossSettings, Outputs } from "./objective/loss.js";
export type { LossName } from "./objective/losses/index.js";
export type { LossReference, OwnLoss } from "./objective/module.js";
export type { Role } from "./objective/role.js";
export type { AlignmentSettings } from "./options/align.js";
export type { CurvatureOptions } from "./options/curvature.js";
export type { DirectionFile, DirectionKind, NamedDirections, PlaneOptions } from "./options/plane/index.js";
export type { LearningOptions } from "./options/train.js";
export { probeNames } from "./probe/index.js";
export { QueueExecutor, type QueueOptions } from "./queue/executor.js";
export type { Identity as QueueIdentity } from "./queue/identity.js";
export type { SweepSign, WorkerSign } from "./queue/sign.js";
export { type QueueStatus, readQueue } from "./queue/status.js";
export { QueueWorker, type QueueWorkerOptions, type QueueWorkerReport } from "./queue/worker.js";
export type {
	CompareOptions,
	FigureOptions,
	NamedSurface,
	Picture,
	PictureFormat,
	PictureOptions,
	PreviewOptions,
	RenderOptions,
	ThemeName,
} from "./render/index.js";
export { compare, drawTopology, preview, render, renderEnsemble, renderTraining } from "./render/lazy.js";
export type { TrainingPictureOptions } from "./render/pictures/training.js";
export type { TopologyPictureOptions } from "./render/topology.js";
export { loadData } from "./resolve/data.js";
export type { ArrayData, SampleValues } from "./resolve/data-in-memory.js";
export { type Stillness, stillTensors } from "./resolve/moving.js";
export type { OtherNetwork, SweepRequest } from "./resolve/request.js";
export { type ResolvedTraining, resolveTraining, type TrainRequest } from "./resolve/training.js";
export { type AlignRequest, type AlignResult, align } from "./run/align.js";
export type { BarrierEstimate, Connection } from "./run/connection.js";
export { type CurvatureRequest, type CurvatureResult, type CurvatureStart, curvature } from "./run/curvature.js";
export type { FieldErrors } from "./run/errors.js";
export { type FunctionOptions, type FunctionResult, sweepFunction, type Values } from "./run/function.js";
export { type PairedDifference, type PairedDifferenceOptions, pairedDifference } from "./run/paired-difference.js";
export type { RunOptions, RunResult, SweepStart } from "./run/run.js";
export { affineSection, type Direction } from "./section/affine.js";
export type { Curve, CurveKind } from "./section/curve.js";
export type { AnySection, Section } from "./section/section.js";
export type { PlacedVector, StoredVector } from "./section/vector.js";
export type { EpochRecord, TrainingHistory } from "./store/history.js";
export { readRun, type StoredRun } from "./store/run.js";
export type { Snapshot, TrainingPlan, Trajectory } from "./store/snapshots.js";
export type { OptimizerState, ResumePoint as TrainState } from "./store/training-state.js";
export { readTrajectory } from "./store/trajectory.js";
export { surfaceDigest } from "./surface/digest.js";
export type { Field, FieldSpec } from "./surface/field.js";
export { type Axis, axisValues, gridPoints } from "./surface/grid.js";
export type { Notes, Provenance } from "./surface/provenance.js";
export { extrema, fieldNamed, type Surface } from "./surface/surface.js";
export {
	type Path,
	type PathPoint,
	type PrincipalFacts,
	surfaceLosses,
	type Trajectories,
} from "./surface/trajectory.js";
export type { Audit } from "./sweep/adaptive/audit.js";
export type { AdaptiveReport, Purpose as AdaptivePurpose, Round as AdaptiveRound } from "./sweep/adaptive/rounds.js";
export type { Batch, Executor, Job } from "./sweep/executor.js";
export { PoolExecutor, type PoolOptions } from "./sweep/pool.js";
export type { Problem } from "./sweep/problem.js";
export type { ShardProblem } from "./sweep/shards.js";
export type { Work } from "./sweep/work.js";
export {
	bottleneckDistance,
	type Diagram,
	diagramOf,
	largestDifference,
	type Neighbours,
	type PersistencePair,
	type SmadOptions,
	smad,
	type Topology,
	type TopologyOptions,
	topology,
} from "./topology/index.js";
export { evaluateNetwork, formatCheckpoint } from "./train/checkpoint.js";
export { type Optimizer, type OptimizerEntry, type OptimizerName, optimizers } from "./train/optimizers/index.js";
export type { TrainOptions } from "./train/options.js";
export type { TrainingCaption } from "./train/recipe.js";
export { type TrainProgress, train } from "./train/train.js";
export { runTraining, type TrainingOptions, type TrainingResult, type TrainingStart } from "./train/training.js";
export { version } from "./version.js";
