import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { FileFormatError, LayoutMismatchError } from "../../src/errors.js";
import { readMetadata, readWeights, writeWeights } from "../../src/formats/index.js";
import { formatSafetensors, parseSafetensors } from "../../src/formats/safetensors.js";
import { initialize } from "../../src/network/initialize.js";
import { modelByName } from "../../src/network/zoo/index.js";
import { temporaryDirectory } from "../fixtures.js";

/** A file written by hand: header text, then data. */
function file(header: unknown, data: Uint8Array): Uint8Array {
	const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
	const bytes = new Uint8Array(8 + text.length + data.length);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
	bytes.set(text, 8);
	bytes.set(data, 8 + text.length);
	return bytes;
}

test("any tensors and metadata come back as they were written", (t) => {
	const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
		const size = shape.reduce((product, length) => product * length, 1);
		return fc
			.float32Array({ minLength: size, maxLength: size })
			.map((values) => ({ shape, values: Float32Array.from(values) }));
	});
	const name = fc
		.string({ minLength: 1 })
		.filter((text) => text !== "__metadata__" && text !== "__proto__" && !/^\d+$/.test(text));
	fc.assert(
		fc.property(
			fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key }),
			fc.dictionary(name, fc.string()),
			(entries, metadata) => {
				const written = { tensors: new Map(entries), metadata: { ...metadata } };
				t.deepEqual(parseSafetensors(formatSafetensors(written), "test"), written);
			},
		),
	);
});

test("the file is laid out as the format says", (t) => {
	const bytes = formatSafetensors({
		tensors: new Map([["w", { shape: [2], values: Float32Array.of(1, -2) }]]),
		metadata: { a: "b" },
	});
	const header = '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
	const padded = header.padEnd(Math.ceil(header.length / 8) * 8, " ");
	const expected = Buffer.concat([
		Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0]),
		Buffer.from(padded),
		Buffer.from("0000803f000000c0", "hex"),
	]);
	t.deepEqual(Buffer.from(bytes), expected);
});

test("half, bfloat16, double and int64 tensors are read as numbers", (t) => {
	// 1.5, the smallest subnormal, -Infinity in binary16; 1.5 and -2 in bfloat16.
	const header = {
		half: { dtype: "F16", shape: [3], data_offsets: [0, 6] },
		brain: { dtype: "BF16", shape: [2], data_offsets: [6, 10] },
		double: { dtype: "F64", shape: [], data_offsets: [10, 18] },
		whole: { dtype: "I64", shape: [1], data_offsets: [18, 26] },
	};
	const data = Buffer.from(`003e010000fc${"c03f00c0"}${"000000000000f8bf"}${"f9ffffffffffffff"}`, "hex");
	const { tensors } = parseSafetensors(file(header, data), "test");
	t.deepEqual([...(tensors.get("half")?.values ?? [])], [1.5, 2 ** -24, Number.NEGATIVE_INFINITY]);
	t.deepEqual([...(tensors.get("brain")?.values ?? [])], [1.5, -2]);
	t.deepEqual([...(tensors.get("double")?.values ?? [])], [-1.5]);
	t.deepEqual([...(tensors.get("whole")?.values ?? [])], [-7]);
});

test("damaged files are refused, each with what is wrong", (t) => {
	const entry = (fields: object) => ({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields } });
	const eight = new Uint8Array(8);
	const cases: [Uint8Array, RegExp][] = [
		[new Uint8Array(), /empty/],
		[Uint8Array.of(1, 2, 3), /not a safetensors file/],
		[new TextEncoder().encode("this is some other file altogether"), /not a safetensors file/],
		[file("{nonsense}", eight), /header is no JSON/],
		[file(entry({}), eight.subarray(0, 4)), /truncated: tensor w ends at byte 8 of the data, the file holds 4/],
		[file(entry({}), eight).subarray(0, 20), /truncated: the header alone/],
		[file(entry({ dtype: "Q4" }), eight), /tensor w has dtype Q4; expected one of/],
		[file(entry({ shape: [3] }), eight), /tensor w \[3\] F32 needs 12 bytes, its range has 8/],
		[file(entry({ shape: [-1] }), eight), /no valid shape/],
		[file(entry({ data_offsets: [0] }), eight), /no valid data_offsets/],
		[file(entry({ shape: [2 ** 40], data_offsets: [0, 2 ** 42] }), eight), /truncated/],
		[file({ w: null }, eight), /dtype undefined/],
	];
	for (const [bytes, message] of cases)
		t.throws(() => parseSafetensors(bytes, "w.safetensors"), { instanceOf: FileFormatError, message });
});

test("a file cut off or changed anywhere is read or refused, never anything else", (t) => {
	const whole = formatSafetensors({
		tensors: new Map([["w", { shape: [2, 3], values: new Float32Array(6) }]]),
		metadata: { a: "b" },
	});
	for (let length = 0; length < whole.length; length++)
		t.throws(() => parseSafetensors(whole.subarray(0, length), "cut"), { instanceOf: FileFormatError });
	fc.assert(
		fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
			const changed = whole.slice();
			changed[position] = (changed[position] ?? 0) ^ flip;
			try {
				parseSafetensors(changed, "changed");
				return true;
			} catch (error) {
				return error instanceof FileFormatError;
			}
		}),
		{ numRuns: 1000 },
	);
});

test("what writeWeights writes of a network, readWeights and readMetadata read", async (t) => {
	const path = join(await temporaryDirectory(t), "new", "resnet.safetensors");
	const graph = modelByName("resnet-8");
	const state = initialize(graph, 3);
	await writeWeights(path, { graph, state }, { seed: "3" });
	t.deepEqual(await readWeights(path, { graph }), state);
	t.deepEqual(readMetadata(path), { seed: "3" });
	const other = modelByName("mlp-4");
	await t.throwsAsync(writeWeights(path, { graph: other, state }), { instanceOf: LayoutMismatchError });
	t.deepEqual(await readWeights(path, { graph }), state, "what was there is left alone");
});
