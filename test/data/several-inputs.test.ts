import test from "ava";
import { toDataset } from "../../src/data/arrange.js";
import { checkDataset, datasetDigest, inputsOf, withArrays } from "../../src/data/dataset.js";
import type { NumericArray, RawData } from "../../src/data/raw.js";
import { LayoutMismatchError, OptionError } from "../../src/errors.js";
import { importOnnx } from "../../src/formats/onnx/index.js";
import { evaluate } from "../../src/landscape.js";
import { onnxModel } from "../formats/onnx/onnx-file.js";

/** Rows of a table by tokens, times a number for each, plus features by weights. */
const network = importOnnx(
	onnxModel({
		inputs: { ids: { shape: [], type: "int64" }, weight: { shape: [1] }, "features:0": { shape: [2] } },
		tensors: {
			table: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] },
			kernel: { shape: [2, 2], values: [1, 0.5, -1, 2] },
		},
		nodes: [
			{ op: "Gather", inputs: ["table", "ids"], outputs: ["rows"] },
			{ op: "Mul", inputs: ["rows", "weight"], outputs: ["weighed"] },
			{ op: "MatMul", inputs: ["features:0", "kernel"], outputs: ["moved"] },
			{ op: "Add", inputs: ["weighed", "moved"] },
		],
	}),
	"several.onnx",
);

const array = (
	shape: readonly number[],
	values: readonly number[],
	type: NumericArray["type"] = "float32",
): NumericArray => ({
	shape,
	type,
	values: Float32Array.from(values),
});
const ids = array([2], [2, 0], "int64");
const weight = array([2, 1], [0.5, 2]);
const features = array([2, 2], [1, 1, 2, 0]);
const raw = (named: Readonly<Record<string, NumericArray>>): RawData => ({
	name: "data.npz",
	inputs: ids,
	named: new Map(Object.entries(named)),
	targets: array([2], [0, 1], "int32"),
});

test("each input takes the array of its name, in the order of the network, whatever the order of the file", (t) => {
	const data = toDataset(raw({ features, weight, ids }), network.graph);
	const [first, second, third] = inputsOf(data);
	const order = [...(data.numbers ?? [])];
	t.deepEqual(
		[...(first?.values ?? [])],
		order.map((sample) => [2, 0][sample]),
	);
	t.true(first?.values instanceof Int32Array);
	t.deepEqual(
		[...(second?.values ?? [])],
		order.map((sample) => [0.5, 2][sample]),
	);
	t.deepEqual(third?.shape, [2]);
});

test("a network with one input takes the array of its name, and none of several others", (t) => {
	const bytes = onnxModel({ inputs: { x: { shape: [2] } }, nodes: [{ op: "Relu", inputs: ["x"] }] });
	const { graph } = importOnnx(bytes, "one.onnx");
	const both = { ...raw({ x: features, weight }), isUnsure: true };
	t.deepEqual(toDataset(both, graph).sampleShape, [2]);
	t.throws(() => toDataset({ ...raw({ features, weight }), isUnsure: true }, graph), {
		message: /holds features \[2,2\], weight \[2,1\], none of which is called x/,
	});
});

test("the loss is that of all inputs together", async (t) => {
	const others = {
		weight: { values: Float32Array.of(0.5, 2), shape: [2, 1] },
		"features:0": { values: Float32Array.of(1, 1, 2, 0), shape: [2, 2] },
	};
	const data = { inputs: Int32Array.of(2, 0), shape: [2], others, targets: Int32Array.of(0, 1) };
	const { fields } = await evaluate({ network, data, samples: "all", loss: "softmax-cross-entropy" });
	// [5, 6]/2 + [1-1, 0.5+2] = [2.5, 5.5] of class 0; [1, 2]·2 + [2, 1] = [4, 5] of class 1.
	const loss = (Math.log(1 + Math.exp(3)) + Math.log(1 + Math.exp(-1))) / 2;
	t.true(Math.abs((fields[0]?.value ?? Number.NaN) - loss) < 1e-6);
});

test("an array that is missing is named, with all that the network takes and the file has", (t) => {
	t.throws(() => toDataset(raw({ ids, features }), network.graph), {
		instanceOf: LayoutMismatchError,
		message:
			/^data\.npz: several takes 3 inputs \(ids \[n\], weight \[n,1\], features:0 \[n,2\]\).*; weight is missing among ids \[2\], features \[2,2\]/,
	});
});

test("tokens that the table lacks, and shapes that don't fit, are named with their input", (t) => {
	const wrong = (named: Readonly<Record<string, NumericArray>>) => () =>
		toDataset(raw({ ids, weight, features, ...named }), network.graph);
	t.throws(wrong({ ids: array([2], [3, 0], "int64") }), { message: /token 3 is not one of the 3 that several knows/ });
	t.throws(wrong({ weight: array([2, 3], [1, 2, 3, 4, 5, 6]) }), {
		message: /samples of shape \[3\] don't fit input weight of several, \[1\]/,
	});
});

test("a data set in memory is checked, moved and told apart by all its inputs", (t) => {
	const data = toDataset(raw({ ids, weight, features }), network.graph);
	t.notThrows(() => checkDataset("data", data));
	t.throws(
		() =>
			checkDataset("data", {
				...data,
				others: data.others?.map((other) => ({ ...other, values: new Float32Array(1) })),
			}),
		{
			instanceOf: LayoutMismatchError,
		},
	);
	t.throws(() => checkDataset("data", { ...data, others: [{ shape: "?" }] }), { instanceOf: OptionError });
	const copy = withArrays(data, (values) => values.slice() as typeof values);
	t.is(datasetDigest(copy), datasetDigest(data));
	copy.others?.[0]?.values.fill(7);
	t.not(datasetDigest(copy), datasetDigest(data));
});
