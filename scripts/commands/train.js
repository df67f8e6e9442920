import { join } from "node:path";
import { writeWhole } from "../../dist/src/files.js";
import { evaluateNetwork, formatCheckpoint, loadData, modelByName, OptionError, train } from "../../dist/src/index.js";
import { choosePrecision } from "../../dist/src/model/backend.js";
import { modelNames } from "../../dist/src/model/zoo.js";
import { checkChoice, parsePositive, parseWhole, precisions } from "../../dist/src/options.js";
import { optimizerNames, optimizers } from "../../dist/src/train/optimizers/index.js";
import { newCommand, parse } from "./command.js";
import { duration, startProgress } from "./progress.js";

const command = newCommand("train", "Trains a network and writes its parameters as safetensors.")
	.option("--model <name>", `network: ${modelNames.join(", ")}`, "mnist-cnn")
	.option("--data <name|dir>", "data set: mnist, or a directory of IDX files", "mnist")
	.option("--samples <n|all>", "how many training samples", "all")
	.option("--optimizer <name>", `optimiser: ${optimizerNames.join(", ")}`, "adam")
	.option("--learning-rate <x>", "learning rate (default: 0.001 for adam, 0.01 for sgd)")
	.option("--batch-size <n>", "samples a step", "64")
	.option("--epochs <n>", "passes over the data", "3")
	.option("--seed <n>", "of initial parameters, sample order and dropout", "0")
	.option("--precision <mode>", "kernels: fast, exact (the stock ones), relaxed (fused multiply-add)", "fast")
	.option("--out <file>", "the file to write", join("runs", "trained.safetensors"))
	.option("--quiet", "print no progress");

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const flags = command.opts();
	const samples = flags.samples === "all" ? "all" : parseWhole("--samples", flags.samples, 1);
	const optimizer = checkChoice("--optimizer", flags.optimizer, optimizerNames);
	const options = {
		graph: modelByName(flags.model),
		loss: /** @type {const} */ ("softmax-cross-entropy"),
		optimizer,
		learningRate: flags.learningRate
			? parsePositive("--learning-rate", flags.learningRate)
			: optimizers[optimizer].learningRate,
		batchSize: parseWhole("--batch-size", flags.batchSize, 1),
		epochs: parseWhole("--epochs", flags.epochs, 1),
		seed: parseWhole("--seed", flags.seed, 0),
		precision: (await choosePrecision(checkChoice("--precision", flags.precision, precisions))).precision,
		data: await loadData(flags.data, "train", samples),
	};
	if (options.batchSize > options.data.samples)
		throw new OptionError("--batch-size", `expected at most ${options.data.samples}, got "${options.batchSize}"`);
	await trainAndStore(options, await loadData(flags.data, "test", "all"), flags.out, flags.quiet === true);
}

/**
 * @param {import("../../dist/src/index.js").TrainOptions} options
 * @param {import("../../dist/src/index.js").Dataset} test
 * @param {string} out
 * @param {boolean} quiet
 */
async function trainAndStore(options, test, out, quiet) {
	const started = performance.now();
	const perEpoch = Math.ceil(options.data.samples / options.batchSize);
	const progress = startProgress({ total: options.epochs * perEpoch, unit: "steps", quiet });
	let meanLoss = Number.NaN;
	for await (const { step, loss, epoch, parameters } of train(options)) {
		meanLoss = Number.isNaN(meanLoss) ? loss : 0.98 * meanLoss + 0.02 * loss;
		progress.update(step, `loss ${meanLoss.toFixed(4)}`);
		if (epoch === null) continue;
		const result = await evaluateNetwork(options, parameters, test);
		const accuracy = `${(100 * result.accuracy).toFixed(2)} %`;
		progress.print(
			`epoch ${epoch} of ${options.epochs}: test accuracy ${accuracy}, test loss ${result.loss.toFixed(4)}, ${duration((performance.now() - started) / 1000)}`,
		);
		await writeWhole(
			out,
			formatCheckpoint(options, parameters, {
				epochsDone: String(epoch),
				testAccuracy: String(result.accuracy),
				testLoss: String(result.loss),
			}),
		);
	}
	progress.stop();
	console.log(out);
}
