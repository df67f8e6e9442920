import { join } from "node:path";
import { checkChoice } from "../../dist/src/check/choice.js";
import { extrema, InterruptedError, sweep } from "../../dist/src/index.js";
import { modelNames, withoutShortcuts } from "../../dist/src/network/zoo/index.js";
import { losses, lossNamed } from "../../dist/src/objective/losses/index.js";
import { metricNamed, metrics } from "../../dist/src/objective/metrics/index.js";
import {
	batchNormModes,
	biasRules,
	defaults,
	directionKinds,
	parseAxis,
	parseNumbers,
	parseWhole,
	precisions,
	splits,
} from "../../dist/src/options/options.js";
import { probeNames } from "../../dist/src/probe/index.js";
import { colormapNames, scaleNames } from "../../dist/src/render/index.js";
import { dataNames } from "../../dist/src/resolve/data.js";
import { normalizationNames } from "../../dist/src/section/normalize.js";
import { newCommand, parse } from "./command.js";
import { writePictures } from "./pictures.js";
import { duration, startProgress } from "./progress.js";

const command = newCommand("sweep", "Evaluates the loss landscape around a trained network and draws it.")
	.option(
		"--model <name|file>",
		`network: ${modelNames.join(", ")}, or a file that holds one (.onnx, model.json)`,
		defaults.model,
	)
	.option("--no-skip", "take a resnet without its shortcuts: resnet-20 becomes resnet-20-noskip")
	.option(
		"--weights <file>",
		"parameters: .safetensors, .pt, .npz or .onnx (default: those that come with the network)",
	)
	.option(
		"--data <name|path>",
		`data: ${dataNames.join(", ")}, a directory of IDX files, a folder of images, or a .npz, .npy or .csv file`,
		defaults.data,
	)
	.option(
		"--mean <x,...>",
		"subtracted from the samples, one number or one a channel (default: none; of IDX files their own)",
	)
	.option("--std <x,...>", "the samples are divided by it, likewise")
	.option("--target <column>", "column of a .csv that is the target (default: the last)")
	.option("--loss <name>", `${Object.keys(losses).join(", ")} (default: what suits network and targets)`)
	.option("--fields <name,...>", `all that is measured at a point, in place of --metric: ${probeNames.join(", ")}`)
	.option("--metric <name>", `${Object.keys(metrics).join(", ")} (default: likewise)`)
	.option("--batch-norm <mode>", `statistics of batch normalisation: ${batchNormModes.join(", ")}`, defaults.batchNorm)
	.option("--split <name>", `which part of the data: ${splits.join(" or ")}`, defaults.split)
	.option(
		"--samples <n|all>",
		`how many samples, the same ones for everyone (default: ${defaults.samples}, or all where there are fewer)`,
	)
	.option("--directions <kind>", `what spans the plane: ${directionKinds.join(", ")}`, defaults.directions)
	.option(
		"--to <file|init:seed>",
		"the other network, in a file or fresh; once for interpolate, twice for plane",
		(/** @type {string} */ text, /** @type {string[]} */ before = []) => [...before, text],
	)
	.option("--norm <name>", `scaling of random directions: ${normalizationNames.join(", ")}`, defaults.norm)
	.option("--bias <rule>", `biases of random directions: ${biasRules.join(" or ")}`, defaults.bias)
	.option("--seed <n>", "of the random directions", String(defaults.seed))
	.option("--x <min:max:steps>", "first axis, α (default: -1:1:25; interpolate -0.5:1.5:41; plane -0.5:1.5:25)")
	.option("--y <min:max:steps|none>", "second axis, β (default: -1:1:25; interpolate none; plane -0.5:1.5:25)")
	.option(
		"--precision <mode>",
		"kernels: fast, exact (the stock ones), relaxed (fused multiply-add)",
		defaults.precision,
	)
	.option("--threads <n>", "workers (default: as many as the machine runs at once)")
	.option("--out <dir>", "where to write (default: runs/NAME-DIGEST8, digest of what is swept)")
	.option("--fresh", "start over, even if the directory holds an unfinished run")
	.option("--scale <name>", `colours and levels: ${scaleNames.join(", ")}`, "auto")
	.option("--colormap <name>", `colours: ${colormapNames.join(", ")}`, "viridis")
	.option("--quiet", "print no progress")
	.option("--json", "print one JSON object on standard output")
	.addHelpText(
		"after",
		`
Examples:
  node scripts/sweep.js --threads 16
  node scripts/sweep.js --norm none --x -25e6:25e6:11 --y -25e6:25e6:11
  node scripts/sweep.js --directions interpolate --to init:1 --split test --samples 1000
  node scripts/sweep.js --directions plane --to b.safetensors --to c.safetensors

The same command again goes on where it stopped.`,
	);

