import { dirname, join } from "node:path";
import { withoutPasswords } from "../../check/queue-address.js";
import { OptionError, type SweepOptions, sweep } from "../../index.js";
import { pictureOptions } from "../../options/shared.js";
import { type SweepCommandOptions, sweepOptions } from "../../options/sweep.js";
import type { PictureOptions } from "../../render/index.js";
import { defineCommand } from "../command.js";
import { writePictures } from "../files.js";
import { interruptible } from "../interrupt.js";
import { withoutSkips } from "../no-skip.js";
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
	const { noSkip, quiet = false, json = false, queue, verify, threads, ...rest } = options;
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
		const sweepWith = (executor: Pick<SweepOptions, "executor" | "threads">) =>
			sweep({
				...plane,
				...executor,
				...(noSkip && { model: withoutSkips(plane.model) }),
				out: plane.out ?? usualDirectory,
				...reporter.callbacks,
				onStart(start) {
					if (animate !== undefined && start.surface.grid.axes.length === 1)
						throw new OptionError("animate", "expected a plane, got a line");
					reporter.callbacks.onStart(start);
				},
				signal,
				notes: { command: withoutPasswords(line) },
			});
		const result = await overQueue({ queue, verify, threads, tell: reporter.print }, sweepWith);
		reporter.stop();
		const pictures = await writePictures(result.surface, dirname(result.files[0] ?? ""), drawing);
		const files = [...result.files, ...pictures];
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
			if (start.missing > 0)
				progress = startProgress({ total: start.missing, unit: "points", quiet, settled: start.workers });
		},
		onBatch({ count }) {
			done += count;
			progress?.update(done);
		},
	};
	return {
		callbacks,
		/** A line beside the progress. */
		print(text: string) {
			if (progress !== undefined) progress.print(text);
			else if (!quiet) tell(text);
		},
		stop() {
			stages.stop();
			progress?.stop();
		},
	};
}
