import { SingleBar } from "cli-progress";
import { tell } from "./print.js";

/** Without a terminal a line is printed at most this often. */
const LINE_INTERVAL_MS = 5000;

/** How far something has got. */
export interface Progress {
	update(done: number, note?: string): void;
	/** Prints a line beside it. */
	print(line: string): void;
	stop(): void;
}

export interface ProgressOptions {
	readonly total: number;
	readonly unit: string;
	readonly quiet: boolean;
	/** What it is a part of, where there are several with bars of their own. */
	readonly stage?: string;
	/** How many were done before. */
	readonly from?: number;
	/**
	 * After how many updates the rate says something: as many as there are workers, say, which start together and hand in
	 * together, so that the first of them tells of the start more than of the work.
	 */
	readonly settled?: number;
}

/** Rate and time left in words; nothing is said of either before it would be true. */
type Describe = (done: number) => { readonly rate: string; readonly left: string };

/** Progress on standard error: a bar in a terminal, plain lines elsewhere, nothing when quiet. */
export function startProgress({ total, unit, quiet, stage = "", from = 0, settled = 1 }: ProgressOptions): Progress {
	if (quiet) return { update: () => undefined, print: () => undefined, stop: () => undefined };
	const started = performance.now();
	let updates = 0;
	const describe: Describe = (done) => {
		const seconds = (performance.now() - started) / 1000;
		if (done === from) return { rate: stage === "" ? "starting workers" : "", left: "" };
		if (updates < settled && done < total) return { rate: duration(seconds), left: "" };
		const rate = (done - from) / seconds;
		return { rate: `${rate.toPrecision(3)} ${unit}/s`, left: `${duration((total - done) / rate)} left` };
	};
	const progress = process.stderr.isTTY ? bar(total, unit, from, describe, stage) : lines(total, unit, describe, stage);
	return {
		...progress,
		update(done, note) {
			updates += 1;
			progress.update(done, note);
		},
	};
}

/** Progress of work in stages, which follow each other, each with a total of its own. */
export function startStages(quiet: boolean): {
	update(stage: Stage): void;
	stop(): void;
} {
	let current: { readonly name: string; readonly progress: Progress } | undefined;
	return {
		update({ stage, done, total, unit, note }) {
			if (current?.name !== stage) {
				current?.progress.stop();
				current = { name: stage, progress: startProgress({ total, unit, quiet, stage }) };
			}
			current.progress.update(done, note);
		},
		stop: () => current?.progress.stop(),
	};
}

/** How far a stage has got. */
export interface Stage {
	readonly stage: string;
	readonly done: number;
	readonly total: number;
	readonly unit: string;
	readonly note: string;
}

function bar(total: number, unit: string, from: number, describe: Describe, stage: string): Progress {
	const single = new SingleBar({
		format: `${stage === "" ? "" : `${stage}  `}{bar} {value}/{total} ${unit}  {rate}  {left}  {note}`,
		barCompleteChar: "█",
		barIncompleteChar: "░",
		barsize: 30,
		hideCursor: true,
		clearOnComplete: true,
		gracefulExit: false,
		stream: process.stderr,
	});
	const start = (done: number) => single.start(total, done, { ...describe(done), note: "" });
	start(from);
	let reached = from;
	return {
		update(done, note = "") {
			reached = done;
			single.update(done, { ...describe(done), note });
		},
		print(line) {
			single.stop();
			tell(line);
			start(reached);
		},
		stop: () => single.stop(),
	};
}

function lines(total: number, unit: string, describe: Describe, stage: string): Progress {
	let next = performance.now() + LINE_INTERVAL_MS;
	return {
		update(done, note = "") {
			if (performance.now() < next && done < total) return;
			next = performance.now() + LINE_INTERVAL_MS;
			const { rate, left } = describe(done);
			const said = [`${done}/${total} ${unit}`, rate, left, note].filter((part) => part !== "").join(", ");
			tell(stage === "" ? said : `${stage}: ${said}`);
		},
		print: tell,
		stop: () => undefined,
	};
}

/** Seconds as people say them: 41 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds: number): string {
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
