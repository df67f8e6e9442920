import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import sharp from "sharp";
import { packFrame } from "../../src/files/frames.js";
import { toNpy } from "../formats/npy-file.js";
import { OWN_DOMAIN, onnxFile, onnxModel, type TestNode } from "../formats/onnx/onnx-file.js";

/** Files by name, of a few bytes to twenty million, that do their worst to their reader; `/` in a name is a folder. */
type Bombs = Readonly<Record<string, Uint8Array>>;

const repeated = (unit: string, times: number) => Buffer.from(unit.repeat(times), "latin1");
const listed = <T>(count: number, item: (index: number) => T) => Array.from({ length: count }, (_, i) => item(i));

/** A field of bytes of a protocol buffer: its number and length, then the bytes. */
function field(number: number, content: Uint8Array): Uint8Array {
	const head = [(number << 3) | 2];
	let left = content.length;
	for (; left >= 128; left >>= 7) head.push((left & 127) | 128);
	return Buffer.concat([Buffer.from([...head, left]), content]);
}

/** Numbers of fields in onnx.proto: a graph of a model, nodes and tensors of a graph, and so on. */
const [GRAPH, NODE, INITIALIZER, ATTRIBUTE, SUBGRAPH, INTS] = [7, 1, 5, 5, 6, 8];

/** A node after the other, each reading the one before and, as its second input, one further back. */
const chain = (op: string, count: number, back?: (index: number) => number) =>
	Array.from({ length: count }, (_, i): TestNode => {
		const value = (index: number) => (index < 0 ? "x" : `v${index}`);
		return { op, inputs: [value(i - 1), ...(back === undefined ? [] : [value(back(i))])] };
	});

function onnxBombs(): Bombs {
	const constants = Array.from({ length: 60 }, (): TestNode => ({ op: "ConstantOfShape", inputs: ["shape"] }));
	const sums = constants.map((_, i): TestNode => ({ op: "Add", inputs: [`v${i}`, `v${i === 0 ? 0 : 59 + i}`] }));
	const doubling = chain("Concat", 2000, (i) => i - 1).map((node) => ({ ...node, attributes: { axis: 1 } }));
	const same = chain("Relu", 40_000).map((node, i) => ({
		...node,
		inputs: [i === 0 ? "x" : "same"],
		outputs: ["same"],
	}));
	const rows: TestNode[] = [
		{ op: "GatherND", inputs: ["data", "indices"], outputs: ["rows"] },
		{ op: "ReduceMax", inputs: ["rows"], outputs: ["most"], attributes: { keepdims: 0 } },
		{ op: "Add", inputs: ["x", "most"] },
	];
	let nested: Uint8Array = new Uint8Array();
	for (let depth = 0; depth < 3000; depth++) nested = field(NODE, field(ATTRIBUTE, field(SUBGRAPH, nested)));
	return {
		"chain-100000.onnx": onnxFile([4], chain("Relu", 100_000)),
		"chain-40000.onnx": onnxFile([4], chain("Relu", 40_000)),
		"sums-40000.onnx": onnxFile(
			[4],
			chain("Add", 40_000, (i) => i >> 1),
		),
		"constants.onnx": onnxFile([4], [...constants, ...sums], {
			shape: { shape: [2], values: [4096, 4096], type: "int64" },
		}),
		"doubling.onnx": onnxFile([4], doubling),
		"rows.onnx": onnxFile([4], rows, {
			data: { shape: [1, 60_000], values: listed(60_000, () => 2), type: "int64" },
			indices: { shape: [60_000, 1], values: listed(60_000, () => 0), type: "int64" },
		}),
		"rows-of-nothing.onnx": onnxFile([4], rows, {
			data: { shape: [1, 4], values: [1, 2, 3, 4], type: "int64" },
			indices: { shape: [1e9, 0], values: [], type: "int64" },
		}),
		"matrices.onnx": onnxFile(
			[3],
			chain("MatMul", 12_000).map((node, i) => ({ ...node, inputs: [...node.inputs, `onnx::MatMul_${i}`] })),
			Object.fromEntries(
				listed(12_000, (i) => [`onnx::MatMul_${i}`, { shape: [3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, i] }]),
			),
		),
		"same-names.onnx": onnxFile([4], same),
		"empty-nodes.onnx": field(GRAPH, repeated(String.fromCharCode((NODE << 3) | 2, 0), 2_000_000)),
		"empty-tensors.onnx": field(GRAPH, repeated(String.fromCharCode((INITIALIZER << 3) | 2, 0), 2_000_000)),
		"integers.onnx": field(GRAPH, field(NODE, field(ATTRIBUTE, field(INTS, Buffer.alloc(10_000_000))))),
		"nested.onnx": field(GRAPH, nested),
		"functions.onnx": functionBomb(),
		"circle.onnx": onnxModel({
			inputs: { x: { shape: [4] } },
			nodes: [{ op: "f", domain: OWN_DOMAIN, inputs: ["x"] }],
			functions: [
				{
					name: "f",
					inputs: ["a"],
					outputs: ["b"],
					nodes: [{ op: "f", domain: OWN_DOMAIN, inputs: ["a"], outputs: ["b"] }],
				},
			],
		}),
		"triangle.onnx": onnxFile([60_000], [{ op: "CumSum", inputs: ["x", "one"] }], {
			one: { shape: [], values: [1], type: "int64" },
		}),
		"product.onnx": onnxFile(
			[4],
			[
				{ op: "ConstantOfShape", inputs: ["shape"], outputs: ["a"] },
				{ op: "MatMul", inputs: ["a", "a"], outputs: ["b"] },
				{ op: "MatMul", inputs: ["x", "b"] },
			],
			{ shape: { shape: [2], values: [2000, 2000], type: "int64" } },
		),
	};
}

