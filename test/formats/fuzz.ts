import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { unzipSync, zipSync } from "fflate";
import { FileFormatError, IsolossError } from "../../src/errors.js";
import { RandomStream } from "../../src/exact/random.js";
import { surfaceOfFile } from "../../src/exchange/import.js";
import { formatSurfaceJson } from "../../src/export/json.js";
import { formatSurfaceNpz } from "../../src/export/npz.js";
import { packFrame, readFrames, sourceOfBytes } from "../../src/files/frames.js";
import { parseNpyData, parseNpzData } from "../../src/formats/arrays.js";
import { parseCsv } from "../../src/formats/csv.js";
import { importKerasArchive } from "../../src/formats/keras/archive.js";
import { importKerasHdf5, kerasTensors } from "../../src/formats/keras/hdf5.js";
import { importKeras } from "../../src/formats/keras/index.js";
import { parseNpzWeights } from "../../src/formats/npz-weights.js";
import { onnxApart } from "../../src/formats/onnx/apart.js";
import { importOnnx } from "../../src/formats/onnx/index.js";
import { ModelProtoSchema } from "../../src/formats/onnx/onnx_pb.js";
import { importers } from "../../src/formats/onnx/ops/index.js";
import { parsePyTorch } from "../../src/formats/pytorch/state-dict.js";
import { formatSafetensors, parseSafetensors } from "../../src/formats/safetensors.js";
import type { Network } from "../../src/network/network.js";
import { packHeader, parseRun } from "../../src/store/run-format.js";
import { newSurface, provenance } from "../fixtures.js";
import { toNpy } from "./npy-file.js";

/** A reader of files and files that it reads. */
export interface Target {
	readonly name: string;
	readonly read: (bytes: Uint8Array) => unknown;
	readonly seeds: readonly Uint8Array[];
	/** How a file is damaged, where not byte by byte. */
	readonly mutate?: (seed: Uint8Array, random: RandomStream) => Uint8Array;
}

const root = new URL("../../../test/", import.meta.url);
const file = (path: string) => readFileSync(new URL(path, root));
const shard = () => file("corpus/keras/tokens/group1-shard1of1.bin");
const text = (content: string) => new TextEncoder().encode(content);

/** Exports of a small surface, and files of the reference code. */
function surfaceSeeds(): Uint8Array[] {
	const surface = newSurface({ min: 0, max: 1, steps: 3 }, { min: -1, max: 1, steps: 2 }, undefined, [[0.5, 0.5]]);
	surface.done.fill(1, 1);
	return [
		text(formatSurfaceJson(surface)),
		formatSurfaceNpz(surface),
		...["surface", "line-packed"].map((name) => file(`conformance/reference-files/${name}.h5`)),
	];
}

/** A damaged file gives the same, be it a network or an error, whether its numbers are read with it or later. */
function readApart(bytes: Uint8Array): Network {
	const beside = (): Uint8Array => {
		throw new FileFormatError("beside.bin", "no such file");
	};
	const apart = onnxApart(sourceOfBytes(bytes), 8);
	const outcome = (read: () => Network): Network | IsolossError => {
		try {
			return read();
		} catch (error) {
			if (error instanceof IsolossError) return error;
			throw error;
		}
	};
	const whole = outcome(() => importOnnx(bytes, "fuzz.onnx", beside));
	if (apart !== undefined) {
		const left = Object.assign(beside, { left: apart.left });
		const parts = outcome(() => importOnnx(apart.bytes, "fuzz.onnx", left));
		if (!isDeepStrictEqual(parts, whole)) throw new Error(`read apart: ${parts}; read whole: ${whole}`);
	}
	if (whole instanceof IsolossError) throw whole;
	return whole;
}

