import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { zipSync } from "fflate";
import { FileFormatError, LayoutMismatchError } from "../../src/errors.js";
import { readNetwork, readTensors, readWeights } from "../../src/formats/index.js";
import { parsePyTorch } from "../../src/formats/pytorch/state-dict.js";
import { formatSafetensors } from "../../src/formats/safetensors.js";
import { temporaryDirectory } from "../fixtures.js";

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

for (const name of ["legacy.pt", "module.pt", "script.pt"])
	test(`${name} gives the tensors of the same network, and nothing of it runs`, async (t) => {
		const names = name === "legacy.pt" ? ["0.weight", "0.bias", "2.weight", "2.bias"] : undefined;
		const tensors = parsePyTorch(readFileSync(folder + name), name);
		t.deepEqual([...tensors.keys()], names ?? [...tensors.keys()]);
		t.true(tensors.size > 0);
		t.deepEqual((await read(name)).parameters, model.state.parameters);
	});

test("what a pickle would run is not run, and named", (t) => {
	t.throws(() => parsePyTorch(readFileSync(`${folder}evil.pt`), "evil.pt"), {
		instanceOf: FileFormatError,
		message: /its entries are w \(what posix\.system would make, which is not run\)$/,
	});
});

test("tensors that the network does not have are named, not dropped", async (t) => {
	await t.throwsAsync(() => read("other.pt"), {
		instanceOf: LayoutMismatchError,
		message: /3\.weight, 3\.bias is not part of m/,
	});
});

test("shards of safetensors are read by their index file, and only those beside it", async (t) => {
	const directory = await temporaryDirectory(t);
	const named = [...parsePyTorch(readFileSync(`${folder}wrapped.pt`), "wrapped.pt")];
	const half = Math.ceil(named.length / 2);
	for (const [file, part] of [
		["a.safetensors", named.slice(0, half)],
		["b.safetensors", named.slice(half)],
	] as const)
		await writeFile(join(directory, file), formatSafetensors({ tensors: new Map(part), metadata: {} }));
	const index = (map: object) =>
		writeFile(join(directory, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
	const where = named.map(([name], i) => [name, i < half ? "a.safetensors" : "b.safetensors"] as const);
	await index(Object.fromEntries(where));
	const read = () => readWeights(join(directory, "model.safetensors.index.json"), model);
	t.deepEqual((await read()).parameters, model.state.parameters);
	await index({ ...Object.fromEntries(where), more: "a.safetensors" });
	await t.throwsAsync(read, { message: /index.json: a.safetensors holds no tensor more$/ });
	await index({ w: "../w.safetensors" });
	await t.throwsAsync(read, { message: /lists "..\/w.safetensors", which is no file beside it/ });
	await index([]);
	await t.throwsAsync(read, { message: /no index of safetensors: it has no weight_map/ });
});

test("weights under an unknown ending are read by what they are, or named", async (t) => {
	const directory = await temporaryDirectory(t);
	const copy = async (name: string, bytes: Uint8Array) => {
		await writeFile(join(directory, name), bytes);
		return readTensors(join(directory, name));
	};
	for (const name of ["wrapped.pt", "legacy.pt", "w.npz"])
		t.true((await copy("w.bin", readFileSync(folder + name))).size > 0);
	for (const [start, message] of [
		["\x89HDF\r\n\x1a\n", /damaged, or an HDF5 file of a kind that is not read/],
		["\x89PNG\r\n\x1a\n", /is a picture; weights are read from/],
		["\x1f\x8b\x08", /is packed with gzip; unpack it first/],
		["", /is empty/],
		["abc", /of a kind that is not known here; weights are read from .*\.safetensors, .*\.pt/],
	] as const)
		await t.throwsAsync(copy("w.other", Buffer.from(start, "latin1")), { instanceOf: FileFormatError, message });
});

test("of a checkpoint with several networks one is taken by its usual name and said, or by its key", (t) => {
	const bytes = readFileSync(
		fileURLToPath(new URL("../../../test/corpus/cases/checkpoint-ema_both/w.pt", import.meta.url)),
	);
	const told: string[] = [];
	const usual = parsePyTorch(bytes, "w.pt", undefined, { assume: (line) => told.push(line) });
	t.deepEqual(told, ['weights are "model" of w.pt, not model_ema; --checkpoint-key picks']);
	const other = parsePyTorch(bytes, "w.pt", undefined, { checkpointKey: "model_ema" });
	t.deepEqual([...other.keys()], [...usual.keys()]);
	t.notDeepEqual([...other.values()][0]?.values, [...usual.values()][0]?.values);
	t.throws(() => parsePyTorch(bytes, "w.pt", undefined, { checkpointKey: "ema" }), {
		message: /^w.pt: has no tensors under "ema"; its entries are model, model_ema/,
	});
});

/** The pickle of a tensor of four numbers, in storage 0. */
const tensor = Buffer.concat([
	Buffer.from("ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x04tQ", "latin1"),
	Buffer.from("K\x00K\x04\x85K\x01\x85\x89}tR", "latin1"),
]);
/** A dictionary of some pickles, by names of one letter each. */
const dictionary = (entries: Readonly<Record<string, Buffer>>) =>
	Buffer.concat([
		Buffer.from("}("),
		...Object.entries(entries).flatMap(([name, value]) => [
			Buffer.from(`U${String.fromCharCode(name.length)}${name}`),
			value,
		]),
		Buffer.from("u"),
	]);

test("a tensor beside a network, such as its best accuracy, is not the network", (t) => {
	const checkpoint = (content: Buffer) =>
		zipSync({
			"a/data.pkl": Buffer.concat([Buffer.from([0x80, 2]), content, Buffer.from(".")]),
			"a/data/0": new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer),
		});
	const beside = checkpoint(dictionary({ best: tensor, state_dict: dictionary({ w: tensor }) }));
	t.deepEqual([...parsePyTorch(beside, "a.pt")], [["w", { shape: [4], values: Float32Array.of(1, 2, 3, 4) }]]);
	const alone = checkpoint(dictionary({ best: tensor, w: tensor }));
	t.deepEqual([...parsePyTorch(alone, "a.pt").keys()], ["best", "w"]);
});

test("an HDF5 file whose groups lead back to themselves is refused", async (t) => {
	await t.throwsAsync(readTensors(`${folder}cycle.h5`), {
		instanceOf: FileFormatError,
		message: /its groups lie too deep/,
	});
});
