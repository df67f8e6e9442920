import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { NumericArray } from "../../src/data/raw.js";
import { importSurface } from "../../src/exchange/import.js";
import { readWeights } from "../../src/formats/index.js";
import { parseNpz } from "../../src/formats/npz.js";
import type { Graph, Parameter } from "../../src/network/graph.js";
import type { Network } from "../../src/network/network.js";
import { fromNative, type Layout, parameterLayout, slice, toNative } from "../../src/network/parameters.js";
import { modelByName } from "../../src/network/zoo/index.js";
import {
	batchNorm,
	batchNormParameters,
	convolution,
	convolutionParameters,
	dense,
	denseParameters,
	flatten,
	maxPool,
	relu,
} from "../../src/network/zoo/layers.js";
import { resolve } from "../../src/resolve/index.js";
import { sweepFunction } from "../../src/run/function.js";
import { type BiasRule, type Normalization, normalize } from "../../src/section/normalize.js";
import { PointEvaluator } from "../../src/sweep/point.js";
import { root } from "../fixtures.js";

const folder = join(root, "test", "conformance");
const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
const arraysOf = (name: string) => parseNpz(readFileSync(join(folder, name)), name);

/** Whether a value is what is expected, within a share of it; NaN and infinities are themselves. */
function isNear(value: number, expected: number, relative: number): boolean {
	return Object.is(value, expected) || Math.abs(value - expected) <= relative * Math.abs(expected);
}

function nearAll(
	t: ExecutionContext,
	values: ArrayLike<number>,
	expected: ArrayLike<number>,
	relative: number,
	what: string,
) {
	t.is(values.length, expected.length, what);
	for (let i = 0; i < expected.length; i++) {
		const [value = Number.NaN, wanted = Number.NaN] = [values[i], expected[i]];
		t.true(
			isNear(value, wanted, relative) || (value === 0 && wanted === 0),
			`${what}[${i}]: ${value}, expected ${wanted}`,
		);
	}
}

interface SurfaceCase {
	readonly name: string;
	readonly file: string;
	readonly function: string;
	readonly theta: number[];
	readonly directions: readonly [number[]] | readonly [number[], number[]];
	readonly x: [number, number, number];
	readonly y: [number, number, number] | null;
	readonly relativeTolerance: number;
}

const functions: Readonly<Record<string, (a: number, b: number) => number>> = {
	bowl: (a, b) => a * a + b * b,
	"two-wells": (a, b) => a ** 4 - a * a + b * b,
	rosenbrock: (a, b) => (1 - a) ** 2 + 100 * (b - a * a) ** 2,
	ridge: (a) => Math.abs(a),
	logarithm: (a) => Math.log(a),
	pole: (a) => 1 / (a * a),
};

const axisOf = ([min, max, steps]: readonly [number, number, number]) => ({ min, max, steps });

for (const given of read<SurfaceCase[]>("surfaces.json"))
	test(`the surface ${given.name} has the values of its formula, in their order`, async (t) => {
		const f = functions[given.function] ?? t.fail();
		const { surface } = await sweepFunction({
			parameters: Float64Array.from(given.theta),
			directions: given.directions.map((direction) => Float64Array.from(direction)) as [Float64Array, Float64Array],
			x: axisOf(given.x),
			y: given.y && axisOf(given.y),
			evaluate: ([a = 0, b = 0]) => f?.(a, b) ?? Number.NaN,
		});
		const found = await importSurface(join(folder, given.file));
		t.deepEqual(found.grid, surface.grid);
		const [values, expected] = [surface, found].map(
			({ fields }) => fields[0]?.values.subarray(0, found.done.length) ?? [],
		);
		nearAll(t, values ?? [], expected ?? [], given.relativeTolerance, given.name);
	});

/** A tensor of a PyTorch network: the first axis counts the filters there, the last here. */
function parameter(name: string, native: readonly number[]): Parameter {
	const permutation = native.length === 4 ? [2, 3, 1, 0] : native.length === 2 ? [1, 0] : [0];
	const shape = permutation.map((axis) => native[axis] ?? 1);
	const kind = native.length > 1 ? "kernel" : "bias";
	const filterAxes = kind === "kernel" ? [native.length - 1] : [];
	return { name, shape, kind, filterAxes, fanIn: 1, native: { shape: native, view: native, permutation } };
}

interface NormalisationCases {
	readonly weights: string;
	readonly drawn: string;
	readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
	readonly cases: readonly {
		readonly norm: Normalization;
		readonly bias: BiasRule;
		readonly file: string;
		readonly relativeTolerance: number;
	}[];
}

const normalisation = read<NormalisationCases>("normalisation.json");

