import { dirname, join } from "node:path";
import { withoutPasswords } from "../../check/queue-address.js";
import { type AdaptiveRound, OptionError, type SweepOptions, type SweepStart, sweep } from "../../index.js";
import { pictureOptions } from "../../options/shared.js";
import { type SweepCommandOptions, sweepOptions } from "../../options/sweep.js";
import type { PictureOptions } from "../../render/index.js";
import type { BatchResult } from "../../surface/index.js";
import type { LivePage } from "../../view/index.js";
import { defineCommand } from "../command.js";
import { ensembleJson, ensembleSummary, runEnsemble } from "../ensemble.js";
import { checkNoPictures, usualDirectory, VIEWER, writePictures, writeViewer } from "../files.js";
import { interruptible } from "../interrupt.js";
import { endingLive, LIVE_FILE, liveProgress, startLive, watchMachines } from "../live.js";
import { withoutSkips } from "../no-skip.js";
import { printPreview } from "../preview.js";
import { print, printJson, tell } from "../print.js";
import { startProgress, startStages } from "../progress.js";
import { overQueue } from "../queue.js";
import { announce, summary, toJson } from "../surface-report.js";

type Options = SweepCommandOptions & Omit<PictureOptions, "marks">;

export const sweepCommand = defineCommand<Options>({
	name: "sweep",
	summary: "Evaluates the loss landscape around a trained network and draws it.",
	options: sweepOptions,
	examples: [
		"--threads 16",
		"--norm none --x -25e6:25e6:11 --y -25e6:25e6:11",
		"--directions interpolate --to init:1 --split test --samples 1000",
		"--directions plane --to b.safetensors --to c.safetensors",
		"--ensemble 5 --confidence",
		"--model net.onnx --data data.npz --samples all",
	],
	notes: "The same command again goes on where it stopped.",
	run: ({ options, line }) => interruptible(interruption, (signal) => runSweep(options, line, signal)),
});

/** Two seconds in all are promised, of which ending the workers may take this long on a busy machine. */
const interruption = {
	message: "interrupted; what is finished is kept, and the same command goes on from there",
	limitMs: 1500,
};

async function runSweep(options: Options, line: string, signal: AbortSignal): Promise<void> {
	const {
		noSkip,
		noPictures = false,
		noViewer = false,
		noPreview = false,
		live,
		quiet = false,
		json = false,
		queue,
		verify,
		threads,
		ensemble,
		...rest
	} = options;
	const isDrawn = ([name]: readonly [string, unknown]) => Object.hasOwn(pictureOptions, name);
	const given = Object.entries(rest);
	const drawing: PictureOptions = Object.fromEntries(given.filter(isDrawn));
	const plane: SweepCommandOptions = Object.fromEntries(given.filter((entry) => !isDrawn(entry)));
	const { arrows, width, size, animate } = drawing;
	// Said before hours of work rather than after them.
	if (arrows && !["slope-x", "slope-y"].every((name) => plane.fields?.includes(name)))
		throw new OptionError("arrows", "expected --fields loss,slope-x,slope-y with it, they are drawn from those");
	if (width !== undefined && size !== undefined)
		throw new OptionError("size", "expected either --size or --width, got both");
	if ([animate].flat().includes("training") && plane.trajectory === undefined)
		throw new OptionError("animate", "training: expected --trajectory FILE with it, networks of a training");
	checkNoPictures(noPictures, drawing);
	const reporter = newReporter(quiet);
	const page = newLiveReporter(live, queue);
	try {
		if (ensemble !== undefined) {
			const { result, files } = await runEnsemble({
				sweep: {
					...plane,
					...(noSkip && { model: withoutSkips(plane.model) }),
					...{ ensemble, signal, out: plane.out ?? usualDirectory(), notes: { command: withoutPasswords(line) } },
					...reporter.callbacks,
				},
				...{ carriers: { queue, verify, threads }, drawing, noPictures, noViewer, live, tell: reporter.print },
			});
			if (json) printJson(ensembleJson(result, files));
			else print([...ensembleSummary(result), ...files].join("\n"));
			return;
		}
		const { result, files } = await page.ending(async () => {
			const sweepWith = (executor: Pick<SweepOptions, "executor" | "threads">) =>
				sweep({
					...plane,
					...executor,
					...(noSkip && { model: withoutSkips(plane.model) }),
					out: plane.out ?? usualDirectory(),
					// Over a queue these few points would be a sweep of their own.
					summaryErrors: queue === undefined,
					onProgress: reporter.callbacks.onProgress,
					async onStart(start) {
						if (animate !== undefined && start.surface.grid.axes.length === 1)
							throw new OptionError("animate", "expected a plane, got a line");
						await page.start(start);
						reporter.callbacks.onStart(start);
					},
					onRound(round, missing) {
						reporter.callbacks.onRound(round, missing);
						page.round(round, missing);
					},
					onBatch(batch, surface) {
						reporter.callbacks.onBatch(batch, surface);
						page.batch(batch);
					},
					signal,
					notes: { command: withoutPasswords(line) },
				});
			const told = (said: string) => {
				reporter.print(said);
				page.note(said);
			};
			const result = await overQueue({ queue, verify, threads, tell: told }, sweepWith);
			reporter.stop();
			const directory = dirname(result.files[0] ?? "");
			const pictures = noPictures ? [] : await writePictures(result.surface, directory, drawing);
			const viewer = noViewer ? [] : await writeViewer(result.surface, directory);
			return { result, files: [...result.files, ...pictures, ...viewer] };
		});
		if (!noPreview && !quiet && !json) await printPreview(result.surface, drawing);
		if (json) printJson(toJson(result, files));
		else print([...summary(result), ...files].join("\n"));
	} finally {
		reporter.stop();
	}
}

