import {
	type ConnectResult,
	type ConnectStart,
	connect,
	type EpochRecord,
	type LineSummary,
	OptionError,
	type TrainProgress,
} from "../../index.js";
import { type ConnectCommandOptions, connectCommandOptions } from "../../options/connect.js";
import { defineCommand } from "../command.js";
import { figuresApart, usualDirectory } from "../files.js";
import { interruptible } from "../interrupt.js";
import { print, printJson, tell } from "../print.js";
import { startStages } from "../progress.js";
import { overQueue } from "../queue.js";
import { estimated, formatValue, short, verdicts } from "../surface-report.js";
import { table } from "../table.js";

export const connectCommand = defineCommand<ConnectCommandOptions>({
	name: "connect",
	summary: "Trains a curve of low loss between two networks, and measures it beside the straight line.",
	argument: {
		placeholder: "<networks...>",
		help: "two: files of networks or weights, or init:SEED for fresh parameters",
	},
	options: connectCommandOptions,
	examples: [
		"runs/a.safetensors runs/b.safetensors",
		"a.onnx b.onnx --data data.npz --test-data test.npz --epochs 20",
		"runs/a.safetensors runs/b.safetensors --model resnet-20 --curve polygonal --bends 3 --plane-steps 0",
	],
	notes:
		"Statistics of batch normalisation are interpolated, and measured anew at each place: both are shown. The same command again goes on where it stopped.",
	run: ({ options, args }) => interruptible({}, (signal) => run(options, args, signal)),
});

async function run(
	{ quiet = false, json = false, queue, verify, ...options }: ConnectCommandOptions,
	args: readonly string[],
	signal: AbortSignal,
): Promise<void> {
	const [from, to] = args;
	if (from === undefined || to === undefined || args.length > 2)
		throw new OptionError("connect", `expected two networks, got ${args.length === 1 ? "one" : args.length}`);
	const stages = startStages(quiet);
	const { pictures, rest } = figuresApart(options);
	const { threads } = options;
	const result = await overQueue({ queue, verify, threads, tell: quiet ? () => undefined : tell }, ({ executor }) =>
		connect({
			...rest,
			...(executor !== undefined && { executor }),
			...{ from, to, pictures, signal },
			out: options.out ?? usualDirectory("connect-"),
			...(!quiet && {
				onStart: (start: ConnectStart) => tell(announced(start).join("\n")),
				onEpoch: ({ epoch, trainLoss }: EpochRecord) =>
					tell(`epoch ${epoch}: mean loss ${trainLoss.toPrecision(4)} over the curve`),
			}),
			onStep: ({ step, steps, loss }: TrainProgress) =>
				stages.update({
					stage: "training",
					done: step,
					total: steps,
					unit: "steps",
					note: `loss ${loss.toPrecision(3)}`,
				}),
			onPoints: (done, total) => stages.update({ stage: `measuring ${total}`, done, total, unit: "points", note: "" }),
		}),
	).finally(stages.stop);
	if (json) printJson(toJson(result));
	else print([...summary(result), ...result.files].join("\n"));
}

function announced({ model, parameters, samples, data, labels, assumptions, step, steps }: ConnectStart): string[] {
	return [
		`${model}, ${parameters.toLocaleString("en")} parameters, ${samples} samples of ${data}`,
		`from ${labels[0]} to ${labels[1]}`,
		...assumptions.map((line) => `assumed: ${line}`),
		...(step > 0 ? [`going on after step ${step} of ${steps}`] : []),
	];
}

/** Of lengths and places. */
const DIGITS = 5;

function summary({ summaries, lines, chord, length, digest }: ConnectResult): string[] {
	return [
		...rowsOf(summaries),
		`length    ${short(length, DIGITS)} along the curve, ${short(chord, DIGITS)} straight`,
		...lines
			.filter(({ way, connection }) => way === "line" && connection?.verdict)
			.map(({ part, rule, connection }) => {
				const { verdict } = connection ?? {};
				return `${part}${ruleWords(rule)}: ${verdict ? verdicts[verdict] : ""}`;
			}),
		`digest    ${digest}`,
	];
}

const ruleWords = (rule: LineSummary["rule"]) =>
	rule === null ? "" : rule === "running" ? ", batch norm interpolated" : ", batch norm re-estimated";

/** A row for every field along each way. */
function rowsOf(summaries: readonly LineSummary[]): string[] {
	const header = ["", "ends", "min", "max", "mean", "by length", "barrier"];
	const rows = summaries.map((each) => {
		const isShare = each.unit === "fraction";
		const value = (number: number) => formatValue(number, each.unit);
		const { barrier } = each;
		return [
			`${each.field}, ${each.part}, ${each.way}${ruleWords(each.rule)}`,
			`${value(each.start)}, ${value(each.end)}`,
			...[each.min, each.max, each.mean, each.lengthMean].map(value),
			barrier === null
				? "-"
				: `${estimated(barrier, isShare ? 100 : 1)}${isShare ? " %" : ""} at ${short(barrier.alpha, DIGITS)}`,
		];
	});
	return table([header, ...rows]);
}

function toJson(result: ConnectResult): object {
	const { curve, labels, summaries, lines, chord, length, digest, assumptions, files } = result;
	return {
		...{ digest, labels, curve: curve.kind, bends: curve.networks.length - 2, chord, length, summaries },
		connections: lines.map(({ way, part, rule, connection }) => ({ way, part, rule, ...connection })),
		...{ assumptions, files },
	};
}
