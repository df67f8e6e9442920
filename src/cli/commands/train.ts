import { join } from "node:path";
import {
	choosePrecision,
	type EpochRecord,
	loadData,
	modelByName,
	OptionError,
	optimizers,
	renderTraining,
	runTraining,
	type TrainingOptions,
	type TrainProgress,
	taskOf,
	withoutShortcuts,
	writeWhole,
} from "../../index.js";
import { type TrainCommandOptions, trainOptions } from "../../options/train.js";
import { defineCommand } from "../command.js";
import { interruptible } from "../interrupt.js";
import { print, tell } from "../print.js";
import { duration, type Progress, startProgress } from "../progress.js";

export const trainCommand = defineCommand<TrainCommandOptions>({
	name: "train",
	summary: "Trains a network and writes its parameters as safetensors.",
	options: trainOptions,
	examples: [
		"--threads 4",
		"--model resnet-20 --optimizer momentum --learning-rate 0.1 --weight-decay 1e-4 --schedule step",
		"--model resnet-20 --no-skip --out runs/plain.safetensors",
		"--model mlp-256-128 --snapshots 50 --out runs/mlp.safetensors",
	],
	notes: "The same command again goes on where it stopped.",
	run: ({ options }) => interruptible({}, (signal) => train(options, signal)),
});

async function train(given: TrainCommandOptions, signal: AbortSignal): Promise<void> {
	const options = await trainingOptions(given);
	const { callbacks, stop } = newReporter(options, given.quiet ?? false);
	try {
		const { history, files, digest, caption } = await runTraining({ ...options, ...callbacks, signal });
		stop();
		const picture = options.out.replace(/(\.safetensors)?$/, "");
		const { svg, png } = await renderTraining(history, caption);
		await writeWhole(`${picture}.svg`, svg);
		await writeWhole(`${picture}.png`, png);
		print([`digest    ${digest}`, ...files, `${picture}.svg`, `${picture}.png`].join("\n"));
	} finally {
		stop();
	}
}

/** The options of the library call, with all that is left to say. */
async function trainingOptions(given: TrainCommandOptions): Promise<TrainingOptions & { readonly threads: number }> {
	const {
		optimizer = "adam",
		batchSize = 64,
		epochs = 3,
		seed = 0,
		threads = 1,
		warmUp = 0,
		schedule = "constant",
	} = given;
	const { learningRate = optimizers[optimizer].learningRate, weightDecay = optimizers[optimizer].weightDecay } = given;
	const named = given.model ?? "mnist-cnn";
	// Before any data is read: a misspelt name should not have to wait for it.
	const model = given.noSkip ? withoutShortcuts(named) : named;
	modelByName(model);
	const source = given.data ?? "mnist";
	const data = await loadData(source, "train", given.samples ?? "all");
	const test = await loadData(source, "test", "all");
	if (batchSize > data.samples)
		throw new OptionError("batchSize", `expected at most ${data.samples}, got "${batchSize}"`);
	const steps = epochs * Math.ceil(data.samples / batchSize);
	if (warmUp >= steps)
		throw new OptionError("warmUp", `expected fewer than the ${steps} steps there are, got "${warmUp}"`);
	const { precision } = await choosePrecision(given.precision ?? "fast");
	return {
		graph: modelByName(model, taskOf(data)),
		data,
		test,
		loss: "softmax-cross-entropy",
		optimizer,
		learningRate,
		weightDecay,
		schedule,
		warmUp,
		batchSize,
		epochs,
		seed,
		threads,
		...(given.snapshots !== undefined && { snapshots: given.snapshots }),
		precision,
		out: given.out ?? join("runs", "trained.safetensors"),
		fresh: given.fresh ?? false,
	};
}

/** A mean that forgets: of about the last fifty steps. */
const blend = (mean: number, value: number) => (Number.isNaN(mean) ? value : 0.98 * mean + 0.02 * value);

/** Says on standard error how the training goes. */
function newReporter({ graph, epochs, data, threads }: Awaited<ReturnType<typeof trainingOptions>>, quiet: boolean) {
	let progress: Progress | undefined;
	let started = performance.now();
	let [meanLoss, meanAccuracy] = [Number.NaN, Number.NaN];
	const callbacks = {
		onStart({ step, steps }: { readonly step: number; readonly steps: number }) {
			started = performance.now();
			if (!quiet) {
				const workers = `${threads} ${threads === 1 ? "thread" : "threads"}`;
				tell(`${graph.name}, ${data.samples} samples of ${data.name}, ${workers}`);
				if (step > 0) tell(`going on after step ${step} of ${steps}`);
			}
			progress = startProgress({ total: steps, from: step, unit: "steps", quiet, settled: 3 });
		},
		onStep({ step, loss, accuracy }: TrainProgress) {
			meanLoss = blend(meanLoss, loss);
			meanAccuracy = blend(meanAccuracy, accuracy);
			progress?.update(step, `loss ${meanLoss.toFixed(4)}  accuracy ${(100 * meanAccuracy).toFixed(1)} %`);
		},
		onEpoch({ epoch, testAccuracy, testLoss }: EpochRecord) {
			const accuracy = `${(100 * testAccuracy).toFixed(2)} %`;
			const seconds = (performance.now() - started) / 1000;
			progress?.print(
				`epoch ${epoch} of ${epochs}: test accuracy ${accuracy}, test loss ${testLoss.toFixed(4)}, ${duration(seconds)}`,
			);
		},
	};
	return { callbacks, stop: () => progress?.stop() };
}
