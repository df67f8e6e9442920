import test from "ava";
import { zipSync } from "fflate";
import { FileFormatError } from "../../src/errors.js";
import { unzip } from "../../src/files/zip.js";
import { parseNpzData } from "../../src/formats/arrays.js";
import { parseCsv } from "../../src/formats/csv.js";
import { importKeras } from "../../src/formats/keras/index.js";
import { parseNpz } from "../../src/formats/npz.js";
import { importOnnx } from "../../src/formats/onnx/index.js";
import { parseOnnx } from "../../src/formats/onnx/proto.js";
import { parsePickle } from "../../src/formats/pytorch/pickle.js";
import { parseSafetensors } from "../../src/formats/safetensors.js";
import { fuzz, targets } from "./fuzz.js";
import { toNpy } from "./npy-file.js";
import { onnxFile } from "./onnx/onnx-file.js";

/** As many as fit a test; `node dist/test/fuzz.js` tries 10,000 and more. */
const MUTATIONS = 300;

for (const target of targets()) {
	test(`${target.name}: damaged files are refused with a tagged error, or read, and nothing else`, (t) => {
		const { failures, slowest } = fuzz(target, MUTATIONS);
		t.deepEqual(failures, []);
		t.true(slowest < 5000, `one file took ${slowest} ms`);
	});
}

const refused = (message: RegExp) => ({ instanceOf: FileFormatError, message });

test("an entry of an archive whose bytes are not those of its checksum is refused by name", (t) => {
	const content = toNpy("<f4", [3], Float32Array.of(1, 2, 3));
	const stored = zipSync({ "x.npy": content, "y.npy": toNpy("<i4", [3], Int32Array.of(0, 1, 2)) }, { level: 0 });
	t.is(unzip(stored, "a.npz").size, 2);
	const at = Buffer.from(stored).indexOf(Buffer.from(Float32Array.of(1, 2, 3).buffer));
	stored[at + 2] = (stored[at + 2] ?? 0) ^ 1;
	t.throws(() => parseNpzData(stored, "a.npz"), refused(/^a.npz: entry x.npy is damaged: its CRC-32 does not fit$/));
});

/** A safetensors file from the text of its header. */
function safetensors(header: string, dataBytes: number): Uint8Array {
	const text = Buffer.from(header);
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(text.length));
	return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

test("tensors that share a name or bytes are refused", (t) => {
	const entry = (start: number, end: number) =>
		`{"dtype":"F32","shape":[${(end - start) / 4}],"data_offsets":[${start},${end}]}`;
	const twice = safetensors(`{"a" : ${entry(0, 4)}, "b\\"": ${entry(4, 8)}, "a":${entry(8, 12)}}`, 12);
	t.throws(() => parseSafetensors(twice, "w"), refused(/^w: two tensors are called a$/));
	const shared = safetensors(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12);
	t.throws(() => parseSafetensors(shared, "w"), refused(/^w: tensors a and b share bytes$/));
	// A name within an entry, or in the metadata, is no second tensor.
	const fine = safetensors(
		`{"__metadata__":{"a":"b"},"a":${entry(0, 4)},"b":${entry(4, 8)},"shape":${entry(8, 8)}}`,
		8,
	);
	t.deepEqual([...parseSafetensors(fine, "w").tensors.keys()], ["a", "b", "shape"]);
});

test("a dictionary whose keys are nests of tuples, a hundred bytes for 2^60 of them, is refused", (t) => {
	// PROTO 2, EMPTY_DICT, EMPTY_TUPLE, then 60 times a pair of the last with itself, as a key.
	const pairs = Array.from({ length: 60 }, () => [0x71, 0, 0x68, 0, 0x86]).flat();
	const pickle = Uint8Array.of(0x80, 2, 0x7d, 0x29, ...pairs, 0x4b, 1, 0x73, 0x2e);
	t.throws(() => parsePickle(pickle, "a.pt"), refused(/^a.pt: its pickle has a dictionary whose keys are no names$/));
});

