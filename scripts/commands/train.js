import { join } from "node:path";
import { checkChoice } from "../../dist/src/check/choice.js";
import { choosePrecision } from "../../dist/src/compute/backend.js";
import { writeWhole } from "../../dist/src/files/write.js";
import { loadData, modelByName, OptionError, renderTraining, runTraining } from "../../dist/src/index.js";
import { modelNames, taskOf, withoutShortcuts } from "../../dist/src/network/zoo/index.js";
import { parsePositive, parseWhole, precisions } from "../../dist/src/options/options.js";
import { dataNames } from "../../dist/src/resolve/data.js";
import { optimizerNames, optimizers } from "../../dist/src/train/optimizers/index.js";
import { scheduleNames } from "../../dist/src/train/schedule.js";
import { newCommand, parse } from "./command.js";
import { duration, startProgress } from "./progress.js";

const suited = (/** @type {"learningRate" | "weightDecay"} */ what) =>
	Object.entries(optimizers)
		.filter(([, entry]) => entry[what] > 0)
		.map(([name, entry]) => `${name} ${entry[what]}`)
		.join(", ");

const command = newCommand("train", "Trains a network and writes its parameters as safetensors.")
	.option("--model <name>", `network: ${modelNames.join(", ")}`, "mnist-cnn")
	.option("--no-skip", "train a resnet without its shortcuts: resnet-20 becomes resnet-20-noskip")
	.option("--data <name|dir>", `data set: ${dataNames.join(", ")}, or a directory of IDX files`, "mnist")
	.option("--samples <n|all>", "how many training samples", "all")
	.option("--optimizer <name>", `optimiser: ${optimizerNames.join(", ")}`, "adam")
	.option("--learning-rate <x>", `learning rate (default: ${suited("learningRate")})`)
	.option("--weight-decay <x>", `weight decay (default: ${suited("weightDecay")}, else 0)`)
	.option("--schedule <name>", `of the learning rate: ${scheduleNames.join(", ")}`, "constant")
	.option("--warm-up <n>", "steps over which the learning rate grows to the whole", "0")
	.option("--batch-size <n>", "samples a step", "64")
	.option("--epochs <n>", "passes over the data", "3")
	.option("--seed <n>", "of initial parameters, sample order and dropout", "0")
	.option("--precision <mode>", "kernels: fast, exact (the stock ones), relaxed (fused multiply-add)", "fast")
	.option("--threads <n>", "workers, up to 4 of use; the bytes are the same for any number", "1")
	.option("--snapshots <k>", "keep the network every K steps, in OUT.trajectory.msgpack")
	.option("--out <file>", "the file to write; the others stand beside it", join("runs", "trained.safetensors"))
	.option("--fresh", "start over, even if there is an unfinished training")
	.option("--quiet", "print no progress")
	.addHelpText(
		"after",
		`
Examples:
  node scripts/train.js --threads 4
  node scripts/train.js --model resnet-20 --optimizer momentum --learning-rate 0.1 --weight-decay 1e-4 --schedule step
  node scripts/train.js --model resnet-20 --no-skip --out runs/plain.safetensors
  node scripts/train.js --model mlp-256-128 --snapshots 50 --out runs/mlp.safetensors

The same command again goes on where it stopped.`,
	);

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const flags = command.opts();
	const options = await readFlags(flags);
	const interrupt = new AbortController();
	const onInterrupt = () => interrupt.abort();
	process.once("SIGINT", onInterrupt);
	process.once("SIGTERM", onInterrupt);
	const reporter = newReporter(options, flags.quiet === true);
	try {
		const { history, files, digest } = await runTraining({ ...options, ...reporter, signal: interrupt.signal });
		reporter.stop();
		const picture = options.out.replace(/(\.safetensors)?$/, "");
		const { svg, png } = await renderTraining(history, captions(options, digest));
		await writeWhole(`${picture}.svg`, svg);
		await writeWhole(`${picture}.png`, png);
		console.log(`digest    ${digest}`);
		for (const file of [...files, `${picture}.svg`, `${picture}.png`]) console.log(file);
	} finally {
		reporter.stop();
		process.off("SIGINT", onInterrupt);
		process.off("SIGTERM", onInterrupt);
	}
}

/**
 * The options of the library call that the flags stand for.
 *
 * @param {import("commander").OptionValues} flags
 */
