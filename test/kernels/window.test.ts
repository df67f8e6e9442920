import test from "ava";
import { attrsOf, forCases, POOL, QUARTERING, type Window, windows } from "./cases.js";
import {
	addTerm,
	extent,
	kinds,
	random,
	run,
	runStock,
	sizeOf,
	startFastKernels,
	sums,
	UNIT,
	type Values,
	worstError,
} from "./reference.js";

test.before(startFastKernels);

/** Calls back for each output with the flat indices of the values in its window, in reading order. */
function eachWindow(w: Window, visit: (out: number, inside: { at: number; tap: number }[]) => void): number[] {
	const down = extent(w.height, w.filterSize, w.strides, 1, w.pad);
	const across = extent(w.width, w.filterSize, w.strides, 1, w.pad);
	for (let n = 0; n < w.batch; n++)
		for (let oy = 0; oy < down.length; oy++)
			for (let ox = 0; ox < across.length; ox++)
				for (let c = 0; c < w.channels; c++) {
					const inside: { at: number; tap: number }[] = [];
					for (let tap = 0; tap < w.filterSize ** 2; tap++) {
						const y = oy * w.strides - down.before + Math.floor(tap / w.filterSize);
						const x = ox * w.strides - across.before + (tap % w.filterSize);
						if (y < 0 || y >= w.height || x < 0 || x >= w.width) continue;
						inside.push({ at: ((n * w.height + y) * w.width + x) * w.channels + c, tap: tap * w.channels + c });
					}
					visit(((n * down.length + oy) * across.length + ox) * w.channels + c, inside);
				}
	return [w.batch, down.length, across.length, w.channels];
}

const imageOf = (w: Window): Values => random([w.batch, w.height, w.width, w.channels], 1);

test("pooling and its gradient agree with loops, whatever the window", (t) => {
	forCases(
		t,
		windows,
		60,
		(w) => {
			const x = imageOf(w);
			// Few distinct values, so that windows have several maxima.
			x.values.forEach((value, at) => {
				x.values[at] = Math.round(value * 3);
			});
			const shape = eachWindow(w, () => {});
			const dy = random(shape, 2);
			const most = new Float32Array(sizeOf(shape));
			const mean = sums(sizeOf(shape));
			const dx = sums(x.values.length);
			const dxOfMean = sums(x.values.length);
			eachWindow(w, (out, inside) => {
				const values = inside.map(({ at }) => x.values[at] ?? 0);
				most[out] = Math.max(...values);
				for (const value of values) addTerm(mean, out, value / values.length);
				for (const { at } of inside) addTerm(dxOfMean, at, (dy.values[out] ?? 0) / inside.length);
				addTerm(dx, inside[values.indexOf(most[out] ?? 0)]?.at ?? -1, dy.values[out] ?? 0);
			});
			const pooled = run("MaxPool", { x }, w);
			t.deepEqual(pooled.shape, shape);
			t.deepEqual(pooled.values, most);
			t.true(worstError(run("AvgPool", { x }, w).values, mean) <= 10 * UNIT);
			t.true(worstError(run("AvgPoolGrad", { dy, input: x }, w).values, dxOfMean) <= 10 * UNIT);
			t.true(worstError(run("MaxPoolGrad", { dy, input: x, output: pooled }, w).values, dx) <= 10 * UNIT);
		},
		[QUARTERING],
	);
});

test("the gradient of max-pooling is that of the stock kernel for positive values; for others that one gives none", (t) => {
	const x = random([2, 8, 8, 6], 1);
	x.values.forEach((value, at) => {
		x.values[at] = Math.abs(value);
	});
	const output = run("MaxPool", { x }, POOL);
	const inputs = { dy: random(output.shape, 2), input: x, output };
	t.deepEqual(run("MaxPoolGrad", inputs, POOL).values, runStock("MaxPoolGrad", inputs, POOL).values);
});

/** Images wide enough for windows to go four at a time: the usual filter, one by steps, a wide one; whole vectors of channels or not. */
const FOUR_BY_FOUR: Window[] = [
	{ batch: 2, height: 5, width: 14, channels: 8, filterSize: 3, strides: 1, pad: "same" },
	{ batch: 1, height: 4, width: 11, channels: 6, filterSize: 3, strides: 1, pad: "valid" },
	{ batch: 1, height: 9, width: 19, channels: 5, filterSize: 3, strides: 2, pad: "same" },
	{ batch: 2, height: 7, width: 12, channels: 20, filterSize: 5, strides: 1, pad: "same" },
];

test("depthwise convolution agrees with loops", (t) => {
	forCases(
		t,
		windows,
		40,
		(w) => {
			const x = imageOf(w);
			const filter = random([w.filterSize, w.filterSize, w.channels, 1], 2);
			const bias = random([w.channels], 3);
			const shape = eachWindow(w, () => {});
			const want = sums(sizeOf(shape));
			eachWindow(w, (out, inside) => {
				for (const { at, tap } of inside) addTerm(want, out, (x.values[at] ?? 0) * (filter.values[tap] ?? 0));
				addTerm(want, out, bias.values[out % w.channels] ?? 0);
			});
			const attrs = attrsOf({ stride: w.strides, dilation: 1, pad: w.pad });
			t.true(worstError(run("FusedDepthwiseConv2D", { x, filter, bias }, attrs).values, want) <= 12 * UNIT);
		},
		FOUR_BY_FOUR,
	);
});

test("infinities pass through windows as in the stock kernels, and NaN where those lose it", (t) => {
	const x = random([1, 6, 6, 5], 1);
	x.values.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 40);
	x.values.set([Number.NEGATIVE_INFINITY], 0);
	const filter = random([3, 3, 5, 1], 2);
	const attrs = (activation: string) => attrsOf({ stride: 1, dilation: 1, pad: "same" }, activation);
	const [first = 0, second = 0] = [
		kinds(run("MaxPool", { x }, POOL).values),
		kinds(run("AvgPool", { x }, POOL).values),
	].map((kind) => kind.split("NaN").length - 1);
	t.deepEqual([first, second], [1, 1]);
	const linear = kinds(run("FusedDepthwiseConv2D", { x, filter }, attrs("linear")).values);
	t.is(linear, kinds(runStock("FusedDepthwiseConv2D", { x, filter }, attrs("linear")).values));
	const relu = kinds(run("FusedDepthwiseConv2D", { x, filter }, attrs("relu")).values);
	t.is(relu, linear.replaceAll("-Infinity ", "."));
	x.values[40] = 1;
	for (const name of ["MaxPool", "AvgPool"])
		t.is(kinds(run(name, { x }, POOL).values), kinds(runStock(name, { x }, POOL).values), name);
});
