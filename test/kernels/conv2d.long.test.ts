import "./relaxed-simd.js";
import test from "ava";
import fc from "fast-check";
import { hasRelaxedSimd } from "../../src/kernels/module.js";
import { attrsOf, CONVOLUTION, convolutions, forCases, inputsOf, POOL } from "./cases.js";
import {
	addTerm,
	bits,
	type Convolution,
	eachTerm,
	kinds,
	random,
	run,
	runStock,
	type Sums,
	startFastKernels,
	sums,
	takeKernels,
	UNIT,
	type Values,
	worstError,
} from "./reference.js";

test.before(startFastKernels);

function convolve(c: Convolution, x: Values, filter: Values, bias?: Values) {
	const [down, across] = eachTerm(c, () => {});
	const result = sums(c.batch * (down?.length ?? 0) * (across?.length ?? 0) * c.outputs);
	eachTerm(c, (i, w, o) => addTerm(result, o, (x.values[i] ?? 0) * (filter.values[w] ?? 0)));
	if (bias) for (let at = 0; at < result.value.length; at++) addTerm(result, at, bias.values[at % c.outputs] ?? 0);
	return result;
}

const directBound = (c: Convolution) => 1.01 * (c.filterHeight * c.filterWidth * c.inputs + 1) * UNIT;

/** What Winograd's algorithm does by kernels of a precision, as assembly/winograd.ts has it. */
interface Winograd {
	readonly precision: "fast" | "relaxed";
	/** Rows and columns of a tile, where sizes suit. */
	readonly side: 4 | 6;
	readonly sizes: fc.Arbitrary<Convolution>;
	/** Of random values, relative to the largest Σ|x||w|. */
	readonly bound: number;
	/** Of any, in γ(inputs + 24) of the patch that a tile reads. */
	readonly gammas: number;
}

const ofFour: Winograd = { precision: "fast", side: 4, sizes: convolutions.winograd, bound: 4e-6, gammas: 301 };
const ofSix: Winograd = { precision: "relaxed", side: 6, sizes: convolutions.winogradOfSix, bound: 6e-6, gammas: 555 };

/** A tile's error follows the whole patch it reads; at an edge an output may sum a few small terms of that patch only. */
function ofLargest({ value, magnitude }: Sums): Sums {
	return { value, magnitude: magnitude.map(() => magnitude.reduce((most, sum) => Math.max(most, sum), 0)) };
}

test("any shape, stride, dilation and padding agrees with float64 loops", (t) => {
	takeKernels("fast");
	forCases(t, convolutions.any, 120, (c) => {
		fc.pre(c.stride === 1 || c.dilation === 1);
		const { x, filter, bias } = inputsOf(c);
		const want = convolve(c, x, filter, bias);
		fc.pre(want.value.length > 0);
		const got = run("FusedConv2D", { x, filter, bias }, attrsOf(c));
		t.is(got.values.length, want.value.length);
		const close = worstError(got.values, want) <= directBound(c);
		t.true(close || worstError(got.values, ofLargest(want)) <= ofFour.bound, JSON.stringify(c));
	});
});

