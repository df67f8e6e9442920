import { checkNames } from "../check/values.js";
import { chooseSamples, type Dataset, pickSamples } from "../data/dataset.js";
import { OptionError } from "../errors.js";
import type { LayersModelLike } from "../formats/index.js";
import type { Network } from "../network/network.js";
import type { State } from "../network/parameters.js";
import { type ConnectOptions, connectDefaults, connectOptions } from "../options/connect.js";
import { checkValues } from "../options/table.js";
import { aligned } from "../resolve/aligned.js";
import type { ArrayData } from "../resolve/data-in-memory.js";
import { networkOfFirst } from "../resolve/first-network.js";
import type { OtherNetwork } from "../resolve/request.js";
import { labelOf, nameOf, stateOf } from "../resolve/section.js";
import { judgedTraining, type TrainRequest } from "../resolve/training.js";
import type { CurveOptions } from "../train/curve.js";
import type { TrainOptions } from "../train/options.js";

/** What to connect, on what and how: by names and paths, or in memory. */
export interface ConnectRequest extends Omit<ConnectOptions, "data" | "testData"> {
	/** The one end: a file of a network or of its weights, `init:SEED` for fresh parameters, a network, or the state of one. */
	readonly from: OtherNetwork;
	/** The other, likewise. */
	readonly to: OtherNetwork;
	/** The network whose states the ends are, where neither a name nor a file says it. */
	readonly network?: Network | LayersModelLike;
	/** As `sweep` takes them. */
	readonly data?: string | ArrayData | Dataset;
	/** What is measured on besides, likewise; the test part of the data where they have one. */
	readonly testData?: string | ArrayData | Dataset;
}

/** Options of the curve, none of a training's. */
const own = ["align", "curve", "bends", "points", "evaluationSamples", "calibration", "planeSteps"] as const;

/** What a request comes to. */
export interface ResolvedConnection {
	readonly options: CurveOptions;
	/** What is measured, and on what: the first so many samples of a shuffle of each part. */
	readonly measured: {
		readonly parts: readonly { readonly name: "train" | "test"; readonly data: Dataset }[];
		readonly points: number;
		readonly calibration: number | "all" | undefined;
		readonly planeSteps: number;
	};
	/** How people call the ends. */
	readonly labels: readonly [string, string];
	readonly assumptions: readonly string[];
}

/**
 * Loads both ends and all that training a curve between them depends on.
 *
 * @throws {OptionError | FileFormatError | GraphError | LayoutMismatchError} when an option, a file or a combination can't be used
 */
export async function resolveConnection(asked: ConnectRequest): Promise<ResolvedConnection> {
	checkNames(asked, [...Object.keys(connectOptions), "network", "from", "to"]);
	const { from, to, ...rest } = asked;
	for (const [name, end] of Object.entries({ from, to }))
		if (end === undefined || end === null) throw new OptionError(name, "expected a network, got none");
	const settings = settingsOf(rest);
	const training = await judgedTraining(trainRequestOf(rest, from, settings));
	const { judged, options } = training;
	const { network, reading } = judged;
	const start = isGiven(from, rest) ? network.state : await stateOf(network, from, reading, "from");
	const given = await stateOf(network, to, reading);
	const labels = labelsOf(from, to);
	const { end, told } = await alignedEnd(options, { start, end: given, labels }, settings.align, asked.seed);
	if (start.parameters.every((value, i) => Object.is(value, end.parameters[i])))
		throw new OptionError("to", "expected another network than the first: their parameters are the same");
	const { test, ...others } = options;
	const parts = [
		{ name: "train" as const, data: options.data },
		...(test ? [{ name: "test" as const, data: test }] : []),
	];
	const { evaluationSamples, points, planeSteps, calibration } = settings;
	return {
		options: { ...others, start, end, kind: settings.curve, bends: settings.bends },
		measured: {
			parts: parts.map(({ name, data }) => ({ name, data: someOf(data, evaluationSamples) })),
			...{ points, planeSteps, calibration },
		},
		labels,
		// How a training would start, and what it would be tested on, says nothing of a curve.
		assumptions: [...judged.assumptions.read, ...told, ...judged.assumptions.judged, ...training.told.steps],
	};
}

/** The second network with its neurons in the order closest to the first's, where that is asked for. */
async function alignedEnd(
	{ graph, data, precision }: Omit<TrainOptions, "start">,
	{ start, end, labels }: { readonly start: State; readonly end: State; readonly labels: readonly [string, string] },
	align: boolean,
	seed: number | undefined,
): Promise<{ readonly end: State; readonly told: readonly string[] }> {
	if (!align) return { end, told: [] };
	const [name, other] = labels;
	const { states, told } = await aligned(
		{ tried: { graph, data, precision } },
		{ state: start, name },
		{ states: [end], names: [other] },
		seed,
	);
	return { end: states[0] ?? end, told };
}

function settingsOf(request: Omit<ConnectRequest, "from" | "to">) {
	const given = Object.fromEntries(own.map((name) => [name, request[name]]));
	return { ...connectDefaults, ...checkValues<ConnectOptions>(connectOptions, given) } as typeof connectDefaults & {
		readonly [Name in (typeof own)[number]]: Name extends "calibration"
			? ConnectOptions[Name]
			: NonNullable<ConnectOptions[Name]>;
	};
}

/** A training of the first network on the same data. */
function trainRequestOf(
	request: Omit<ConnectRequest, "from" | "to">,
	from: OtherNetwork,
	{
		optimizer,
		learningRate,
		schedule,
		epochs,
	}: Pick<ConnectOptions, "optimizer" | "learningRate" | "schedule" | "epochs">,
): TrainRequest {
	const rest = Object.entries(request).filter(([name]) => !(own as readonly string[]).includes(name));
	return {
		...(optimizer && { optimizer }),
		...(learningRate && (request.optimizer ?? optimizer) === optimizer && { learningRate }),
		...(schedule && { schedule }),
		...(epochs && { epochs }),
		...Object.fromEntries(rest),
		...networkOfFirst(from, request),
	};
}

/** Whether the first network comes with the graph, so that it is read already. */
function isGiven(from: OtherNetwork, { network }: Pick<ConnectRequest, "network">): boolean {
	if (network !== undefined) return false;
	return typeof from === "string" ? !from.startsWith("init:") : !("parameters" in from);
}

/** What is measured on, which is in any order: the first samples of the shuffle that is the same for everyone. */
function someOf(data: Dataset, count: number | "all"): Dataset {
	const chosen = chooseSamples(data.samples, count === "all" ? "all" : { atMost: count });
	return pickSamples(data, chosen);
}

function labelsOf(from: OtherNetwork, to: OtherNetwork): [string, string] {
	const [first, second] = [from, to].map((end) => labelOf(nameOf(end)));
	return first === second ? [`${first} (1)`, `${second} (2)`] : [first ?? "", second ?? ""];
}
