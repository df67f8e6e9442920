import test from "ava";
import { importOnnx } from "../../../src/formats/onnx/index.js";
import { onnxFile, onnxModel, type TestNode, type TestTensor } from "./onnx-file.js";

const of = (shape: readonly number[], at: (...place: number[]) => number): TestTensor => {
	const [rows = 1, columns = 1] = shape.slice(-2);
	return { shape, values: Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)) };
};
const spread = (row: number, column: number) => ((row * 7 + column * 5) % 11) / 7 - 0.6;

/** Names of what moves, and reasons of what does not. */
function moved(nodes: readonly TestNode[], tensors: Readonly<Record<string, TestTensor>>, shape = [6, 4], opset = 14) {
	const { graph, still = [] } = importOnnx(onnxFile(shape, nodes, tensors, opset), "test.onnx");
	return {
		moves: graph.parameters.map(({ name }) => name),
		still: Object.fromEntries(still.map(({ name, reason }) => [name, reason])),
	};
}

const layer: TestNode = { op: "MatMul", inputs: ["h", "w"] };
const w = of([4, 3], spread);
const added = (table: TestTensor) => moved([{ op: "Add", inputs: ["x", "p"], outputs: ["h"] }, layer], { p: table, w });

test("positions in sines and cosines stay, side by side, in halves, scaled, or in few digits; learned ones move", (t) => {
	const angle = (row: number, pair: number) => row / 100 ** (pair / 2);
	const tables = {
		beside: of([1, 6, 4], (row, i) => (i % 2 === 0 ? Math.sin : Math.cos)(angle(row, i >> 1))),
		halves: of([6, 4], (row, i) => (i < 2 ? Math.sin : Math.cos)(angle(row, i % 2))),
		scaled: of([6, 4], (row, i) => 0.25 * (i % 2 === 0 ? Math.sin : Math.cos)(angle(row, i >> 1))),
		rounded: of([6, 4], (row, i) => Math.round(2 ** 11 * (i < 2 ? Math.sin : Math.cos)(angle(row, i % 2))) / 2 ** 11),
	};
	for (const [name, table] of Object.entries(tables)) t.deepEqual(added(table).still, { p: "a table of sines" }, name);
	t.deepEqual(added(of([1, 6, 4], spread)).moves, ["p", "w"]);
	t.deepEqual(added(of([6, 4], () => 0)).moves, ["p", "w"]);
	t.deepEqual(added(of([6, 4], (row) => row / 10)).moves, ["p", "w"]);
});

test("frequencies of which sines and cosines are taken stay, those of a network of sines alone move", (t) => {
	const product = { op: "MatMul", inputs: ["x", "b"], outputs: ["p"] };
	const both = [
		product,
		{ op: "Sin", inputs: ["p"], outputs: ["s"] },
		{ op: "Cos", inputs: ["p"], outputs: ["c"] },
		{ op: "Concat", inputs: ["s", "c"], outputs: ["h"], attributes: { axis: 2 } },
		{ op: "MatMul", inputs: ["h", "w"] },
	];
	const b = of([4, 2], spread);
	t.deepEqual(moved(both, { b, w }), { moves: ["w"], still: { b: "frequencies of sines and cosines" } });
	const alone = [product, { op: "Sin", inputs: ["p"], outputs: ["h"] }, { op: "MatMul", inputs: ["h", "v"] }];
	t.deepEqual(moved(alone, { b, v: of([2, 3], spread) }).moves, ["b", "v"]);
});

test("a mask of zeros and ones stays, a fresh normalisation moves", (t) => {
	const times = (values: readonly number[]) =>
		moved([{ op: "Mul", inputs: ["x", "m"], outputs: ["h"] }, layer], { m: { shape: [4], values }, w });
	t.deepEqual(times([1, 0, 1, 1]).still, { m: "zeros and ones" });
	t.deepEqual(times([1, 1, 1, 1]).moves, ["m", "w"]);
});

test("a number that an exporter worked out stays, one with a name of the network's own moves", (t) => {
	const times = (name: string) =>
		moved([{ op: "Mul", inputs: ["x", name], outputs: ["h"] }, layer], { [name]: { shape: [1], values: [0.35] }, w });
	t.deepEqual(times("val_12").still, { val_12: "a single number" });
	t.deepEqual(times("temperature").moves, ["temperature", "w"]);
});