const INTERRUPTED = "interrupted; finished rows are kept, and the same command goes on from there";

/** How long an interrupted sweep may take to end its workers; two seconds in all are promised. */
const INTERRUPT_LIMIT_MS = 1500;

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const flags = command.opts();
	const options = readFlags(flags);
	const drawing = {
		scale: checkChoice("--scale", flags.scale, scaleNames),
		colormap: checkChoice("--colormap", flags.colormap, colormapNames),
	};
	const interrupt = new AbortController();
	const onInterrupt = () => {
		interrupt.abort();
		// Rows are on disk already; on a machine too busy to end the workers in time, the process ends without them.
		setTimeout(() => {
			console.error(INTERRUPTED);
			process.exit(130);
		}, INTERRUPT_LIMIT_MS).unref();
	};
	process.once("SIGINT", onInterrupt);
	process.once("SIGTERM", onInterrupt);
	const reporter = newReporter(flags.quiet === true);
	try {
		const result = await sweep({
			...options,
			...reporter,
			signal: interrupt.signal,
			notes: { command: commandLine(argv) },
		});
		const directory = join(result.files[0] ?? "", "..");
		const files = [...result.files, ...(await writePictures(result.surface, directory, drawing))];
		if (flags.json) console.log(JSON.stringify(toJson(result, files)));
		else print(result, files);
	} catch (error) {
		if (!(error instanceof InterruptedError)) throw error;
		throw new InterruptedError(INTERRUPTED);
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
 * @returns {import("../../dist/src/index.js").SweepOptions}
 */
function readFlags(flags) {
	const { weights, samples, to, x, y, threads, out, mean, std, target, loss, metric } = flags;
	return {
		model: flags.skip ? flags.model : withoutShortcuts(flags.model),
		...(weights !== undefined && { weights }),
		data: flags.data,
		...(mean !== undefined && { mean: parseNumbers("--mean", mean) }),
		...(std !== undefined && { std: parseNumbers("--std", std) }),
		...(target !== undefined && { target }),
		...(loss !== undefined && { loss: lossNamed(loss) }),
		...(metric !== undefined && { metric: metricNamed(metric) }),
		...(flags.fields !== undefined && { fields: flags.fields.split(",") }),
		batchNorm: checkChoice("--batch-norm", flags.batchNorm, batchNormModes),
		split: checkChoice("--split", flags.split, splits),
		...(samples !== undefined && { samples: samples === "all" ? samples : parseWhole("--samples", samples, 1) }),
		directions: checkChoice("--directions", flags.directions, directionKinds),
		...(to !== undefined && { to }),
		norm: checkChoice("--norm", flags.norm, normalizationNames),
		bias: checkChoice("--bias", flags.bias, biasRules),
		seed: parseWhole("--seed", flags.seed, 0),
		precision: checkChoice("--precision", flags.precision, precisions),
		...(x !== undefined && { x: parseAxis("--x", x) }),
		...(y !== undefined && { y: y === "none" ? null : parseAxis("--y", y) }),
		...(threads !== undefined && { threads: parseWhole("--threads", threads, 1) }),
		out:
			out ??
			((/** @type {string} */ name, /** @type {string} */ digest) =>
				join("runs", `${name.replaceAll(/[^\w.-]+/g, "-")}-${digest.slice(0, 8)}`)),
		fresh: Boolean(flags.fresh),
	};
}

/**
 * The command as it can be typed again.
 *
 * @param {string[]} argv
 */
function commandLine(argv) {
	return ["node", "scripts/sweep.js", ...argv.slice(2)].join(" ");
}

/**
 * Says on standard error what is swept, and how far it has got.
 *
 * @param {boolean} quiet
 */
function newReporter(quiet) {
	/** @type {import("./progress.js").Progress | undefined} */
	let progress;
	let done = 0;
	return {
		onStart(/** @type {import("../../dist/src/index.js").SweepStart} */ start) {
			if (!quiet) announce(start);
			if (start.missing > 0) progress = startProgress({ total: start.missing, unit: "points", quiet });
		},
		onBatch(/** @type {{ count: number }} */ { count }) {
			done += count;
			progress?.update(done);
		},
		stop: () => progress?.stop(),
	};
}

/** @param {import("../../dist/src/index.js").SweepStart} start */
function announce({
	surface,
	assumptions,
	parameters,
	samples,
	data,
	cosine,
	directory,
	missing,
	points,
	threads,
	tornBytes,
}) {
	const { model } = surface.provenance.plan;
	console.error(
		`${model}, ${parameters.toLocaleString("en")} parameters, ${samples} samples of ${data}, ${threads} threads`,
	);
	for (const assumption of assumptions) console.error(`assumed: ${assumption}`);
	if (cosine !== null) console.error(`cosine between the directions: ${cosine.toFixed(6)}`);
	if (tornBytes > 0) console.error(`dropped ${tornBytes} bytes of an unfinished record`);
	if (missing === 0) console.error(`${directory}: all ${points} points are there; drawing`);
	else if (missing < points) console.error(`${directory}: going on, ${missing} of ${points} points to do`);
}

/** @typedef {import("../../dist/src/index.js").SweepResult} SweepResult */

/**
 * @param {SweepResult} result
 * @param {string[]} files
 */
function print(result, files) {
	const { surface, origin, barrier, computed, elapsedSeconds, digest, threads } = result;
	const { fields } = surface;
	const short = (/** @type {number} */ value) => String(Number(value.toPrecision(6)));
	const width = Math.max(...fields.map(({ name }) => name.length));
	for (const { name, unit } of fields) {
		const format = (/** @type {number} */ value) =>
			unit === "fraction" ? `${(100 * value).toFixed(2)} %` : short(value);
		const found = extrema(surface, name);
		const at = (/** @type {{ value: number, alpha: number, beta: number }} */ { value, alpha, beta }) =>
			`${format(value)} at (${short(alpha)}, ${short(beta)})`;
		const line = found && `origin ${format(origin[name] ?? Number.NaN)}   min ${at(found.min)}   max ${at(found.max)}`;
		console.log(`${name.padEnd(width)}  ${line ?? "no finite value"}`);
	}
	if (barrier !== null)
		console.log(`${"barrier".padEnd(width)}  ${short(barrier.height)} at α = ${short(barrier.alpha)}`);
	const points = surface.done.length - surface.extras.length;
	const nonFinite = fields[0]?.values.subarray(0, points).filter((value) => !Number.isFinite(value)).length ?? 0;
	if (nonFinite > 0) console.log(`not finite: loss at ${nonFinite} of ${points} points`);
	if (computed > 0)
		console.log(
			`${computed} points in ${duration(elapsedSeconds)}, ${(computed / elapsedSeconds).toFixed(2)} points/s, ${threads} threads`,
		);
	const { precision } = surface.provenance.plan;
	console.log(
		`digest    ${digest}${precision === "relaxed" ? " (relaxed: of machines that fuse multiply-add alike)" : ""}`,
	);
	for (const file of files) console.log(file);
}

/**
 * Values that are not finite have no place in JSON and become null.
 *
 * @param {SweepResult} result
 * @param {string[]} files
 */
function toJson(result, files) {
	const { digest, planDigest, surface, threads, elapsedSeconds, parameters, samples, origin, barrier } = result;
	const range = (/** @type {string} */ name) => {
		const found = extrema(surface, name);
		return { origin: origin[name], min: found?.min.value ?? null, max: found?.max.value ?? null };
	};
	return {
		digest,
		plan: planDigest,
		points: surface.done.length - surface.extras.length,
		threads,
		elapsedSeconds,
		parameters,
		samples,
		...Object.fromEntries(surface.fields.map(({ name }) => [name, range(name)])),
		barrier,
		assumptions: result.assumptions,
		files,
	};
}
