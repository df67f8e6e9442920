import { isDataFile, isNetworkFile, isWeightsFile, readData, readNetwork, readTensors } from "../../formats/index.js";
import {
	FileFormatError,
	formatDataInspection,
	formatInspection,
	inspect,
	inspectData,
	modelByName,
} from "../../index.js";
import { type InspectCommandOptions, inspectOptions } from "../../options/inspect.js";
import { defineCommand } from "../command.js";
import { print, printJson } from "../print.js";

export const inspectCommand = defineCommand<InspectCommandOptions>({
	name: "inspect",
	summary: "Prints what a network, a file of weights or a data set holds.",
	argument: { placeholder: "<file>", help: "a network (.onnx, model.json, or a built-in name), weights, or data" },
	options: inspectOptions,
	examples: ["net.onnx", "weights.pt", "data.npz --json", "resnet-20"],
	async run({ options: { json = false }, args: [path = ""] }) {
		const show = <T>(data: T, format: (data: T) => string) => (json ? printJson(data, "\t") : print(format(data)));
		if (isNetworkFile(path)) return show(inspect((await readNetwork(path)).graph), formatInspection);
		const data = isDataFile(path) ? await readIfData(path) : undefined;
		if (data !== undefined) return show(inspectData(data), formatDataInspection);
		if (isWeightsFile(path)) {
			const tensors = [...(await readTensors(path))].map(([name, { shape }]) => ({ name, shape }));
			return show(tensors, (rows) => rows.map(({ name, shape }) => `${name} [${shape}]`).join("\n"));
		}
		return show(inspect(modelByName(path)), formatInspection);
	},
});

/** A .npz file may hold data or weights: without samples and targets it is no data. */
async function readIfData(path: string) {
	try {
		return await readData(path, { input: { name: "x", shape: [224, 224, 3] } });
	} catch (error) {
		if (error instanceof FileFormatError && isWeightsFile(path)) return undefined;
		throw error;
	}
}