for (const { precision, side, sizes, bound, gammas } of hasRelaxedSimd() ? [ofFour, ofSix] : [ofFour]) {
	const how = `by tiles of ${side}×${side}`;

	test(`3×3 convolutions by Winograd agree with float64 loops, ${how}`, (t) => {
		takeKernels(precision);
		forCases(t, sizes, 60, (c) => {
			const { x, filter, bias } = inputsOf(c);
			const got = run("FusedConv2D", { x, filter, bias }, attrsOf(c));
			const want = ofLargest(convolve(c, x, filter, bias));
			t.true(worstError(got.values, want) <= bound, JSON.stringify(c));
		});
	});

	test(`the same bits come out in a batch of 1, 7 and 40, and after scratch memory was full of NaN, ${how}`, (t) => {
		takeKernels(precision);
		for (const sizes of [{}, { inputs: 1 }, { filterHeight: 2 }]) {
			const c = { ...CONVOLUTION, ...sizes, batch: 40 };
			const { x, filter, bias } = inputsOf(c);
			const whole = run("FusedConv2D", { x, filter, bias }, attrsOf(c, "relu")).values;
			const sample = whole.length / 40;
			const pixels = x.values.length / 40;
			for (const batch of [1, 7]) {
				run("FusedConv2D", { x: { ...x, values: x.values.map(() => Number.NaN) }, filter, bias }, attrsOf(c));
				const part = { shape: [batch, ...x.shape.slice(1)], values: x.values.slice(5 * pixels, (5 + batch) * pixels) };
				const got = run("FusedConv2D", { x: part, filter, bias }, attrsOf(c, "relu")).values;
				t.deepEqual(bits(got), bits(whole.slice(5 * sample, (5 + batch) * sample)));
			}
		}
	});

	test(`fused max-pooling gives the bits of relu and pooling one after the other, ${how}`, (t) => {
		takeKernels(precision);
		for (const [height, width, pad] of [
			[26, 26, "valid"],
			[13, 10, "same"],
			[7, 9, "valid"],
			[12, 15, "same"],
			[11, 9, "same"],
		] as const) {
			const c = { ...CONVOLUTION, height, width, pad };
			const inputs = inputsOf(c);
			const fused = run("IsolossConv2DReluMaxPool", inputs, attrsOf(c));
			const x = run("FusedConv2D", inputs, attrsOf(c, "relu"));
			const apart = run("MaxPool", { x }, POOL);
			t.deepEqual(fused.shape, apart.shape);
			t.deepEqual(bits(fused.values), bits(apart.values));
		}
	});

	test(`NaN and infinity in images and filters come out where the stock kernel gives them, ${how}`, (t) => {
		takeKernels(precision);
		for (const [where, at, value] of [
			["x", 700, Number.NaN],
			["x", 0, Number.POSITIVE_INFINITY],
			["x", 1500, Number.NEGATIVE_INFINITY],
			["filter", 77, Number.NaN],
			["filter", 1000, Number.POSITIVE_INFINITY],
			["bias", 3, Number.NEGATIVE_INFINITY],
		] as const)
			for (const pad of ["valid", "same"] as const)
				for (const activation of ["linear", "relu"]) {
					const c = { ...CONVOLUTION, pad };
					const inputs = inputsOf(c);
					inputs[where].values[at] = value;
					const got = run("FusedConv2D", inputs, attrsOf(c, activation));
					const stock = runStock("FusedConv2D", inputs, attrsOf(c, activation));
					t.is(kinds(got.values), kinds(stock.values), `${value} in ${where}, ${pad}, ${activation}`);
				}
	});

	test(`sums that fit into float32 stay finite however large the terms are, and small ones keep their digits, ${how}`, (t) => {
		takeKernels(precision);
		for (const [left, right] of [
			[1e36, 1],
			[1e18, 1e18],
			[1e30, 1e-30],
			[1e-15, 1e-15],
		] as const) {
			const { x, filter } = inputsOf(CONVOLUTION);
			const large = { ...x, values: x.values.map((value) => value * left) };
			const scaled = { ...filter, values: filter.values.map((value) => value * right) };
			const want = convolve(CONVOLUTION, large, scaled);
			const got = run("Conv2D", { x: large, filter: scaled }, attrsOf(CONVOLUTION));
			t.true(worstError(got.values, want) <= bound, `${left} · ${right}`);
		}
	});

	test(`the error of Winograd stays within its bound of the patch a tile reads, whatever the sizes in it, ${how}`, (t) => {
		takeKernels(precision);
		// As derived in assembly/winograd.ts; no case came nearer to it than a fiftieth, of either side.
		const patch = side + 2;
		const c = { ...CONVOLUTION, batch: 1, height: patch, width: patch, inputs: 16, outputs: 8 };
		for (let seed = 0; seed < 200; seed++) {
			const { x, filter } = inputsOf(c, seed);
			const spread = random(x.shape, seed + 7, 12).values;
			x.values.forEach((value, at) => {
				x.values[at] = value * 10 ** Math.round(spread[at] ?? 0);
			});
			const want = convolve(c, x, filter);
			const got = run("Conv2D", { x, filter }, attrsOf(c)).values;
			for (let o = 0; o < c.outputs; o++) {
				let reach = 0;
				for (let i = 0; i < c.inputs; i++) {
					let largest = 0;
					for (let tap = 0; tap < 9; tap++)
						largest = Math.max(largest, Math.abs(filter.values[(tap * c.inputs + i) * c.outputs + o] ?? 0));
					for (let pixel = 0; pixel < patch * patch; pixel++)
						reach += Math.abs(x.values[pixel * c.inputs + i] ?? 0) * largest;
				}
				for (let pixel = 0; pixel < side * side; pixel++) {
					const at = pixel * c.outputs + o;
					t.true(Math.abs((got[at] ?? 0) - (want.value[at] ?? 0)) <= gammas * 1.01 * (c.inputs + 24) * UNIT * reach);
				}
			}
		}
	});
}
