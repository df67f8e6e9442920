import { formatDataInspection, inspectData } from "../../dist/src/data/inspect.js";
import { isDataFile, readData } from "../../dist/src/formats/data.js";
import { isModelFile, isWeightsFile, readModel, readTensors } from "../../dist/src/formats/networks.js";
import { FileFormatError, modelByName } from "../../dist/src/index.js";
import { formatInspection, inspect } from "../../dist/src/network/inspect.js";
import { newCommand, parse } from "./command.js";

const command = newCommand("inspect", "Prints what a network, a file of weights or a data set holds.")
	.argument("<file>", "a network (.onnx, model.json, or a built-in name), weights, or data")
	.option("--json", "print it as JSON");

/** @param {string[]} argv */
export async function run(argv) {
	if (!parse(command, argv)) return;
	const [path = ""] = command.args;
	const { json } = command.opts();
	/**
	 * @template T
	 * @param {T} data
	 * @param {(data: T) => string} format
	 */
	const print = (data, format) => console.log(json ? JSON.stringify(data, null, "\t") : format(data));
	if (isModelFile(path)) return print(inspect(readModel(path).graph), formatInspection);
	const data = isDataFile(path) ? await readIfData(path) : undefined;
	if (data !== undefined) return print(inspectData(data), formatDataInspection);
	if (isWeightsFile(path)) {
		const tensors = [...readTensors(path)].map(([name, { shape }]) => ({ name, shape }));
		return print(tensors, (rows) => rows.map(({ name, shape }) => `${name} [${shape}]`).join("\n"));
	}
	print(inspect(modelByName(path)), formatInspection);
}

/**
 * A .npz file may hold data or weights: without samples and targets it is no data.
 *
 * @param {string} path
 */
async function readIfData(path) {
	try {
		return await readData(path, { input: { name: "x", shape: [224, 224, 3] } });
	} catch (error) {
		if (error instanceof FileFormatError && isWeightsFile(path)) return undefined;
		throw error;
	}
}