test("an embedding that is written again, transposed for the output layer, is one matrix; equal tensors of layers are one each", (t) => {
	const table = of([5, 4], spread);
	const transposed = of([4, 5], (row, column) => spread(column, row));
	const tokens = { inputs: { x: { shape: [3], type: "int64" as const } }, opset: 13 };
	const nodes = [
		{ op: "Gather", inputs: ["e", "x"], outputs: ["h"] },
		{ op: "MatMul", inputs: ["h", "o"] },
	];
	const tied = importOnnx(onnxModel({ ...tokens, nodes, tensors: { e: table, o: transposed } }), "test.onnx");
	t.deepEqual(
		tied.graph.parameters.map(({ name }) => name),
		["e"],
	);
	t.is(tied.state.parameters.length, 20);
	const square = of([4, 4], spread);
	const two = moved(
		[
			{ op: "Identity", inputs: ["a"], outputs: ["b"] },
			{ op: "MatMul", inputs: ["x", "a"], outputs: ["y"] },
			{ op: "Tanh", inputs: ["y"], outputs: ["z"] },
			{ op: "MatMul", inputs: ["z", "b"] },
		],
		{ a: square },
	);
	t.deepEqual(two.moves.toSorted(), ["a", "b"]);
});

test("what is asked to move moves, whatever it looks like", (t) => {
	const nodes = [{ op: "Mul", inputs: ["x", "m"], outputs: ["h"] }, layer];
	const bytes = onnxFile([6, 4], nodes, { m: { shape: [4], values: [1, 0, 1, 1] }, w });
	const { graph, still } = importOnnx(bytes, "test.onnx", undefined, { move: ["m*"] });
	t.deepEqual(
		graph.parameters.map(({ name }) => name),
		["m", "w"],
	);
	t.deepEqual(still, []);
});

test("biases that an exporter merged, being equal, are a tensor of each layer; those of a layer that is called again are one", (t) => {
	const b = { shape: [4], values: [0, 0, 0, 0] };
	const linear = (x: string, weight: string, out: string): TestNode[] => [
		{ op: "MatMul", inputs: [x, weight], outputs: [`${out}p`] },
		{ op: "Add", inputs: [`${out}p`, "b"], outputs: [out] },
	];
	const [v, u] = [of([4, 4], spread), of([4, 4], (row, column) => spread(column, row) / 2)];
	const apart = moved(
		[...linear("x", "u", "h"), { op: "Tanh", inputs: ["h"], outputs: ["i"] }, ...linear("i", "v", "y")],
		{ u, v, b },
	);
	t.deepEqual(apart.moves.toSorted(), ["b", "b#2", "u", "v"]);
	const again = moved(
		[...linear("x", "u", "h"), { op: "Tanh", inputs: ["h"], outputs: ["i"] }, ...linear("i", "u", "y")],
		{ u, b },
	);
	t.deepEqual(again.moves.toSorted(), ["b", "u"]);
	const norm = (x: string, out: string): TestNode => ({
		op: "LayerNormalization",
		inputs: [x, "s", "b"],
		outputs: [out],
	});
	const s = { shape: [4], values: [1, 1, 1, 1] };
	const norms = moved(
		[norm("x", "h"), { op: "Tanh", inputs: ["h"], outputs: ["i"] }, norm("i", "y")],
		{ s, b },
		[6, 4],
		17,
	);
	t.deepEqual(norms.moves.toSorted(), ["b", "b#2", "s", "s#2"]);
});

test("a matrix that an exporter wrote again for each call of a layer is one", (t) => {
	const u = of([4, 4], spread);
	const { moves } = moved(
		[
			{ op: "MatMul", inputs: ["x", "onnx::MatMul_10"], outputs: ["h"] },
			{ op: "Tanh", inputs: ["h"], outputs: ["i"] },
			{ op: "MatMul", inputs: ["i", "onnx::MatMul_11"] },
		],
		{ "onnx::MatMul_10": u, "onnx::MatMul_11": u },
	);
	t.deepEqual(moves, ["onnx::MatMul_10"]);
});
