import test from "ava";
import fc from "fast-check";
import { addTerm, random, run, runStock, startFastKernels, sums, UNIT, type Values, worstError } from "./reference.js";

test.before(startFastKernels);

const EPSILON = 1e-3;

/** x with a mean, a variance, an offset and a scale for each channel; the mean is large beside the deviation. */
function inputsOf(shape: number[]): Record<"x" | "mean" | "variance" | "offset" | "scale", Values> {
	const channels = [shape.at(-1) ?? 1];
	const mean = random(channels, 2, 100);
	const x = random(shape, 1);
	x.values.forEach((value, at) => {
		x.values[at] = value + (mean.values[at % mean.values.length] ?? 0);
	});
	const variance = random(channels, 3);
	variance.values.forEach((value, at) => {
		variance.values[at] = value * value;
	});
	return { x, mean, variance, offset: random(channels, 4), scale: random(channels, 5) };
}

test("batch normalisation agrees with float64 loops, with and without offset and scale", (t) => {
	fc.assert(
		fc.property(
			fc.record({
				batch: fc.integer({ min: 1, max: 3 }),
				side: fc.integer({ min: 1, max: 5 }),
				channels: fc.integer({ min: 1, max: 21 }),
				hasOffset: fc.boolean(),
				hasScale: fc.boolean(),
			}),
			({ batch, side, channels, hasOffset, hasScale }) => {
				const { x, mean, variance, offset, scale } = inputsOf([batch, side, side, channels]);
				const want = sums(x.values.length);
				x.values.forEach((value, at) => {
					const c = at % channels;
					const factor = (hasScale ? (scale.values[c] ?? 0) : 1) / Math.sqrt((variance.values[c] ?? 0) + EPSILON);
					addTerm(want, at, (value - (mean.values[c] ?? 0)) * factor);
					if (hasOffset) addTerm(want, at, offset.values[c] ?? 0);
				});
				const given = { x, mean, variance, ...(hasOffset && { offset }), ...(hasScale && { scale }) };
				const got = run("FusedBatchNorm", given, { varianceEpsilon: EPSILON });
				t.deepEqual(got.shape, x.shape);
				t.true(worstError(got.values, want) <= 10 * UNIT);
			},
		),
		{ numRuns: 60 },
	);
	t.pass();
});

test("a NaN stays in its place, and a batch gives what its images give alone", (t) => {
	const { x, ...statistics } = inputsOf([7, 2, 2, 5]);
	x.values[23] = Number.NaN;
	const whole = run("FusedBatchNorm", { x, ...statistics }, { varianceEpsilon: EPSILON }).values;
	t.deepEqual(
		[...whole.keys()].filter((at) => Number.isNaN(whole[at])),
		[23],
	);
	for (let image = 0; image < 7; image++) {
		const one = { shape: [1, 2, 2, 5], values: x.values.subarray(20 * image, 20 * image + 20) };
		const alone = run("FusedBatchNorm", { x: one, ...statistics }, { varianceEpsilon: EPSILON }).values;
		t.deepEqual(alone, whole.slice(20 * image, 20 * image + 20));
	}
});

test("statistics a value, not a channel, are left to the stock kernel", (t) => {
	const shape = [1, 2, 2, 3];
	const inputs = { x: random(shape, 1), mean: random(shape, 2), variance: random(shape, 3, 0.1) };
	inputs.variance.values.forEach((value, at) => {
		inputs.variance.values[at] = value * value;
	});
	const attrs = { varianceEpsilon: EPSILON };
	t.deepEqual(run("FusedBatchNorm", inputs, attrs), runStock("FusedBatchNorm", inputs, attrs));
});
