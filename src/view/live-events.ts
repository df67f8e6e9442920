import type { RunData } from "./page-data.js";

/** Everything that a live page shows at a moment: what a page that has just been opened, or has fallen behind, is told. */
export interface LiveState {
	readonly title: string;
	/** What is computed: said once, before it begins. */
	readonly lines: readonly string[];
	readonly run: RunData | null;
	readonly plots: readonly LivePlot[];
	/** Those that take part over a queue. */
	readonly machines: readonly LiveMachine[];
	readonly progress: LiveProgress | null;
	readonly ended: LiveEnd | null;
}

/** Quantities over the steps of a computation. */
export interface LivePlot {
	readonly name: string;
	readonly xLabel: string;
	readonly leftLabel: string;
	readonly rightLabel?: string;
	readonly series: readonly LiveSeries[];
}

export interface LiveSeries {
	readonly label: string;
	readonly side: "left" | "right";
	readonly dots?: boolean;
	/** Null where a value is not finite. */
	readonly points: readonly (readonly [x: number, y: number | null])[];
}

/** Who takes part in a computation, and how much of it. */
export interface LiveMachine {
	readonly name: string;
	readonly threads: number;
	readonly points: number;
	readonly pointsPerSecond: number;
	readonly failures: number;
}

export interface LiveProgress {
	readonly done: number;
	readonly total: number;
	readonly unit: string;
	/** Rate, time left and the like, in words. */
	readonly words: string;
}

export interface LiveEnd {
	readonly isDone: boolean;
	readonly words: string;
}

/** What a live page is told, by the names of its events. */
export interface LiveEvents {
	readonly state: LiveState;
	/** In place of those before. */
	readonly lines: LiveState["lines"];
	readonly run: RunData;
	/** In place of that of its name, or a further one. */
	readonly plot: LivePlot;
	/** Values of a run of points, as `BatchResult` has them; in base64. */
	readonly batch: {
		readonly first: number;
		readonly count: number;
		readonly values: string;
		readonly interpolated?: boolean;
	};
	readonly progress: LiveProgress;
	readonly machines: readonly LiveMachine[];
	/** Further points of a series. */
	readonly points: { readonly plot: string; readonly series: string; readonly points: LiveSeries["points"] };
	readonly end: LiveEnd;
}
