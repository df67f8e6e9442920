import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { OptionError } from "../../src/errors.js";
import { endingsOf, isDataFile, readData, readNetwork, readTensors, registerFormat } from "../../src/formats/index.js";
import { sweep } from "../../src/landscape.js";
import { temporaryDirectory } from "../fixtures.js";

test("endings say what a file can be read as, folders are data", async (t) => {
	t.deepEqual(endingsOf("network").sort(), [".h5", ".hdf5", ".json", ".keras", ".onnx"]);
	t.true([".npz", ".pt", ".pth", ".safetensors", ".onnx"].every((ending) => endingsOf("weights").includes(ending)));
	const directory = await temporaryDirectory(t);
	await mkdir(join(directory, "images.onnx"));
	t.true(isDataFile(join(directory, "images.onnx")));
	t.false(isDataFile("mnist"));
	await t.throwsAsync(readNetwork("net.pt"), {
		instanceOf: OptionError,
		message: /expected a file of .*\.onnx.*got "net.pt" \(this format holds weights without the network\)/,
	});
});

test("a user's format is read by its ending: data for a sweep, and in place of one that was there", async (t) => {
	const directory = await temporaryDirectory(t);
	const path = join(directory, "points.xy");
	await writeFile(path, "0 1\n1 0\n");
	registerFormat({
		name: "pairs",
		endings: [".xy"],
		data: async () => (name) => ({
			name,
			inputs: { shape: [2, 28, 28, 1], type: "float32", values: new Float32Array(2 * 784) },
			targets: { shape: [2], type: "int32", values: Int32Array.of(1, 0) },
		}),
	});
	const { samples, parameters } = await sweep({
		data: path,
		samples: "all",
		x: { min: 0, max: 1, steps: 2 },
		y: null,
		threads: 1,
	});
	t.is(samples, 2);
	t.is(parameters, 1_199_882);

	registerFormat({ name: "mine", endings: [".pth"], weights: async () => () => new Map() });
	await writeFile(join(directory, "w.pth"), "");
	t.is((await readTensors(join(directory, "w.pth"))).size, 0);
});

test("a format without an ending, or of which nothing can be read, is refused", (t) => {
	t.throws(() => registerFormat({ name: "x", endings: [], data: async () => () => t.fail() as never }), {
		instanceOf: OptionError,
	});
	t.throws(() => registerFormat({ name: "x", endings: ["X"], weights: async () => () => new Map() }), {
		instanceOf: OptionError,
	});
	t.throws(() => registerFormat({ name: "x", endings: [".x"] }), { instanceOf: OptionError });
});

test("a file of no format is refused with the endings that there are", async (t) => {
	await t.throwsAsync(readData("data.xlsx", { input: { name: "x", shape: [1] } }), {
		instanceOf: OptionError,
		message: /expected a file of .*\.npz, .*\.csv.* or a folder, got "data.xlsx"/,
	});
});
