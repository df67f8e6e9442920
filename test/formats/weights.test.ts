import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { FileFormatError, LayoutMismatchError } from "../../src/errors.js";
import { readNetwork, readWeights } from "../../src/formats/index.js";
import { parsePyTorch } from "../../src/formats/pytorch/state-dict.js";

/** One network of two dense layers, saved by PyTorch 1.13 in many ways. */
const folder = fileURLToPath(new URL("../../../test/formats/weights/", import.meta.url));
const model = await readNetwork(`${folder}m.onnx`);
const read = (name: string) => readWeights(folder + name, model);

for (const [name, how, tolerance] of [
	["wrapped.pt", "in a checkpoint, under names with the prefix module.", 0],
	["double.pt", "in double precision", 0],
	["strided.pt", "transposed in memory", 0],
	["parameter.pt", "as parameters, not tensors", 0],
	["w.npz", "by NumPy", 0],
	["half.pt", "in half precision", 2 ** -11],
	["bf16.pt", "in bfloat16", 2 ** -8],
] as const) {
	test(`weights saved ${how} are those of the ONNX file`, async (t) => {
		const { parameters } = await read(name);
		for (const [i, value] of parameters.entries()) {
			const wanted = model.state.parameters[i] ?? Number.NaN;
			t.true(Math.abs(value - wanted) <= tolerance * Math.abs(wanted), `${value} is not ${wanted}`);
		}
	});
}

for (const [name, message] of [
	["legacy.pt", /from before 1\.6; load it there and save it again/],
	["module.pt", /torch\.nn\.modules\.container\.Sequential, which is not loaded/],
	["evil.pt", /posix\.system, which is not loaded/],
	["script.pt", /TorchScript/],
] as const) {
	test(`${name} is refused by name of what it holds, and nothing of it runs`, (t) => {
		t.throws(() => parsePyTorch(readFileSync(folder + name), name), { instanceOf: FileFormatError, message });
	});
}

test("tensors that the network does not have are named, not dropped", async (t) => {
	await t.throwsAsync(() => read("other.pt"), {
		instanceOf: LayoutMismatchError,
		message: /3\.weight, 3\.bias is not part of m/,
	});
});