/** Every importer, with small files so that a mutation often hits what matters. */
export function targets(): Target[] {
	const weights = new Map([["a.weight", { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }]]);
	return [
		{
			name: "onnx",
			read: (bytes) => importOnnx(bytes, "fuzz.onnx"),
			seeds: ["mlp/a.onnx", "regression/a.onnx", "transformer/a.onnx", "resnet8/a-folded.onnx"].map((path) =>
				file(`corpus/pytorch/${path}`),
			),
		},
		{
			name: "onnx-apart",
			read: readApart,
			seeds: ["mlp/a.onnx", "regression/a.onnx"].map((path) => file(`corpus/pytorch/${path}`)),
		},
		{
			name: "onnx-fields",
			read: (bytes) => importOnnx(bytes, "fuzz.onnx"),
			seeds: [
				...["transformer/a.onnx", "resnet8/a.onnx", "vgg/a.onnx"].map((path) => `corpus/pytorch/${path}`),
				...["lstm", "segmenter", "products", "volumes"].map((name) => `corpus/pytorch2/${name}/torchscript.onnx`),
				"corpus/cases/onnx-dequantised-weights/net.onnx",
			].map(file),
			mutate: mutateOnnx,
		},
		{
			name: "surfaces",
			read: (bytes) => surfaceOfFile(bytes, "fuzz.json"),
			seeds: surfaceSeeds(),
		},
		{
			name: "surface-table",
			read: (bytes) => surfaceOfFile(bytes, "fuzz.csv"),
			seeds: [
				text("alpha,beta,loss,interpolated\n0,0,1,0\n1,0,NaN,1\n0,1,,0\n1,1,-2e-3,0\n"),
				text("x;loss\n0;1,5\n1;inf\n"),
			],
		},
		{
			name: "keras",
			read: (bytes) => importKeras(bytes, "model.json", shard),
			seeds: [file("corpus/keras/tokens/model.json"), file("corpus/keras/sequential-cnn/model.json")],
		},
		{
			name: "keras-shard",
			read: (bytes) => importKeras(file("corpus/keras/tokens/model.json"), "model.json", () => bytes),
			seeds: [shard()],
		},
		{
			name: "keras-nested",
			read: (bytes) => importKeras(bytes, "model.json", () => file("corpus/cases/keras-nested/w.bin")),
			seeds: [file("corpus/cases/keras-nested/model.json"), file("corpus/cases/keras-nested/model.json")],
			mutate: (seed, random) => {
				const document: unknown = JSON.parse(new TextDecoder().decode(seed));
				return text(JSON.stringify(otherValues(document, random)));
			},
		},
		{
			name: "keras-hdf5",
			read: (bytes) => importKerasHdf5(bytes, "fuzz.h5", {}),
			seeds: ["tokens", "recurrent"].map((name) => file(`corpus/keras3/${name}/model.h5`)),
		},
		{
			name: "keras-hdf5-weights",
			read: (bytes) => kerasTensors(bytes, "fuzz.weights.h5"),
			seeds: ["nested", "recurrent"].map((name) => file(`corpus/keras3/${name}/model.weights.h5`)),
		},
		{
			name: "keras-archive",
			read: (bytes) => importKerasArchive(bytes, "fuzz.keras", {}),
			seeds: [file("corpus/keras3/inputs/model.keras")],
			mutate: inside,
		},
		{
			name: "pytorch",
			read: (bytes) => parsePyTorch(bytes, "fuzz.pt"),
			seeds: [file("corpus/pytorch/mlp/b.pt"), file("corpus/pytorch/regression/b.pt")],
		},
		{
			name: "pytorch-inside",
			read: (bytes) => parsePyTorch(bytes, "fuzz.pt"),
			seeds: [
				file("corpus/pytorch/mlp/b.pt"),
				file("formats/weights/parameter.pt"),
				file("formats/weights/strided.pt"),
			],
			mutate: inside,
		},
		{
			name: "npz-inside",
			read: (bytes) => parseNpzData(bytes, "fuzz.npz"),
			seeds: [file("corpus/pytorch/regression/data.npz")],
			mutate: inside,
		},
		{
			name: "npz-weights-inside",
			read: (bytes) => parseNpzWeights(bytes, "fuzz.npz"),
			seeds: [file("formats/weights/w.npz")],
			mutate: inside,
		},
		{
			name: "keras-values",
			read: (bytes) => importKeras(bytes, "model.json", shard),
			seeds: [file("corpus/keras/tokens/model.json"), file("corpus/keras/sequential-cnn/model.json")],
			mutate: (seed, random) => {
				const document: unknown = JSON.parse(new TextDecoder().decode(seed));
				return text(JSON.stringify(otherValues(document, random)));
			},
		},
		{
			name: "run-values",
			read: (bytes) => parseRun(bytes, "run.msgpack"),
			seeds: [runOf()],
			mutate: (seed, random) => {
				let check = 0;
				const frames = readFrames(seed).frames.map(({ record }) => {
					const frame = packFrame(otherValues(record, random), check);
					({ check } = frame);
					return frame.bytes;
				});
				return Buffer.concat(frames);
			},
		},
		{
			name: "npz",
			read: (bytes) => parseNpzData(bytes, "fuzz.npz"),
			seeds: [file("corpus/pytorch/regression/data.npz")],
		},
		{
			name: "npz-weights",
			read: (bytes) => parseNpzWeights(bytes, "fuzz.npz"),
			seeds: [file("corpus/pytorch/mlp/data.npz")],
		},
		{
			name: "npy",
			read: (bytes) => parseNpyData(bytes, bytes, "fuzz.npy"),
			seeds: [toNpy("<f4", [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)), toNpy("<i8", [2], BigInt64Array.of(1n, 2n))],
		},
		{ name: "csv", read: (bytes) => parseCsv(bytes, "fuzz.csv"), seeds: [text('a,b,"y"\n1,2,x\n3,4,"z"\n')] },
		{
			name: "safetensors",
			read: (bytes) => parseSafetensors(bytes, "fuzz.safetensors"),
			seeds: [formatSafetensors({ tensors: weights, metadata: { a: "b" } })],
		},
	];
}

