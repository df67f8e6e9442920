import { engine, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import test from "ava";
import fc from "fast-check";
import { forCases } from "./cases.js";
import { random, run, runStock, sizeOf, startFastKernels } from "./reference.js";

test.before(startFastKernels);

/** Up to five axes and a part of each, now and then all of it. */
const slices = fc.array(
	fc
		.tuple(fc.integer({ min: 1, max: 7 }), fc.nat(6), fc.nat(6), fc.boolean())
		.map(([length, from, count, whole]) =>
			whole
				? { length, begin: 0, size: length }
				: { length, begin: from % length, size: 1 + (count % (length - (from % length))) },
		),
	{ minLength: 1, maxLength: 5 },
);

test("a slice has the values that its place says, whatever is taken whole", (t) => {
	forCases(t, slices, 150, (axes) => {
		const x = random(
			axes.map(({ length }) => length),
			1,
		);
		const size = axes.map((axis) => axis.size);
		const got = run("Slice", { x }, { begin: axes.map(({ begin }) => begin), size });
		t.deepEqual(got.shape, size);
		const want = Array.from({ length: sizeOf(size) }, (_, index) => {
			let [rest, at, stride] = [index, 0, 1];
			for (const axis of axes.toReversed()) {
				at += (axis.begin + (rest % axis.size)) * stride;
				rest = Math.floor(rest / axis.size);
				stride *= axis.length;
			}
			return x.values[at];
		});
		t.deepEqual([...got.values], want);
	});
});

test("a slice to the end is as in the stock kernel", (t) => {
	const x = random([4, 5], 1);
	const attrs = { begin: [1, 2], size: [-1, -1] };
	t.deepEqual(run("Slice", { x }, attrs), runStock("Slice", { x }, attrs));
});

/** Runs GatherV2 with int32 numbers, which `run` does not make. */
function gather(table: ReturnType<typeof random>, numbers: readonly number[], shape: number[], axis: number) {
	return tidy(() => {
		const inputs = { x: tensor(table.values, table.shape), indices: tensor([...numbers], shape, "int32") };
		const result = engine().runKernel("GatherV2", inputs, { axis, batchDims: 0 }) as Tensor;
		return { shape: [...result.shape], values: [...result.dataSync()] };
	});
}

test("rows of a table come by their numbers, in the numbers' shape", (t) => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 9 }),
			fc.integer({ min: 1, max: 11 }),
			fc.array(fc.nat(1000), { minLength: 2, maxLength: 8 }),
			(rows, columns, picks) => {
				const table = random([rows, columns], 1);
				const numbers = picks.slice(0, picks.length - (picks.length % 2)).map((pick) => pick % rows);
				const got = gather(table, numbers, [2, numbers.length / 2], 0);
				t.deepEqual(got.shape, [2, numbers.length / 2, columns]);
				t.deepEqual(
					got.values,
					numbers.flatMap((row) => [...table.values.subarray(row * columns, (row + 1) * columns)]),
				);
			},
		),
		{ numRuns: 60 },
	);
	t.pass();
});

test("parts along another axis are still right", (t) => {
	const table = random([2, 3], 1);
	const [a = 0, , c = 0, d = 0, , f = 0] = table.values;
	t.deepEqual(gather(table, [2, 0], [2], 1).values, [c, a, f, d]);
});