async function readFlags(flags) {
	const optimizer = checkChoice("--optimizer", flags.optimizer, optimizerNames);
	const numbers = {
		learningRate:
			flags.learningRate === undefined
				? optimizers[optimizer].learningRate
				: parsePositive("--learning-rate", flags.learningRate),
		weightDecay: flags.weightDecay === undefined ? optimizers[optimizer].weightDecay : parseDecay(flags.weightDecay),
		schedule: checkChoice("--schedule", flags.schedule, scheduleNames),
		warmUp: parseWhole("--warm-up", flags.warmUp, 0),
		batchSize: parseWhole("--batch-size", flags.batchSize, 1),
		epochs: parseWhole("--epochs", flags.epochs, 1),
		seed: parseWhole("--seed", flags.seed, 0),
		threads: parseWhole("--threads", flags.threads, 1),
		...(flags.snapshots !== undefined && { snapshots: parseWhole("--snapshots", flags.snapshots, 1) }),
	};
	const samples = flags.samples === "all" ? "all" : parseWhole("--samples", flags.samples, 1);
	const precision = checkChoice("--precision", flags.precision, precisions);
	// Before any data is read: a misspelt name should not have to wait for it.
	const model = flags.skip ? flags.model : withoutShortcuts(flags.model);
	modelByName(model);
	const data = await loadData(flags.data, "train", samples);
	const test = await loadData(flags.data, "test", "all");
	if (numbers.batchSize > data.samples)
		throw new OptionError("--batch-size", `expected at most ${data.samples}, got "${numbers.batchSize}"`);
	const steps = numbers.epochs * Math.ceil(data.samples / numbers.batchSize);
	if (numbers.warmUp >= steps)
		throw new OptionError("--warm-up", `expected fewer than the ${steps} steps there are, got "${numbers.warmUp}"`);
	return {
		graph: modelByName(model, taskOf(data)),
		data,
		test,
		loss: /** @type {const} */ ("softmax-cross-entropy"),
		optimizer,
		...numbers,
		precision: (await choosePrecision(precision)).precision,
		out: /** @type {string} */ (flags.out),
		fresh: Boolean(flags.fresh),
	};
}

/** @typedef {Awaited<ReturnType<typeof readFlags>>} Options */

/** @param {string} text */
function parseDecay(text) {
	return /^0+(\.0*)?$/.test(text) ? 0 : parsePositive("--weight-decay", text);
}

/**
 * Says on standard error how the training goes.
 *
 * @param {Options} options
 * @param {boolean} quiet
 */
function newReporter({ graph, epochs, data, threads }, quiet) {
	/** @type {import("./progress.js").Progress | undefined} */
	let progress;
	let started = performance.now();
	let [meanLoss, meanAccuracy] = [Number.NaN, Number.NaN];
	/** A mean that forgets: of about the last fifty steps. */
	const blend = (/** @type {number} */ mean, /** @type {number} */ value) =>
		Number.isNaN(mean) ? value : 0.98 * mean + 0.02 * value;
	return {
		onStart(/** @type {{ step: number, steps: number }} */ { step, steps }) {
			started = performance.now();
			if (!quiet) {
				console.error(
					`${graph.name}, ${data.samples} samples of ${data.name}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
				);
				if (step > 0) console.error(`going on after step ${step} of ${steps}`);
			}
			progress = startProgress({ total: steps, from: step, unit: "steps", quiet });
		},
		onStep(/** @type {import("../../dist/src/index.js").TrainProgress} */ { step, loss, accuracy }) {
			meanLoss = blend(meanLoss, loss);
			meanAccuracy = blend(meanAccuracy, accuracy);
			progress?.update(step, `loss ${meanLoss.toFixed(4)}  accuracy ${(100 * meanAccuracy).toFixed(1)} %`);
		},
		onEpoch(/** @type {import("../../dist/src/index.js").EpochRecord} */ { epoch, testAccuracy, testLoss }) {
			const accuracy = `${(100 * testAccuracy).toFixed(2)} %`;
			const seconds = (performance.now() - started) / 1000;
			progress?.print(
				`epoch ${epoch} of ${epochs}: test accuracy ${accuracy}, test loss ${testLoss.toFixed(4)}, ${duration(seconds)}`,
			);
		},
		stop: () => progress?.stop(),
	};
}

/**
 * Title and foot of the picture.
 *
 * @param {Options} options
 * @param {string} digest
 */
function captions(options, digest) {
	const { graph, data, optimizer, learningRate, weightDecay, schedule, batchSize, seed, precision } = options;
	const facts = [
		`${data.samples} samples of ${data.name}`,
		`${optimizer}, learning rate ${learningRate}`,
		...(weightDecay > 0 ? [`weight decay ${weightDecay}`] : []),
		...(schedule === "constant" ? [] : [`${schedule} schedule`]),
		`batch size ${batchSize}`,
		`seed ${seed}`,
		precision,
		`parameters ${digest.slice(0, 8)}`,
	];
	return { title: `Training of ${graph.name}`, foot: facts.join(" · ") };
}
