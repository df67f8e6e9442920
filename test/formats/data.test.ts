import test from "ava";
import { zipSync } from "fflate";
import { toDataset } from "../../src/data/arrange.js";
import { FileFormatError, LayoutMismatchError } from "../../src/errors.js";
import { parseNpzData } from "../../src/formats/arrays.js";
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
		message: /^t\.csv:2: expected a number in column 2, got "x"/,
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

const parsed = (text: string, target?: string) => {
	const { inputs, targets, assumptions = [] } = csv(text, target);
	return [inputs.shape, [...inputs.values], [...targets.values], ...assumptions];
};

test("a table is read however it is written, and what is not the usual is said", (t) => {
	const last = "the target is column 3";
	t.deepEqual(parsed("# made by hand\n1,2,0\n3,4,1\n"), [[2, 2], [1, 2, 3, 4], [0, 1], last]);
	t.deepEqual(parsed("1\t2\t0\n3\t4\t1\n"), [[2, 2], [1, 2, 3, 4], [0, 1], "cells are separated by tabs", last]);
	t.deepEqual(parsed("  1  2 0\n 3 4  1\n"), [[2, 2], [1, 2, 3, 4], [0, 1], "cells are separated by blanks", last]);
	const semicolons = ["cells are separated by semicolons", "numbers have decimal commas"];
	t.deepEqual(parsed("1,5;2;0\n3;4,25;1\n"), [[2, 2], [1.5, 2, 3, 4.25], [0, 1], ...semicolons, last]);
});

test("an index that pandas wrote is left out; a column of numbers without such a name is not", (t) => {
	const told = ["the first column counts the rows, and is left out", "the target is column 3, y"];
	t.deepEqual(parsed(",a,y\n0,5,1\n1,6,0\n"), [[2, 1], [5, 6], [1, 0], ...told]);
	t.deepEqual(parsed("a,b,y\n0,5,1\n1,6,0\n")[1], [0, 5, 1, 6]);
	t.deepEqual(parsed(",a,y\n7,5,1\n3,6,0\n")[1], [7, 5, 3, 6]);
});

test("the target is a column of a usual name, the last, or the one asked for", (t) => {
	t.deepEqual(parsed("label,p,q\n1,2,3\n0,4,5\n").slice(1), [[2, 3, 4, 5], [1, 0], "the target is column 1, label"]);
	t.deepEqual(parsed("1,2,3\n0,4,5\n", "first").slice(1), [
		[2, 3, 4, 5],
		[1, 0],
	]);
	t.deepEqual(parsed("1,2,3\n0,4,5\n", "2")[2], [2, 4]);
	t.throws(() => csv("1,2,3\n", "4"), {
		message: /^t.csv:1: no column is called "4"; there are 3; first, last or a number/,
	});
});

test("tables in other encodings keep the names of their classes", (t) => {
	const text = "x;k\n1;für\n2;ärz\n";
	const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
	for (const bytes of [Buffer.from(text, "latin1"), utf16, Buffer.from(`\ufeff${text}`)])
		t.deepEqual(parseCsv(bytes, "t.csv").classes, ["für", "ärz"]);
});

test("arrays of texts are names of classes, and big-endian numbers are numbers", (t) => {
	const texts = Buffer.from("b\0\0\0\0\0\0\0a\0\0\0c\0\0\0", "latin1");
	const y = toNpy("<U2", [2], new Uint8Array(texts));
	const x = toNpy(">f8", [2, 1], new Uint8Array(Buffer.from("3ff80000000000004004000000000000", "hex")));
	const { inputs, targets, classes } = parseNpzData(zipSync({ "x.npy": x, "y.npy": y }), "d.npz");
	t.deepEqual([...inputs.values], [1.5, 2.5]);
	t.deepEqual(
		[[...targets.values], classes],
		[
			[1, 0],
			["ac", "b"],
		],
	);
	t.throws(() => parseNpzData(zipSync({ "x.npy": y, "y.npy": y }), "d.npz"), { message: /its samples are texts/ });
});

test("what separates cells is what divides all lines alike, and stands outside of quotes", (t) => {
	const names = csv('a,b,k\n1,2,"x;y"\n3,4,"u;v"\n');
	t.deepEqual(
		[names.inputs.shape, names.classes],
		[
			[2, 2],
			["u;v", "x;y"],
		],
	);
	t.deepEqual(csv("a,b,k\n1,2,up; down\n3,4,left\n").classes, ["left", "up; down"]);
	t.deepEqual([...csv("sepal length,k\n1,a b\n2,c\n").inputs.values], [1, 2]);
	t.deepEqual([...csv('"1,5";"2";0\n"3";"4,25";1\n').inputs.values], [1.5, 2, 3, 4.25]);
});