test("a quote that never closes is refused where it opens, and takes no more memory than the table", (t) => {
	const table = Buffer.from(`a,b\n1,2\n3,"4${"\n5,6".repeat(2_000_000)}`);
	const before = process.memoryUsage().rss;
	t.throws(() => parseCsv(table, "t.csv"), refused(/^t.csv:3: a quote is opened and never closed$/));
	t.true(process.memoryUsage().rss - before < Math.max(256e6, 4 * table.length));
	t.deepEqual([...parseCsv(Buffer.from('x,y\n1,"a ""b"", c"\n2,d\n'), "t.csv").inputs.values], [1, 2]);
});

test("files of empty things are refused before they take memory", (t) => {
	const nodes = new Uint8Array(400_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
	// A graph of a model, field 7: its length in three bytes, then that many empty nodes.
	const length = Uint8Array.of((nodes.length & 127) | 128, ((nodes.length >> 7) & 127) | 128, nodes.length >> 14);
	const onnx = Buffer.concat([Uint8Array.of(0x3a), length, nodes]);
	t.throws(() => parseOnnx(onnx, "a.onnx"), refused(/^a.onnx: its nodes and tensors would take \d+ bytes, more than/));
	const lists = Buffer.from(`[${"[],".repeat(3_000_000)}0]`);
	t.throws(() => importKeras(lists, "model.json", () => lists), refused(/^model.json: holds more than \d+ entries/));
	const deep = Buffer.from(`${"[".repeat(300)}${"]".repeat(300)}`);
	t.throws(
		() => importKeras(deep, "model.json", () => deep),
		refused(/holds more than 200 lists and objects in each other$/),
	);
	const dictionaries = new Uint8Array(1_000_000).fill(0x7d);
	t.throws(() => parsePickle(dictionaries, "a.pt"), refused(/^a.pt: its pickle makes more than the \d+ objects/));
	const zeros = zipSync({ "x.npy": new Uint8Array(150_000_000) }, { level: 1 });
	t.throws(
		() => parseNpzData(zeros, "a.npz"),
		refused(/^a.npz: its entries would take more than 134217728 bytes; save them/),
	);
	const bytes = toNpy("|i1", [40_000_000], new Uint8Array(40_000_000));
	t.throws(
		() => parseNpzData(zipSync({ "x.npy": bytes }, { level: 1 }), "a.npz"),
		refused(/int8 takes more than \d+ bytes$/),
	);
});

test("constants that a few nodes ask for are bounded by the file, and so are values", (t) => {
	const large = { shape: [2], values: [4096, 4096], type: "int64" as const };
	const constants = [
		{ op: "ConstantOfShape", inputs: ["large"] },
		{ op: "Add", inputs: ["v0", "v0"] },
		{ op: "Add", inputs: ["x", "v1"] },
	];
	t.throws(() => importOnnx(onnxFile([4], constants, { large }), "a.onnx"), {
		message: /constant of shape \[4096,4096\] is too large for a file of this size/,
	});
	const doubling = Array.from({ length: 60 }, (_, i) => {
		const before = i === 0 ? "x" : `v${i - 1}`;
		return { op: "Concat", inputs: [before, before], attributes: { axis: 1 } };
	});
	t.throws(() => importOnnx(onnxFile([4], doubling), "a.onnx"), {
		message: /node v28 \(concat\): its output \[2147483648\] is larger than WebAssembly's memory/,
	});
	const twice = [
		{ op: "Relu", inputs: ["x"], outputs: ["a"] },
		{ op: "Neg", inputs: ["x"], outputs: ["a"] },
	];
	t.throws(() => importOnnx(onnxFile([4], twice), "a.onnx"), refused(/^a.onnx: two of its values are called a$/));
});

test("an entry that is stored comes as it is in the archive, wherever it lies", (t) => {
	const content = Float32Array.of(1, 2, 3);
	for (const name of ["x", "xx", "xxx", "xxxx"]) {
		const array = toNpy("<f4", [3], content);
		const entries = { [`${name}.npy`]: array, "y.npy": toNpy("<i4", [3], Int32Array.of(0, 1, 2)) };
		for (const level of [0, 6] as const)
			t.deepEqual(parseNpz(zipSync(entries, { level }), "a.npz").get(name)?.values, content);
	}
});
