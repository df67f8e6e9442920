import { existsSync } from "node:fs";
import { isDataFile, isNetworkFile, isWeightsFile, readData, readNetwork, readTensors } from "../../formats/index.js";
import {
	type Evaluation,
	evaluate,
	FileFormatError,
	formatDataInspection,
	formatInspection,
	type Inspection,
	inspect,
	inspectData,
	modelByName,
	type Network,
	stillTensors,
} from "../../index.js";
import { type InspectCommandOptions, inspectOptions, type JudgedOptions } from "../../options/inspect.js";
import { listed } from "../../options/kinds.js";
import { dimsOf } from "../../options/plane/index.js";
import { defineCommand } from "../command.js";
import { print, printJson } from "../print.js";
import { formatValue } from "../surface-report.js";

export const inspectCommand = defineCommand<InspectCommandOptions>({
	name: "inspect",
	summary: "Prints what a network, a file of weights or a data set holds, and what a network makes of data.",
	argument: {
		placeholder: "<file>",
		help: "a network (.onnx, .keras, .h5, model.json, or a built-in name), weights, or data",
	},
	options: inspectOptions,
	examples: ["net.onnx", "weights.pt", "data.npz --json", "resnet-20", "net.onnx --data data.npz --samples all"],
	async run({ options: { json = false, evaluate: once = false, ...judged }, args: [path = ""] }) {
		const show = <T>(data: T, format: (data: T) => string) => (json ? printJson(data, "\t") : print(format(data)));
		// A file of any other ending may hold weights; what is no file is a name.
		const isNetwork = isNetworkFile(path) || !(isDataFile(path) || isWeightsFile(path) || existsSync(path));
		if (isNetwork) {
			if (once || judged.data !== undefined) return show(await evaluated(path, judged), formatEvaluated);
			const network = await networkOf(path, judged);
			return show(inspected(network, judged), formatNetwork);
		}
		const data = isDataFile(path) ? await readIfData(path) : undefined;
		if (data !== undefined) return show(inspectData(data), formatDataInspection);
		const tensors = [...(await readTensors(path, judged))].map(([name, { shape }]) => ({ name, shape }));
		return show(tensors, (rows) => rows.map(({ name, shape }) => `${name} [${shape}]`).join("\n"));
	},
});

type Read = Pick<Network, "graph" | "outputs" | "shared" | "still">;

async function networkOf(path: string, { output, dim, move }: JudgedOptions): Promise<Read> {
	if (!isNetworkFile(path)) return { graph: modelByName(path) };
	return readNetwork(path, {
		...(output !== undefined && { output }),
		...(dim !== undefined && { dims: dimsOf(dim) }),
		...(move !== undefined && { move: listed(move) }),
	});
}

/** What there is to know of a network, with the names of its outputs where it has several. */
type InspectedNetwork = Inspection & Pick<Network, "outputs">;

function inspected({ graph, outputs, still = [], shared = [] }: Read, judged: JudgedOptions): InspectedNetwork {
	const { still: frozen } = stillTensors(graph, judged);
	return { ...inspect(graph, { frozen, still, shared }), ...(outputs !== undefined && { outputs }) };
}

function formatNetwork({ outputs, ...inspection }: InspectedNetwork): string {
	const several =
		outputs === undefined
			? []
			: ["", `${outputs.length} outputs: ${outputs.join(", ")}; --output picks the one that is shown`];
	return [formatInspection(inspection), ...several].join("\n");
}

/** The same, and what the network gives on data, as a sweep has it at its origin. */
async function evaluated(model: string, judged: JudgedOptions) {
	const { network, ...evaluation } = await evaluate({ ...judged, model });
	return { ...inspected(network, judged), evaluation };
}

function formatEvaluated({
	evaluation,
	...network
}: InspectedNetwork & { readonly evaluation: Omit<Evaluation, "network"> }) {
	const { samples, fields, assumptions } = evaluation;
	const width = Math.max(...fields.map(({ name }) => name.length));
	return [
		formatNetwork(network),
		"",
		`on ${samples} samples:`,
		...fields.map(({ name, unit, value }) => `${name.padEnd(width)}  ${formatValue(value, unit)}`),
		...assumptions.map((line) => `assumed: ${line}`),
	].join("\n");
}

/** A .npz file may hold data or weights: without samples and targets it is no data. */
async function readIfData(path: string) {
	try {
		return await readData(path, { input: { name: "x", shape: [224, 224, 3] } });
	} catch (error) {
		if (error instanceof FileFormatError && isWeightsFile(path)) return undefined;
		throw error;
	}
}
