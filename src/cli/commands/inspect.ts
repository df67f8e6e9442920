import {
	isDataFile,
	isNetworkFile,
	isWeightsFile,
	readData,
	readDataAlone,
	readNetwork,
	readTensors,
} from "../../formats/index.js";
import {
	FileFormatError,
	formatDataInspection,
	formatInspection,
	type Inspection,
	inspect,
	inspectData,
	modelByName,
	sweep,
} from "../../index.js";
import { type InspectCommandOptions, inspectOptions, type JudgedOptions } from "../../options/inspect.js";
import { dimsOf } from "../../options/sweep.js";
import { defineCommand } from "../command.js";
import { print, printJson } from "../print.js";
import { formatValue } from "../surface-report.js";

export const inspectCommand = defineCommand<InspectCommandOptions>({
	name: "inspect",
	summary: "Prints what a network, a file of weights or a data set holds, and what a network makes of data.",
	argument: { placeholder: "<file>", help: "a network (.onnx, model.json, or a built-in name), weights, or data" },
	options: inspectOptions,
	examples: ["net.onnx", "weights.pt", "data.npz --json", "resnet-20", "net.onnx --data data.npz --samples all"],
	async run({ options: { json = false, evaluate = false, ...judged }, args: [path = ""] }) {
		const show = <T>(data: T, format: (data: T) => string) => (json ? printJson(data, "\t") : print(format(data)));
		const isNetwork = isNetworkFile(path) || !(isDataFile(path) || isWeightsFile(path));
		if (isNetwork) {
			const inspection = inspect(await graphOf(path, judged));
			if (!evaluate && judged.data === undefined) return show(inspection, formatInspection);
			return show({ ...inspection, evaluation: await evaluation(path, judged) }, formatEvaluated);
		}
		const data = isDataFile(path) ? await readIfData(path) : undefined;
		if (data !== undefined) return show(inspectData(data), formatDataInspection);
		const tensors = [...(await readTensors(path, judged))].map(([name, { shape }]) => ({ name, shape }));
		return show(tensors, (rows) => rows.map(({ name, shape }) => `${name} [${shape}]`).join("\n"));
	},
});

async function graphOf(path: string, { output, dim, data, split, target }: JudgedOptions) {
	if (!isNetworkFile(path)) return modelByName(path);
	// Lengths that the network leaves open are those of the data, of which a folder of images has none.
	const reading = { ...(split !== undefined && { split }), ...(target !== undefined && { target }) };
	const raw = data === undefined ? undefined : await readDataAlone(data, reading);
	const sampleShape = raw?.inputs.shape.slice(1);
	const { graph } = await readNetwork(path, {
		...(output !== undefined && { output }),
		...(dim !== undefined && { dims: dimsOf(dim) }),
		...(sampleShape !== undefined && { sampleShape }),
	});
	return graph;
}

/** What the network gives on data, as a sweep has it at its origin. */
interface Evaluation {
	readonly samples: number;
	readonly fields: readonly { readonly name: string; readonly unit: string; readonly value: number | undefined }[];
	readonly assumptions: readonly string[];
}

async function evaluation(model: string, judged: JudgedOptions): Promise<Evaluation> {
	const only = { x: { min: 0, max: 0, steps: 1 }, y: null };
	const { surface, origin, samples, assumptions } = await sweep({ ...judged, model, ...only, threads: 1 });
	return {
		samples,
		fields: surface.fields.map(({ name, unit }) => ({ name, unit, value: origin[name] })),
		assumptions,
	};
}

function formatEvaluated({ evaluation, ...inspection }: Inspection & { readonly evaluation: Evaluation }): string {
	const { samples, fields, assumptions } = evaluation;
	const width = Math.max(...fields.map(({ name }) => name.length));
	return [
		formatInspection(inspection),
		"",
		`on ${samples} samples:`,
		...fields.map(({ name, unit, value = Number.NaN }) => `${name.padEnd(width)}  ${formatValue(value, unit)}`),
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