/** Thirty functions, each of which calls the next one twice. */
function functionBomb(): Uint8Array {
	const call = (i: number, from: string, to: string): TestNode =>
		i < 30
			? { op: `f${i}`, domain: OWN_DOMAIN, inputs: [from], outputs: [to] }
			: { op: "Relu", inputs: [from], outputs: [to] };
	const functions = listed(30, String).map((name, i) => ({
		name: `f${name}`,
		inputs: ["a"],
		outputs: ["c"],
		nodes: [call(i + 1, "a", "b"), call(i + 1, "b", "c")],
	}));
	return onnxModel({ inputs: { x: { shape: [4] } }, nodes: [call(0, "x", "y")], functions });
}

/** Models within each other, thirty deep, each of which calls the one within twice. */
function modelBomb(): Buffer {
	const layer = (name: string, calls: string[]) => ({ name, inbound_nodes: calls.map((from) => [[from, 0, 0, {}]]) });
	let inner: object = { class_name: "Activation", config: { name: "i", activation: "relu" } };
	for (let depth = 0; depth < 30; depth++) {
		const start = { class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, 2] }, ...layer("x", []) };
		const twice = { ...inner, name: "i", inbound_nodes: [[["x", 0, 0, {}]], [["i", 0, 0, {}]]] };
		const config = { name: "i", layers: [start, twice], input_layers: [["x", 0, 0]], output_layers: [["i", 1, 0]] };
		inner = { class_name: "Model", config };
	}
	return Buffer.from(JSON.stringify({ format: "layers-model", modelTopology: inner, weightsManifest: [] }));
}

/** Layers of which each stands before the one that it reads. */
function backwardsBomb(): Buffer {
	const layers = listed(30_000, (i) => ({
		class_name: i === 0 ? "InputLayer" : "ReLU",
		name: `l${i}`,
		config: { name: `l${i}`, batch_input_shape: [null, 2] },
		inbound_nodes: i === 0 ? [] : [[[`l${i - 1}`, 0, 0, {}]]],
	})).reverse();
	const config = { name: "m", layers, input_layers: [["l0", 0, 0]], output_layers: [["l29999", 0, 0]] };
	const modelTopology = { class_name: "Functional", config };
	return Buffer.from(JSON.stringify({ format: "layers-model", modelTopology, weightsManifest: [] }));
}

function pickleBombs(): Bombs {
	const pt = (pickle: Uint8Array) => zipSync({ "archive/data.pkl": pickle, "archive/data/0": new Uint8Array(4) });
	// PROTO 2, EMPTY_DICT, EMPTY_TUPLE, then 60 times a pair of the last with itself, as a key.
	const memo = Array.from({ length: 60 }, () => [0x71, 0, 0x68, 0, 0x86]).flat();
	return {
		"dictionaries.pt": pt(repeated("}", 5_000_000)),
		"dictionaries-400000.pt": pt(repeated("}", 400_000)),
		"tuples.pt": pt(repeated(")\x85", 2_000_000)),
		"marks.pt": pt(repeated("(", 2_700_000)),
		"memo.pt": pt(repeated("}\x94", 300_000)),
		"recalled.pt": pt(Buffer.concat([repeated("]q\0", 1), repeated("h\0a", 1_500_000)])),
		"names.pt": pt(repeated("\x8c\x04name", 800_000)),
		"keys.pt": pt(Uint8Array.of(0x80, 2, 0x7d, 0x29, ...memo, 0x4b, 1, 0x73, 0x2e)),
		"long.pt": pt(repeated("}", 200_000_000)),
		"storage.pt": zipSync({ "archive/data.pkl": repeated(".", 1), "archive/data/0": new Uint8Array(250_000_000) }),
	};
}

