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
import type { LivePage } from "../../view/index.js";
import { defineCommand } from "../command.js";
import { duration } from "../duration.js";
import { figuresApart } from "../files.js";
import { interruptible } from "../interrupt.js";
import { endingLive, liveProgress, startLive } from "../live.js";
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
	const { noSkip = false, threads = 1, snapshots, fresh = false, quiet = false, live, ...asked } = rest;
	const { out = join("runs", "trained.safetensors"), ...request } = asked;
	const { options, assumptions } = await resolveTraining({
		...request,
		...(noSkip && { model: withoutSkips(request.model) }),
	});
	const { callbacks, stop } = newReporter({ ...options, threads }, quiet ? undefined : assumptions);
	const page = newLiveReporter(live, options.graph.name, `${out}.live.json`);
	try {
		const { history, files, digest, caption } = await page.ending(() =>
			runTraining({
				...options,
				async onStart(start) {
					callbacks.onStart(start);
					await page.start(start);
				},
				onStep(step) {
					callbacks.onStep(step);
					page.step(step);
				},
				onEpoch(epoch) {
					callbacks.onEpoch(epoch);
					page.epoch(epoch);
				},
				threads,
				out,
				fresh,
				...(snapshots !== undefined && { snapshots }),
				signal,
			}),
		);
		stop();
		const name = basename(out).replace(/(\.safetensors)?$/, "");
		const drawn = await writeAll(dirname(out), await renderTraining(history, { ...caption, ...pictures, name }));
		print([`digest    ${digest}`, ...files, ...drawn].join("\n"));
	} finally {
		stop();
	}
}

/** A training is shown as so many means at most, which a page tells apart. */
const MOST_STRETCHES = 400;

/** Draws the training's curves on a page while they grow, where one is asked for. */
function newLiveReporter(asked: boolean | number | undefined, model: string, keep: string) {
	const PLOT = "Training";
	let page: LivePage | undefined;
	let metric: TrainingStart["metric"] = null;
	let progress: ReturnType<typeof liveProgress> = () => undefined;
	let stretch = 1;
	let sum = 0;
	let count = 0;
	const told = (label: string, step: number, value: number | null) => {
		if (value !== null) page?.points(PLOT, label, [[step, Number.isFinite(value) ? value : null]]);
	};
	const shown = (value: number | null) => (value !== null && metric?.unit === "fraction" ? 100 * value : value);
	return {
		async start(start: TrainingStart) {
			page = await startLive(asked, `Training of ${model}`, keep);
			({ metric } = start);
			stretch = Math.max(1, Math.ceil(start.steps / MOST_STRETCHES));
			progress = liveProgress(page, "steps", { total: start.steps, from: start.step });
			const named = metric === null ? [] : [metric.unit === "fraction" ? `${metric.label} (%)` : metric.label];
			page?.plot({
				...{ name: PLOT, xLabel: "steps", leftLabel: "loss" },
				...(named[0] !== undefined && { rightLabel: named[0] }),
				series: [
					{ label: "training loss", side: "left", points: [] },
					{ label: "loss after an epoch", side: "left", dots: true, points: [] },
					...named.map((label) => ({ label, side: "right", dots: true, points: [] }) as const),
				],
			});
		},
		step({ step, loss }: TrainProgress) {
			sum += loss;
			count += 1;
			progress(step);
			if (count < stretch) return;
			told("training loss", step, sum / count);
			[sum, count] = [0, 0];
		},
		epoch({ step, trainLoss, trainMetric, testLoss, testMetric }: EpochRecord) {
			told("loss after an epoch", step, testLoss ?? trainLoss);
			if (metric !== null)
				told(metric.unit === "fraction" ? `${metric.label} (%)` : metric.label, step, shown(testMetric ?? trainMetric));
		},
		ending: <T extends { readonly files: readonly string[] }>(work: () => Promise<T>) =>
			endingLive(
				() => page,
				work,
				({ files }) => `done; ${files.join(", ")}`,
			),
	};
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
