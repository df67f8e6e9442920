import type { FigureOptions } from "../render/options.js";
import type { Curve } from "../section/curve.js";
import type { EpochRecord, TrainingHistory } from "../store/history.js";
import type { Surface } from "../surface/surface.js";
import type { Executor } from "../sweep/executor.js";
import type { Problem } from "../sweep/problem.js";
import type { TrainProgress } from "../train/train.js";
import type { TrainingStart } from "../train/training.js";
import type { ConnectRequest } from "./request.js";
import type { LineSummary, MeasuredLine } from "./table.js";

/** What to connect, what to keep of it, and whom to tell. */
export interface ConnectCall extends ConnectRequest {
	/** As many as the machine runs at once where nothing is said; no bit depends on it. */
	readonly threads?: number;
	/** What measures, in place of threads: the workers of a queue, say. Whoever has opened it closes it. The curve is trained by threads. */
	readonly executor?: Executor<Problem>;
	/** The directory to write to, or what makes it from a name for the network and the digest of what is trained. */
	readonly out?: string | ((name: string, digest: string) => string);
	/** Start over, whatever the directory holds. */
	readonly fresh?: boolean;
	/** How pictures look, and the files they become. */
	readonly pictures?: FigureOptions;
	readonly signal?: AbortSignal;
	readonly onStart?: (start: ConnectStart) => void;
	/** Told after each step of the training. */
	readonly onStep?: (progress: TrainProgress) => void;
	readonly onEpoch?: (record: EpochRecord) => void;
	/** Told of points as they are measured, of how many. */
	readonly onPoints?: (done: number, total: number) => void;
}

/** What there is to do, before it is begun. */
export interface ConnectStart extends TrainingStart {
	readonly model: string;
	readonly parameters: number;
	readonly samples: number;
	readonly data: string;
	readonly labels: readonly [string, string];
	readonly assumptions: readonly string[];
	readonly directory: string | null;
}

export interface ConnectResult {
	readonly curve: Curve;
	/** How people call its ends. */
	readonly labels: readonly [string, string];
	readonly history: TrainingHistory;
	/** Curve and straight line, on each part of the data, by each rule for batch normalisation. */
	readonly lines: readonly MeasuredLine[];
	/** The same in numbers. */
	readonly summaries: readonly LineSummary[];
	/** The straight line's length, and the curve's. */
	readonly chord: number;
	readonly length: number;
	/** The plane through both ends and the bends, with both ways on it; null where none is asked for, or the bends are on the line. */
	readonly plane: Surface | null;
	/** SHA-256 over the bends and all values: the same on every machine, with any number of threads. */
	readonly digest: string;
	readonly assumptions: readonly string[];
	readonly files: readonly string[];
}
