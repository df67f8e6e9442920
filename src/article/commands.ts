import { join } from "node:path";
import type { Axis } from "../index.js";
import type { CurveRecipe, Figure, SweepRecipe } from "./figure.js";
import { modelOf, type NetworkRecipe, networkName, snapshotsOf, type TrainedNetwork, trajectoryOf } from "./network.js";
import type { Setting } from "./setting.js";

/** How a figure is made again: by one command, and step by step. */
export function commandsOf(
	figure: Figure,
	setting: Setting,
	directory: string,
): { readonly command: string; readonly steps: readonly string[] } {
	const { sweeps, curves = {} } = figure.recipe(setting);
	const networks = [
		...Object.values(sweeps).flatMap(({ network, to, trainings = {} }) => [
			network,
			...(to === undefined ? [] : [to]),
			...Object.values(trainings),
		]),
		...Object.values(curves).flatMap(({ network, to }) => [network, to]),
	];
	const trainings = networks.flatMap((network) => networkCommands(network, directory));
	const quick = setting.name === "quick" ? " --quick" : "";
	const seed = setting.seed === 0 ? "" : ` --seed ${setting.seed}`;
	return {
		command: `node scripts/article.js${quick}${seed} --only ${figure.number} --out ${quoted(directory)}`,
		steps: [
			...new Set([
				...trainings,
				...Object.values(sweeps).map((sweep) => sweepCommand(sweep, directory)),
				...Object.values(curves).map((curve) => connectCommand(curve, directory)),
			]),
		],
	};
}

/** What makes a network; those that are not trained only the article's own command writes. */
function networkCommands(network: NetworkRecipe, directory: string): readonly string[] {
	switch (network.kind) {
		case "initial":
			return [`# ${networkName(network)}: fresh parameters of seed ${network.seed}, written by the command above`];
		case "rescaled":
			return [
				...networkCommands(network.of, directory),
				`# ${networkName(network)}: ${network.kernel} times ${network.factor}, written by the command above`,
			];
		case "trained":
			return [trainingCommand(network, directory)];
	}
}

function trainingCommand(network: TrainedNetwork, directory: string): string {
	const { model, samples, optimizer, learningRate, batchSize, epochs, seed } = network;
	return command("train", {
		model,
		samples,
		optimizer,
		"learning-rate": learningRate,
		"batch-size": batchSize,
		epochs,
		seed,
		snapshots: snapshotsOf(network),
		out: fileOf(network, directory),
	});
}

function connectCommand({ network, to, training, samples, points }: CurveRecipe, directory: string): string {
	const [from, end] = [network, to].map((each) => quoted(fileOf(each, directory)));
	const flags = { model: modelOf(network), ...training, "evaluation-samples": samples, points, "plane-steps": 0 };
	return command(`connect`, flags, [from ?? "", end ?? ""]);
}

function sweepCommand({ network, to, aligned, trainings, plane }: SweepRecipe, directory: string): string {
	const { split, samples, norm, seed, x, y, steps } = plane;
	const trajectories = Object.values(trainings ?? {}).map(
		(training) => `--trajectory ${quoted(trajectoryOf(fileOf(training, directory)))}`,
	);
	return command(
		"sweep",
		{
			model: modelOf(network),
			weights: fileOf(network, directory),
			directions: trainings === undefined ? to && "interpolate" : "pca",
			to: to && fileOf(to, directory),
			steps,
			split,
			samples,
			norm,
			seed,
			x: x && axisText(x),
			y: y && axisText(y),
		},
		[...(aligned ? ["--align"] : []), ...trajectories],
	);
}

/** @param rest what stands without a value, or comes several times */
function command(
	script: string,
	flags: Readonly<Record<string, string | number | null | undefined>>,
	rest: readonly string[] = [],
): string {
	const given = Object.entries(flags).filter(([, value]) => value !== undefined && value !== null);
	const words = given.map(([flag, value]) => `--${flag} ${quoted(String(value))}`);
	return [`node scripts/${script}.js`, ...words, ...rest].join(" ");
}

function fileOf(network: NetworkRecipe, directory: string): string {
	return join(directory, "networks", `${networkName(network)}.safetensors`);
}

function axisText({ min, max, steps }: Axis): string {
	return `${min}:${max}:${steps}`;
}

/** A word as a shell takes it, in quotes where it needs them. */
function quoted(word: string): string {
	return /^[\w./:=@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