/** Of what a page says has happened, the last ones. */
const MOST_LINES = 20;

/** Shows the surface on a page while it fills, where one is asked for. */
function newLiveReporter(asked: boolean | number | undefined, queue: string | undefined) {
	let page: LivePage | undefined;
	let stopWatching: () => void = () => undefined;
	let lines: readonly string[] = [];
	let [done, total, note] = [0, 0, ""];
	let progress: ReturnType<typeof liveProgress> = () => undefined;
	return {
		async start(start: SweepStart) {
			const { surface, directory, points, missing, adaptive } = start;
			const { model } = surface.provenance.plan;
			page = await startLive(asked, `Sweep of ${model}`, directory === null ? undefined : join(directory, LIVE_FILE));
			lines = [...announce(start), ...lines];
			page?.say(lines);
			page?.show(model, surface);
			stopWatching = watchMachines(page, queue);
			done = points - missing;
			total = adaptive === null ? points : done;
			progress = liveProgress(page, "points", { ...workOf(start), total, from: done });
		},
		round({ purpose }: AdaptiveRound, missing: number) {
			total += missing;
			note = purpose;
			progress(done, note, total);
		},
		/** What happens on its way: a machine that comes or goes. */
		note(line: string) {
			lines = [...lines, line].slice(-MOST_LINES);
			page?.say(lines);
		},
		batch(batch: BatchResult) {
			page?.batch(batch);
			if (batch.interpolated) return;
			done += batch.count;
			progress(done, note);
		},
		ending: <T extends { readonly files: readonly string[] }>(work: () => Promise<T>) =>
			endingLive(
				() => page,
				work,
				({ files }) => doneWords(files),
			).finally(() => stopWatching()),
	};
}

function doneWords(files: readonly string[]): string {
	const saved = files.find((path) => path.endsWith(VIEWER));
	return saved === undefined ? "done" : `done; this page is saved as ${saved}`;
}

/** Says on standard error what is swept, and how far it has got. */
function newReporter(quiet: boolean) {
	let progress: ReturnType<typeof startProgress> | undefined;
	let [done, total, note] = [0, 0, ""];
	const stages = startStages(quiet);
	const stop = () => {
		stages.stop();
		progress?.stop();
		progress = undefined;
	};
	const callbacks: Required<Pick<SweepOptions, "onStart" | "onBatch" | "onRound" | "onProgress">> = {
		onProgress: stages.update,
		onStart(start) {
			// Of several sweeps each has its own.
			stop();
			[done, total, note] = [0, 0, ""];
			if (!quiet) for (const line of announce(start)) tell(line);
			// With confidence no point is finished before the last look.
			const isStaged = start.surface.provenance.plan.confidence !== undefined;
			if (start.missing > 0 && !isStaged) progress = startProgress({ ...workOf(start), unit: "points", quiet });
		},
		onRound({ purpose }, missing) {
			total += missing;
			note = purpose;
			progress?.expect(total);
		},
		onBatch({ count, interpolated = false }) {
			if (interpolated) return;
			done += count;
			progress?.update(done, note);
		},
	};
	return {
		callbacks,
		/** A line beside the progress. */
		print(text: string) {
			if (progress !== undefined) progress.print(text);
			else if (!quiet) tell(text);
		},
		stop,
	};
}

/** Points to do: those of the grid are counted, those apart from it, of which nothing is told, come last. Rows are shared at the end. */
function workOf({ surface, adaptive, missing, points, workers }: SweepStart) {
	const uncounted = surface.done.subarray(points).filter((mark) => mark === 0).length;
	const known = { slots: workers, uncounted, undivided: surface.grid.axes.length === 1 };
	// Of an adaptive sweep each round says how many points it has.
	return adaptive === null ? { ...known, total: missing } : { ...known, total: 0, isOpen: true };
}