for (const { norm, bias, file, relativeTolerance } of normalisation.cases)
	test(`a direction of a file under norm ${norm}, biases ${bias}, is what the definition says`, (t) => {
		const layout: Layout = parameterLayout({
			parameters: normalisation.tensors.map(({ name, shape }) => parameter(name, shape)),
		} as unknown as Graph);
		const vector = (arrays: Map<string, NumericArray>) => {
			const out = new Float32Array(layout.length);
			for (const slot of layout.slots)
				slice(out, slot).set(fromNative(Float32Array.from(arrays.get(slot.name)?.values ?? []), slot.native));
			return out;
		};
		const direction = Float64Array.from(vector(arraysOf(normalisation.drawn)));
		normalize(direction, vector(arraysOf(normalisation.weights)), layout, norm, bias);
		const expected = arraysOf(file);
		for (const slot of layout.slots)
			nearAll(
				t,
				toNative(slice(direction, slot), slot.native),
				expected.get(slot.name)?.values ?? [],
				relativeTolerance,
				slot.name,
			);
	});

interface NetworkCase {
	readonly name: string;
	readonly folder: string;
	readonly model: string | null;
	readonly places: readonly {
		readonly alpha: number;
		readonly beta: number;
		readonly loss: number;
		readonly accuracy: number;
	}[];
	readonly relativeTolerance: number;
}

/** Convolution, batch normalisation, relu, max-pool, dense, as the case describes it. */
function smallCnn(): Graph {
	return {
		name: "cnn",
		inputs: [{ name: "x", shape: [6, 6, 2] }],
		nodes: [
			convolution({ output: "c", input: "x", layer: "conv" }, { padding: "valid" }),
			batchNorm({ output: "n", input: "c", layer: "norm" }),
			relu("r", "n"),
			maxPool("p", "r"),
			flatten("f", "p"),
			dense({ output: "logits", input: "f", layer: "fc" }),
		],
		parameters: [
			...convolutionParameters("conv", [3, 3], 2, 3),
			...batchNormParameters("norm", 3),
			...denseParameters("fc", [2, 2, 3], 4),
		],
		output: "logits",
	};
}

for (const given of read<NetworkCase[]>("networks.json"))
	test(`the network ${given.name} has the losses and accuracies that float64 has at named places`, async (t) => {
		const file = (name: string) => join(folder, given.folder, name);
		const graph = given.model === null ? smallCnn() : modelByName(given.model);
		const network: Network = { graph, state: await readWeights(file("weights.npz"), { graph }) };
		const { problem } = await resolve({
			...{ network, data: file("data.npz"), samples: "all", precision: "fast" },
			directions: `file:${file("directions.npz")}`,
		});
		const evaluator = await PointEvaluator.create(problem);
		for (const { alpha, beta, loss, accuracy } of given.places) {
			const values = await evaluator.evaluate([alpha, beta]);
			nearAll(t, values, [loss, accuracy], given.relativeTolerance, `(${alpha}, ${beta})`);
		}
		evaluator.release();
	});

interface ReferenceFiles {
	readonly surface: {
		readonly file: string;
		readonly model: string;
		readonly x: [number, number, number];
		readonly y: [number, number, number];
		readonly trainLoss: readonly (number | null)[];
		readonly trainAccuracyPerCent: readonly number[];
		readonly notComputed: readonly number[];
		readonly nan: readonly number[];
	};
	readonly line: { readonly file: string; readonly x: [number, number, number] };
	readonly trajectory: { readonly file: string; readonly places: readonly [number, number][] };
}

test("files that h5py wrote as the reference code does are read: not square, missing points, packed", async (t) => {
	const { surface: expected, line, trajectory } = read<ReferenceFiles>("reference-files.json");
	const surface = await importSurface(join(folder, expected.file), { trajectory: join(folder, trajectory.file) });
	t.deepEqual(surface.grid.axes, [axisOf(expected.x), axisOf(expected.y)]);
	t.is(surface.provenance.plan.model, expected.model);
	const [loss, accuracy] = surface.fields;
	for (const [point, value] of expected.trainLoss.entries()) {
		const isDone = !expected.notComputed.includes(point);
		t.is(surface.done[point], isDone ? 1 : 0);
		t.is(loss?.values[point], isDone && !expected.nan.includes(point) ? (value ?? Number.NaN) : Number.NaN);
		if (isDone) t.is(accuracy?.values[point], (expected.trainAccuracyPerCent[point] ?? 0) / 100);
	}
	t.deepEqual(
		surface.trajectories?.paths[0]?.points.map(({ at }) => at),
		trajectory.places.map((place) => [...place]),
	);
	const packed = await importSurface(join(folder, line.file));
	t.deepEqual(packed.grid.axes, [axisOf(line.x)]);
	t.deepEqual(
		[...(packed.fields[0]?.values ?? [])],
		Array.from({ length: 9 }, (_, i) => (-0.5 + 0.25 * i - 0.5) ** 2),
	);
	t.is(packed.provenance.plan.split, "test");
});