/** A file cut short, with bits flipped, with bytes set to extremes, or with a part repeated or taken out. */
export function mutate(seed: Uint8Array, random: RandomStream): Uint8Array {
	const below = (limit: number) => Math.min(limit - 1, Math.floor(random.uniform() * limit));
	const kind = below(6);
	if (kind === 0) return seed.subarray(0, below(seed.length + 1));
	const bytes = Uint8Array.from(seed);
	const count = 1 + below(kind === 1 ? 1 : 8);
	for (let change = 0; change < count; change++) {
		// Headers lie at both ends of these formats: half of the changes go there.
		const near = Math.min(bytes.length, 600);
		const at = [below(bytes.length), below(near), bytes.length - 1 - below(near)][below(3)] ?? 0;
		if (kind <= 2) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
		else if (kind === 3) bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)] ?? 0;
		else if (kind === 4) bytes.fill(0xff, at, at + 1 + below(9));
		else {
			const length = 1 + below(64);
			const to = below(bytes.length);
			bytes.copyWithin(to, at, at + length);
		}
	}
	return bytes;
}

/** An archive whose entries are damaged, but have the checksums of what they hold. */
function inside(seed: Uint8Array, random: RandomStream): Uint8Array {
	const entries = unzipSync(seed);
	const names = Object.keys(entries);
	const name = names[Math.min(names.length - 1, Math.floor(random.uniform() * names.length))] ?? "";
	return zipSync({ ...entries, [name]: mutate(entries[name] ?? new Uint8Array(), random) }, { level: 0 });
}

const oddities: readonly unknown[] = [null, true, -1, 0, 0.5, 1e9, 2 ** 53, "", "x", [], {}, [0], new Uint8Array(3)];

/** The same value, in which a few parts, however deep, are something else. */
function otherValues(value: unknown, random: RandomStream, chance = 0.02): unknown {
	if (random.uniform() < chance) return oddities[Math.floor(random.uniform() * oddities.length)];
	if (Array.isArray(value)) return value.map((item) => otherValues(item, random, chance));
	if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, otherValues(item, random, chance)]));
}

