import { join, resolve } from "node:path";
import { writeWeights } from "../../formats/index.js";
import { type AlignResult, align, OptionError, version } from "../../index.js";
import { type AlignCommandOptions, alignCommandOptions, barrierSteps } from "../../options/align.js";
import { machineThreads } from "../../options/shared.js";
import { type Barriers, barriersOf, type Rise } from "../barriers.js";
import { defineCommand } from "../command.js";
import { interruptible } from "../interrupt.js";
import { print, printJson, tell } from "../print.js";
import { startStages } from "../progress.js";
import { estimated } from "../surface-report.js";
import { table } from "../table.js";

export const alignCommand = defineCommand<AlignCommandOptions>({
	name: "align",
	summary: "Puts the neurons of network B into the order in which its parameters are closest to those of A.",
	argument: { placeholder: "<network...>", help: "A, which stays, and B: files of weights or networks, or init:SEED" },
	options: alignCommandOptions,
	examples: [
		"--model vgg-small --data cifar a.safetensors b.safetensors",
		"--data data.npz a.onnx b.onnx --restarts 20",
		"--model resnet-20 --data cifar a.pt b.pt --samples 1000 --out b-aligned.safetensors",
	],
	notes:
		"B computes the same in its new order, which is tried on data. Barriers are of the straight line from A to B; where there is batch normalisation, those with statistics measured anew count.",
	run: ({ options, args }) => interruptible({ message: "interrupted" }, (signal) => run(options, args, signal)),
});

async function run(
	{ quiet = false, json = false, out, ...options }: AlignCommandOptions,
	args: readonly string[],
	signal: AbortSignal,
): Promise<void> {
	const [a, b, ...more] = args;
	if (a === undefined || b === undefined || more.length > 0)
		throw new OptionError("network", `expected two, A and B, got ${args.length}`);
	const { steps = barrierSteps, threads = machineThreads, calibration, ...settings } = options;
	const stages = startStages(quiet);
	try {
		const result = await align({ ...settings, a, b, signal, onProgress: stages.update });
		const path = out ?? join("runs", `align-${result.digests.aligned.slice(0, 8)}.safetensors`);
		if ([a, b].some((given) => resolve(given) === resolve(path)))
			throw new OptionError("out", `expected another file than ${path}, which is one of the two networks`);
		if (!quiet) for (const line of result.assumptions) tell(`assumed: ${line}`);
		await writeWeights(path, { graph: result.network.graph, state: result.state }, metadataOf(result));
		const lines = { ...settings, ...(calibration !== undefined && { calibration }), steps, threads };
		const onLine = (done: number, total: number) =>
			stages.update({ stage: "lines", done, total, unit: "lines", note: "" });
		const barriers = await barriersOf(result, lines, signal, onLine);
		stages.stop();
		if (json) printJson(toJson(result, barriers, [path]));
		else print([...summary(result, barriers), path].join("\n"));
	} finally {
		stages.stop();
	}
}

/** What the file says of itself: which networks it came from, and how. */
function metadataOf({ digests, groups, seed, restarts }: AlignResult): Record<string, string> {
	return {
		format: "pt",
		isoloss: version,
		alignedTo: digests.a,
		alignedFrom: digests.b,
		alignment: `weight matching, seed ${seed}, ${restarts} restarts`,
		groups: JSON.stringify(groups.map(({ name, size, count, moved }) => ({ name, size, count, moved }))),
	};
}

function toJson(
	{ network, groups, fixed, objective, distance, digests, seed, restarts, parameters, assumptions }: AlignResult,
	barriers: readonly Barriers[],
	files: readonly string[],
) {
	return {
		...{ model: network.graph.name, parameters, seed, restarts, groups, fixed, objective, distance, barriers },
		...{ digests, assumptions, files },
	};
}

function summary({ groups, fixed, objective, distance }: AlignResult, barriers: readonly Barriers[]): string[] {
	const rows = groups.map(({ name, size, count, moved }) => [
		name,
		count === 1 ? String(size) : `${count} × ${size}`,
		String(moved),
	]);
	const numbers = (label: string, { before, after }: AlignResult["distance"]) => [label, number(before), number(after)];
	const heights = (label: string, { before, after }: Rise) => [label, height(before), height(after)];
	const rises = barriers.flatMap(({ statistics, loss, error }) => {
		const how = statistics === null ? "" : `, statistics ${statistics}`;
		return [
			heights(`barrier of the loss${how}`, loss),
			...(error === null ? [] : [heights(`barrier of the error${how}`, error)]),
		];
	});
	return [
		...(rows.length === 0 ? ["no neurons can change places"] : table([["group", "neurons", "moved"], ...rows])),
		...staying(fixed).map((line) => `stays as it is: ${line}`),
		...table([["", "before", "after"], numbers("Σ A∘B", objective), numbers("‖A − B‖", distance), ...rises]),
	];
}

/** A barrier with its standard error. */
function height(barrier: Rise["before"]): string {
	return barrier === null ? "-" : estimated(barrier);
}

/** By reason, so that a layer's weight and bias share a line. */
function staying(fixed: AlignResult["fixed"]): string[] {
	const reasons = new Map<string, string[]>();
	for (const { name, reason } of fixed) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
	return [...reasons].map(([reason, names]) => {
		const shown = names.length <= 4 ? names : [...names.slice(0, 3), `${names.length - 3} more`];
		return `${shown.join(", ")} (${reason})`;
	});
}

function number(value: number): string {
	return String(Number(value.toPrecision(5)));
}
