import { dirname, join } from "node:path";
import { OptionError, type SweepOptions, type SweepStart, sweep } from "../../index.js";
import { pictureOptions } from "../../options/shared.js";
import { type SweepCommandOptions, sweepOptions } from "../../options/sweep.js";
import type { PictureOptions } from "../../render/index.js";
import { defineCommand } from "../command.js";
import { writePictures } from "../files.js";
import { interruptible } from "../interrupt.js";
import { withoutSkips } from "../no-skip.js";
import { printPreview } from "../preview.js";
import { print, printJson, tell } from "../print.js";
import { startProgress, startStages } from "../progress.js";
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
	const { noSkip, noPreview = false, quiet = false, json = false, ...rest } = options;
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
	const reporter = newReporter(quiet);
	try {
		const result = await sweep({
			...plane,
			...(noSkip && { model: withoutSkips(plane.model) }),
			out: plane.out ?? usualDirectory,
			...reporter.callbacks,
			onStart(start) {
				if (animate !== undefined && start.surface.grid.axes.length === 1)
					throw new OptionError("animate", "expected a plane, got a line");
				reporter.callbacks.onStart(start);
			},
			signal,
			notes: { command: line },
		});
		reporter.stop();
		const pictures = await writePictures(result.surface, dirname(result.files[0] ?? ""), drawing);
		const files = [...result.files, ...pictures];
		if (!noPreview && !quiet && !json) await printPreview(result.surface, drawing);
		if (json) printJson(toJson(result, files));
		else print([...summary(result), ...files].join("\n"));
	} finally {
		reporter.stop();
	}
}

/** `runs/NAME-DIGEST8`, where a name may be a path. */
function usualDirectory(name: string, digest: string): string {
	return join("runs", `${name.replaceAll(/[^\w.-]+/g, "-")}-${digest.slice(0, 8)}`);
}

/** Says on standard error what is swept, and how far it has got. */
function newReporter(quiet: boolean) {
	let progress: ReturnType<typeof startProgress> | undefined;
	let done = 0;
	const stages = startStages(quiet);
	const callbacks: Required<Pick<SweepOptions, "onStart" | "onBatch" | "onProgress">> = {
		onProgress: stages.update,
		onStart(start) {
			stages.stop();
			if (!quiet) for (const line of announce(start)) tell(line);
			if (start.missing > 0) progress = startProgress({ ...workOf(start), unit: "points", quiet });
		},
		onBatch({ count }) {
			done += count;
			progress?.update(done);
		},
	};
	return {
		callbacks,
		stop() {
			stages.stop();
			progress?.stop();
		},
	};
}

/** Points to do: those of the grid are counted, those apart from it, of which nothing is told, come last. Rows are shared at the end. */
function workOf({ surface, missing, points, workers }: SweepStart) {
	const uncounted = surface.done.subarray(points).filter((mark) => mark === 0).length;
	return { total: missing, slots: workers, uncounted, undivided: surface.grid.axes.length === 1 };
}