/** A small run with all its points. */
function runOf(): Uint8Array {
	const surface = newSurface({ min: -1, max: 1, steps: 3 }, { min: 0, max: 1, steps: 2 }, provenance({}), [[0, 9]]);
	const header = packHeader(surface);
	const values = packFrame({ first: 0, values: new Uint8Array(8 * 2 * 7) }, header.check);
	return Buffer.concat([header.bytes, values.bytes]);
}

const extremes = [-1, 0, 1, 2, 3, 7, 1000, 65536, 2 ** 31, 1000003, 2 ** 53, -(2 ** 31)];

/** A whole ONNX file in which a few lengths, axes, inputs or operators are others than before. */
function mutateOnnx(seed: Uint8Array, random: RandomStream): Uint8Array {
	const one = <T>(items: readonly T[]): T | undefined =>
		items[Math.min(items.length - 1, Math.floor(random.uniform() * items.length))];
	const model = fromBinary(ModelProtoSchema, seed);
	const { node = [], initializer = [], input = [] } = model.graph ?? {};
	const operators = [...importers.keys()];
	for (let change = 0; change < 3; change++) {
		const extreme = BigInt(one(extremes) ?? 0);
		const [some, tensor] = [one(node), one(initializer)];
		const attribute = one(some?.attribute ?? []);
		const value = one(node.flatMap((item) => item.attribute.flatMap(({ t }) => (t ? [t] : []))));
		switch (Math.floor(random.uniform() * 7)) {
			case 0:
				if (attribute) attribute.i = extreme;
				if (attribute?.ints.length) attribute.ints[0] = extreme;
				break;
			case 1:
				if (tensor?.dims.length) tensor.dims[0] = extreme;
				break;
			case 2:
				if (value?.rawData.length === 8) value.rawData = new Uint8Array(BigInt64Array.of(extreme).buffer);
				break;
			case 3:
				if (some) some.opType = one(operators) ?? "";
				break;
			case 4:
				if (some?.input.length) some.input[0] = one(node)?.output[0] ?? "";
				break;
			case 5:
				if (some?.input.length) some.input[some.input.length - 1] = one(initializer)?.name ?? "";
				break;
			default: {
				const type = input[0]?.type?.value;
				const dim = type?.case === "tensorType" ? one(type.value.shape?.dim ?? []) : undefined;
				if (dim) dim.value = { case: "dimValue", value: extreme };
			}
		}
	}
	return toBinary(ModelProtoSchema, model);
}

export interface Outcome {
	readonly refused: number;
	readonly read: number;
	/** What was thrown that is no tagged error, with the number of the mutation. */
	readonly failures: readonly string[];
	/** The longest that one file took, in milliseconds. */
	readonly slowest: number;
}

/** Reads mutated files, counting those refused with a tagged error and collecting all else that was thrown. */
export function fuzz({ name, read, seeds, mutate: damage = mutate }: Target, mutations: number): Outcome {
	const random = new RandomStream(name.length, "sampleOrder");
	const failures: string[] = [];
	let refused = 0;
	let slowest = 0;
	for (let number = 0; number < mutations; number++) {
		const seed = seeds[number % seeds.length];
		if (seed === undefined) break;
		const started = performance.now();
		try {
			read(damage(seed, random));
		} catch (error) {
			if (error instanceof IsolossError) refused += 1;
			else failures.push(`${name} ${number}: ${error instanceof Error ? error.stack : String(error)}`);
		}
		slowest = Math.max(slowest, performance.now() - started);
	}
	return { refused, read: mutations - refused - failures.length, failures, slowest };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { values } = parseArgs({ options: { mutations: { type: "string", default: "10000" } } });
	for (const target of targets()) {
		const { refused, read, failures, slowest } = fuzz(target, Number(values.mutations));
		console.log(
			`${target.name}: ${refused} refused, ${read} read, ${failures.length} failed; slowest ${slowest.toFixed(0)} ms; ` +
				`at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB so far`,
		);
		for (const failure of failures.slice(0, 3)) console.log(failure);
		if (failures.length > 0) process.exitCode = 1;
	}
}
