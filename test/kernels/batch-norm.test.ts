import { tensor, tensor1d, tidy } from "@tensorflow/tfjs-core";
import test from "ava";
import { batchNormGradient, batchStatistics } from "../../src/kernels/ops.js";
import { forCases, layers, normalisations } from "./cases.js";
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
	forCases(t, normalisations, 60, ({ batch, side, channels, hasOffset, hasScale }) => {
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
	});
});

/** Mean and variance over the rows of x [rows, channels], in float64. */
function moments(x: Float32Array, channels: number) {
	const rows = x.length / channels;
	const over = (of: (value: number, channel: number) => number) => {
		const total = new Float64Array(channels);
		x.forEach((value, at) => {
			total[at % channels] = (total[at % channels] ?? 0) + of(value, at % channels) / rows;
		});
		return total;
	};
	const mean = over((value) => value);
	return { rows, mean, variance: over((value, channel) => (value - (mean[channel] ?? 0)) ** 2) };
}

test("the statistics of a batch agree with float64 loops, for means a hundred times the deviation", (t) => {
	forCases(t, layers, 40, ({ rows, channels }) => {
		const x = inputsOf([rows, channels]).x;
		const want = moments(x.values, channels);
		const [mean, variance] = tidy(() =>
			batchStatistics(tensor(x.values, x.shape)).map((each) => each.dataSync().slice()),
		);
		for (let c = 0; c < channels; c++) {
			// The mean's own rounding, of numbers up to 101, enters the variance squared.
			t.true(Math.abs((mean?.[c] ?? Number.NaN) - (want.mean[c] ?? 0)) <= 101 * 135 * UNIT);
			const bound = 135 * UNIT * (want.variance[c] ?? 0) + (101 * 135 * UNIT) ** 2 + 4 * 101 * UNIT;
			t.true(Math.abs((variance?.[c] ?? Number.NaN) - (want.variance[c] ?? 0)) <= bound);
		}
	});
});

test("the gradient through a batch's statistics agrees with float64 loops", (t) => {
	forCases(t, layers, 40, ({ rows, channels }) => {
		const [x, dy, scale] = [random([rows, channels], 1), random([rows, channels], 2), random([channels], 3)];
		const { mean, variance } = moments(x.values, channels);
		const deviation = variance.map((value) => Math.sqrt(value + EPSILON));
		const normalized = Float64Array.from(
			x.values,
			(value, at) => (value - (mean[at % channels] ?? 0)) / (deviation[at % channels] ?? 0),
		);
		const [dScale, dShift] = [sums(channels), sums(channels)];
		dy.values.forEach((value, at) => {
			addTerm(dScale, at % channels, value * (normalized[at] ?? 0));
			addTerm(dShift, at % channels, value);
		});
		const dx = sums(x.values.length);
		dy.values.forEach((value, at) => {
			const c = at % channels;
			const slope = (scale.values[c] ?? 0) / (deviation[c] ?? 0);
			addTerm(dx, at, slope * value);
			addTerm(dx, at, (-slope * (dShift.value[c] ?? 0)) / rows);
			addTerm(dx, at, (-slope * (normalized[at] ?? 0) * (dScale.value[c] ?? 0)) / rows);
			// The sums may cancel, and their rounding remains; so does that of the mean where a value is next to it.
			const scaled = (Math.abs(normalized[at] ?? 0) + 1 / (deviation[c] ?? 1)) * (dScale.magnitude[c] ?? 0);
			const remains = (Math.abs(slope) * ((dShift.magnitude[c] ?? 0) + scaled)) / rows;
			dx.magnitude[at] = (dx.magnitude[at] ?? 0) + remains;
		});
		const got = tidy(() =>
			batchNormGradient({
				dy: tensor(dy.values, dy.shape),
				x: tensor(x.values, x.shape),
				mean: tensor1d([...mean]),
				variance: tensor1d([...variance]),
				scale: tensor1d(scale.values),
				epsilon: EPSILON,
			}).map((each) => each.dataSync() as Float32Array),
		);
		// Few rows may lie close together: what remains of them is rounding, which 1 / √ε enlarges.
		const least = rows < 8 ? 1 / Math.sqrt(EPSILON) : 0;
		for (const [i, want] of [dx, dScale, dShift].entries())
			want.value.forEach((value, at) => {
				const error = Math.abs((got[i]?.[at] ?? Number.NaN) - value);
				t.true(error <= 150 * UNIT * ((want.magnitude[at] ?? 0) + least));
			});
	});
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