function arrayBombs(): Bombs {
	const zeros = (bytes: number) => toNpy("|u1", [bytes], new Uint8Array(bytes));
	const y = toNpy("<i8", [1], BigInt64Array.of(0n));
	const integers = toNpy("|i1", [120_000_000], new Uint8Array(120_000_000));
	return {
		"zeros.npz": zipSync({ "x.npy": zeros(250_000_000), "y.npy": y }),
		"zeros-120.npz": zipSync({ "x.npy": zeros(120_000_000), "y.npy": y }),
		"integers.npz": zipSync({ "x.npy": integers, "y.npy": y }),
		"entries.npz": zipSync(Object.fromEntries(listed(60_000, String).map((name) => [name, new Uint8Array(0)]))),
	};
}

function tableBombs(): Bombs {
	return {
		"quote.csv": Buffer.concat([Buffer.from('a,b\n1,"2'), repeated("\n5,6", 5_000_000)]),
		"quotes.csv": Buffer.concat([Buffer.from('a,b\n1,"2'), repeated('""', 5_000_000)]),
		"cells.csv": repeated("1,2\n", 5_000_000),
		"columns.csv": repeated("1,", 10_000_000),
		"lines.csv": repeated("\n", 20_000_000),
		"classes.csv": Buffer.from(listed(2_000_000, (i) => `1,c${i}\n`).join("")),
		"values.csv": Buffer.from(listed(2_000_000, (i) => `1,${i / 2}\n`).join("")),
	};
}

function jsonBombs(): Bombs {
	const safetensors = (header: string) => {
		const length = Buffer.alloc(8);
		length.writeBigUInt64LE(BigInt(header.length));
		return Buffer.concat([length, Buffer.from(header)]);
	};
	const keras = (topology: string) =>
		Buffer.from(`{"format":"layers-model","modelTopology":${topology},"weightsManifest":[]}`);
	const tensors = (count: number) =>
		safetensors(`{${listed(count, (i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join()}}`);
	return {
		"lists.safetensors": safetensors(`{"a":[${"[],".repeat(6_000_000)}0]}`),
		"tensors-300000.safetensors": tensors(300_000),
		"tensors-100000.safetensors": tensors(100_000),
		"nested.safetensors": safetensors(`{"a":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`),
		"models.json": modelBomb(),
		"backwards.json": backwardsBomb(),
		"lists.json": keras(`[${"[],".repeat(6_000_000)}0]`),
		"layers.json": keras(`{"config":[${'{"a":0},'.repeat(1_200_000)}0]}`),
		"nested.json": keras(`${'{"a":'.repeat(1_000_000)}0${"}".repeat(1_000_000)}`),
	};
}

function runBombs(): Bombs {
	const run = (fields: number, steps: number) =>
		packFrame(
			{
				format: "isoloss run",
				version: 2,
				provenance: { plan: {}, version: "0.1.0", notes: {} },
				grid: { kind: "regular", axes: [{ min: 0, max: 1, steps }] },
				extras: [],
				fields: Array.from({ length: fields }, (_, i) => ({ name: `f${i}`, label: "a", unit: "nats" })),
				anchors: [],
			},
			0,
		).bytes;
	return {
		"nested.msgpack": Buffer.alloc(10_000_000, 0x91),
		"maps.msgpack": Buffer.alloc(20_000_000, 0x80),
		"fields.msgpack": run(100_000, 1e6),
		"points.msgpack": run(1, 1e9),
		"points-1e7.msgpack": run(1, 1e7),
	};
}

/** Pictures of some hundred kilobytes with 256 million pixels, and with as many as may be. */
async function imageBombs(): Promise<Bombs> {
	const square = (side: number) =>
		sharp({ create: { width: side, height: side, channels: 3, background: "black" } })
			.png()
			.toBuffer();
	return { "pixels/a/large.png": await square(16_000), "pixels-6000/a/large.png": await square(6000) };
}

/** Writes them all into a folder. */
async function writeBombs(folder: string): Promise<void> {
	const makers = [onnxBombs, pickleBombs, arrayBombs, tableBombs, jsonBombs, runBombs, imageBombs];
	for (const make of makers)
		for (const [name, bytes] of Object.entries(await make())) {
			mkdirSync(dirname(join(folder, name)), { recursive: true });
			writeFileSync(join(folder, name), bytes);
		}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeBombs(process.argv[2] ?? "bombs");
