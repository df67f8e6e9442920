import { join } from "node:path";
import { type AverageResult, average, OptionError } from "../../index.js";
import { type AverageCommandOptions, averageCommandOptions } from "../../options/average.js";
import { defineCommand } from "../command.js";
import { interruptible } from "../interrupt.js";
import { print, printJson, tell } from "../print.js";
import { formatValue } from "../surface-report.js";
import { table } from "../table.js";

export const averageCommand = defineCommand<AverageCommandOptions>({
	name: "average",
	summary: "Writes the mean of several networks: a soup, a greedy one, or the last networks of a training (SWA).",
	argument: { placeholder: "<networks...>", help: "files of networks or weights, patterns of them, trajectories" },
	options: averageCommandOptions,
	examples: [
		"runs/a.safetensors runs/b.safetensors runs/c.safetensors",
		"'ckpt/*.pt' --model net.onnx --data train.npz --test-data test.npz --last 10",
		"runs/*.safetensors --greedy --validation 0.1 --out runs/soup.safetensors",
	],
	notes: "Statistics of batch normalisation are measured anew on training samples: those of a mean are no mean.",
	run: ({ options, args }) => interruptible({}, (signal) => run(options, args, signal)),
});

async function run(
	{ quiet = false, json = false, out = join("runs", "average.safetensors"), ...options }: AverageCommandOptions,
	networks: readonly string[],
	signal: AbortSignal,
): Promise<void> {
	if (networks.length === 0) throw new OptionError("average", "expected networks, got none");
	const result = await average({
		...options,
		...{ networks, out, signal },
		...(!quiet && { onNetwork: (name: string, loss: number) => tell(`${name}: loss ${loss.toPrecision(6)}`) }),
	});
	if (!quiet) for (const line of result.assumptions) tell(`assumed: ${line}`);
	if (json) {
		const { state: _, ...rest } = result;
		printJson(rest);
	} else print([...summary(result), ...result.files].join("\n"));
}

function summary({ ingredients, loss, standardError, metric, rise, digest }: AverageResult): string[] {
	const error = (value: number | null) => (value === null ? "" : ` ± ${value.toPrecision(2)}`);
	const share = (value: number | null) => (value === null ? "" : formatValue(value, "fraction"));
	const rows = [
		["", "loss", "metric", ""],
		...ingredients.map((each) => [
			each.name,
			each.loss.toPrecision(6),
			share(each.metric),
			each.kept ? "" : "left out",
		]),
		[`mean of ${ingredients.filter(({ kept }) => kept).length}`, loss.toPrecision(6), share(metric), ""],
	].filter((row, i) => i > 0 || row[1] !== "");
	const sign = rise.value <= 0 ? "below" : "above";
	const isAlone = ingredients.filter(({ kept }) => kept).length === 1;
	return [
		...table(rows),
		isAlone
			? "no other network keeps the best one's loss: it stays alone"
			: `the mean's loss, ${loss.toPrecision(6)}${error(standardError)}, lies ${Math.abs(rise.value).toPrecision(3)}${error(rise.standardError)} ${sign} the best network's`,
		`digest    ${digest}`,
	];
}
