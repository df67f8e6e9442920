import test from "ava";
import { toDataset } from "../../src/data/arrange.js";
import { FileFormatError, LayoutMismatchError } from "../../src/errors.js";
import { parseCsv } from "../../src/formats/csv.js";
import { parseNpy } from "../../src/formats/npy.js";
import type { Graph } from "../../src/network/graph.js";
import { toNpy } from "./npy-file.js";

const csv = (text: string, target?: string) => parseCsv(new TextEncoder().encode(text), "t.csv", target);

test("a table with a header, quotes and names of classes gives samples and numbered classes", (t) => {
	const { inputs, targets, classes } = csv('a,"b, c",kind\n1,2,cat\n\n3,-4e1,"a ""dog"""\n5,6,cat\n');
	t.deepEqual(inputs.shape, [3, 2]);
	t.deepEqual([...inputs.values], [1, 2, 3, -40, 5, 6]);
	t.deepEqual(classes, ['a "dog"', "cat"]);
	t.deepEqual([...targets.values], [1, 0, 1]);
});

test("a named column is the target, and numbers with a fraction are values", (t) => {
	const { inputs, targets } = csv("y;a\n0.5;1\n2;3\n", "y");
	t.deepEqual([...inputs.values], [1, 3]);
	t.deepEqual(targets.values, Float32Array.of(0.5, 2));
});

test("a line that is not as the others is named by its number", (t) => {
	t.throws(() => csv("1,2,0\n1,2\n"), { instanceOf: FileFormatError, message: /^t\.csv:2: expected 3 columns, got 2/ });
	t.throws(() => csv("1,2,0\n1,x,1\n"), {
		instanceOf: FileFormatError,
		message: /^t\.csv:2: expected a number, got "x"/,
	});
});

test("an array that NumPy kept column by column comes row by row", (t) => {
	const { values } = parseNpy(toNpy("<f4", [2, 3], Float32Array.of(1, 4, 2, 5, 3, 6), "True"), "x.npy");
	t.deepEqual([...values], [1, 2, 3, 4, 5, 6]);
});

/** A network that takes 1×2 images of 3 channels, which its files have channels first. */
const graph: Graph = {
	name: "g",
	inputs: [
		{
			name: "x",
			shape: [1, 2, 3],
			native: { shape: [3, 1, 2], view: [3, 1, 2], permutation: [1, 2, 0] },
		},
	],
	nodes: [{ op: "flatten", inputs: ["x"], output: "f", attributes: {} }],
	parameters: [],
	output: "f",
};

test("images come channels last, whether the file has them first or last, and 8-bit ones as fractions", (t) => {
	const targets = { shape: [1], type: "int32" as const, values: Int32Array.of(5) };
	const first = { shape: [1, 3, 1, 2], type: "float32" as const, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
	t.deepEqual([...toDataset({ name: "d", inputs: first, targets }, graph).inputs], [1, 3, 5, 2, 4, 6]);
	const last = { shape: [1, 1, 2, 3], type: "uint8" as const, values: Uint8Array.of(0, 51, 102, 153, 204, 255) };
	const { inputs } = toDataset({ name: "d", inputs: last, targets }, graph, "all", { mean: [0.2], std: [1, 2, 4] });
	const expected = [-0.2, 0, 0.05, 0.4, 0.3, 0.2];
	t.true(expected.every((value, i) => Math.abs(value - (inputs[i] ?? Number.NaN)) < 1e-6));
});

test("samples that don't fit the network, and numbers that are not finite, are refused", (t) => {
	const targets = { shape: [1], type: "int32" as const, values: Int32Array.of(0) };
	const inputs = { shape: [1, 6], type: "float32" as const, values: new Float32Array(6) };
	const wrong = { ...inputs, shape: [1, 2, 2], values: new Float32Array(4) };
	t.throws(() => toDataset({ name: "d", inputs: wrong, targets }, graph), {
		instanceOf: LayoutMismatchError,
		message: /\[2,2\] don't fit the input of g, \[3,1,2\]/,
	});
	const spoiled = { ...inputs, shape: [2, 6], values: new Float32Array(12).fill(Number.NaN, 7) };
	const two = { ...targets, shape: [2], values: Int32Array.of(0, 0) };
	t.throws(() => toDataset({ name: "d", inputs: spoiled, targets: two }, graph), {
		instanceOf: LayoutMismatchError,
		message: /^d: holds NaN in sample 1, from which no loss can come$/,
	});
});
