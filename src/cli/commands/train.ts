import { basename, dirname, join } from "node:path";
import {
	type EpochRecord,
	renderTraining,
	resolveTraining,
	runTraining,
	type TrainingOptions,
	type TrainingStart,
	type TrainProgress,
	writeAll,
} from "../../index.js";
import { type TrainCommandOptions, trainOptions } from "../../options/train.js";
import { defineCommand } from "../command.js";
import { duration } from "../duration.js";
import { figuresApart } from "../files.js";
import { interruptible } from "../interrupt.js";
import { withoutSkips } from "../no-skip.js";
import { print, tell } from "../print.js";
import { type Progress, startProgress } from "../progress.js";
import { formatValue } from "../surface-report.js";

export const trainCommand = defineCommand<TrainCommandOptions>({
	name: "train",
	summary: "Trains a network, from fresh parameters or its own, and writes its parameters as safetensors.",
	options: trainOptions,
	examples: [
		"--threads 4",
		"--model net.onnx --data data.npz --validation 0.1 --learning-rate 1e-4",
		"--model net.onnx --data data.npz --from-scratch --epochs 20",
		'--model net.keras --data data.npz --only "dense_2/*" --out runs/head.safetensors',
		"--model resnet-20 --optimizer momentum --learning-rate 0.1 --weight-decay 1e-4 --schedule step",
		"--model mlp-256-128 --snapshots 50 --out runs/mlp.safetensors",
	],
	notes: "The same command again goes on where it stopped.",
	run: ({ options }) => interruptible({}, (signal) => train(options, signal)),
});

async function train(given: TrainCommandOptions, signal: AbortSignal): Promise<void> {
	const { pictures, rest } = figuresApart(given);
	const { noSkip = false, threads = 1, snapshots, fresh = false, quiet = false, ...asked } = rest;
	const { out = join("runs", "trained.safetensors"), ...request } = asked;
	const { options, assumptions } = await resolveTraining({
		...request,
		...(noSkip && { model: withoutSkips(request.model) }),
	});
	const { callbacks, stop } = newReporter({ ...options, threads }, quiet ? undefined : assumptions);
	try {
		const { history, files, digest, caption } = await runTraining({
			...options,
			...callbacks,
			threads,
			out,
			fresh,
			...(snapshots !== undefined && { snapshots }),
			signal,
		});
		stop();
		const name = basename(out).replace(/(\.safetensors)?$/, "");
		const drawn = await writeAll(dirname(out), await renderTraining(history, { ...caption, ...pictures, name }));
		print([`digest    ${digest}`, ...files, ...drawn].join("\n"));
	} finally {
		stop();
	}
}

/** A mean that forgets: of about the last fifty steps. */
const blend = (mean: number, value: number) => (Number.isNaN(mean) ? value : 0.98 * mean + 0.02 * value);

/** Says on standard error how the training goes. */
function newReporter(
	{ graph, epochs, data, threads }: Pick<TrainingOptions, "graph" | "epochs" | "data"> & { readonly threads: number },
	assumptions: readonly string[] | undefined,
) {
	let progress: Progress | undefined;
	let started = performance.now();
	let [meanLoss, meanMetric] = [Number.NaN, Number.NaN];
	let metric: TrainingStart["metric"] = null;
	/** Loss and metric where there are any: "test accuracy 98.50 %". */
	const measured = (which: string, value: number | null) =>
		metric === null || value === null ? [] : [`${which}${metric.label} ${formatValue(value, metric.unit)}`];
	const callbacks = {
		onStart(start: TrainingStart) {
			const { step, steps } = start;
			({ metric } = start);
			started = performance.now();
			if (assumptions !== undefined) {
				const workers = `${threads} ${threads === 1 ? "thread" : "threads"}`;
				tell(`${graph.name}, ${data.samples} samples of ${data.name}, ${workers}`);
				for (const line of assumptions) tell(`assumed: ${line}`);
				if (step > 0) tell(`going on after step ${step} of ${steps}`);
			}
			progress = startProgress({
				total: steps,
				from: step,
				unit: "steps",
				quiet: assumptions === undefined,
			});
		},
		onStep({ step, loss, metric: value }: TrainProgress) {
			meanLoss = blend(meanLoss, loss);
			meanMetric = blend(meanMetric, value ?? Number.NaN);
			// Of other figures, as R², the mean over batches is none of all samples.
			const also = metric?.unit === "fraction" ? [`${metric.label} ${(100 * meanMetric).toFixed(1)} %`] : [];
			progress?.update(step, [`loss ${meanLoss.toFixed(4)}`, ...also].join("  "));
		},
		onEpoch({ epoch, trainLoss, trainMetric, testLoss, testMetric }: EpochRecord) {
			const figures =
				testLoss === null
					? [...measured("training ", trainMetric), `training loss ${trainLoss.toFixed(4)}`]
					: [...measured("test ", testMetric), `test loss ${testLoss.toFixed(4)}`];
			const seconds = (performance.now() - started) / 1000;
			progress?.print(`epoch ${epoch} of ${epochs}: ${[...figures, duration(seconds)].join(", ")}`);
		},
	};
	return { callbacks, stop: () => progress?.stop() };
}
