import test from "ava";
import { estimateOf, noMoments, varianceLeft, withSamples } from "../../src/confidence/estimate.js";
import { halfWidthAt } from "../../src/confidence/looks.js";
import { log } from "../../src/exact/elementary.js";
import { RandomStream } from "../../src/exact/random.js";
import { marginFactor } from "../../src/measure/margin.js";
import { finiteFactor, standardErrorOf } from "../../src/probe/standard-error.js";

const REPEATS = 1000;

/** Losses as networks have them: most small, few large. */
const skewed = (random: RandomStream) => -log(random.uniform());

function meanOf(values: ArrayLike<number>): number {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
	return sum / values.length;
}

/** In how many of 1,000 repeats an interval holds, in per cent. */
function coverage(holds: (random: RandomStream) => boolean): number {
	let held = 0;
	for (let repeat = 0; repeat < REPEATS; repeat++) if (holds(new RandomStream(repeat, "dropout"))) held++;
	return (100 * held) / REPEATS;
}

const isAbout95 = (share: number) => Math.abs(share - 95) <= 2;

const factors = new Map([64, 128, 256, 512, 1024, 2048].map((samples) => [samples, marginFactor(samples)]));
const factorOf = (samples: number) => factors.get(samples) ?? Number.NaN;

const marginOf = (values: Float64Array, population?: number) =>
	factorOf(values.length) *
	(standardErrorOf([{ sums: values, weights: new Float64Array(values.length).fill(1) }], [1]) ?? 0) *
	finiteFactor(values.length, population);

test("Student's interval holds a population's mean 95 times in 100", (t) => {
	const held = coverage((random) => {
		const values = Float64Array.from({ length: 128 }, () => skewed(random));
		return Math.abs(meanOf(values) - 1) <= marginOf(values);
	});
	t.true(isAbout95(held), `${held} %`);
});

/** The first of a shuffle of all. */
const some = (all: Float64Array, count: number, random: RandomStream) =>
	Float64Array.from(random.permutation(all.length, count), (place) => all[place] ?? 0);

test("of a third of all samples it holds their mean as often with the factor for finite populations, and too often without", (t) => {
	const all = Float64Array.from({ length: 384 }, (_, i) => -log((i + 0.5) / 384));
	const of = (population?: number) =>
		coverage((random) => {
			const values = some(all, 128, random);
			return Math.abs(meanOf(values) - meanOf(all)) <= marginOf(values, population);
		});
	const held = of(all.length);
	t.true(isAbout95(held), `${held} %`);
	t.true(of() > 97);
});

test("with a control variate the interval is as narrow as the correlation says, and holds as often", (t) => {
	const source = new RandomStream(7, "dropout");
	const controls = Float64Array.from({ length: 2000 }, () => skewed(source));
	const all = controls.map((control) => 0.8 * control + 0.3 * skewed(source));
	const left: number[] = [];
	const held = coverage((random) => {
		const places = random.permutation(all.length, 128);
		const pick = (values: Float64Array) => Float64Array.from(places, (place) => values[place] ?? 0);
		const moments = withSamples(noMoments, pick(all), pick(controls));
		left.push(varianceLeft(moments));
		const { mean, standardError } = estimateOf(moments, meanOf(controls), all.length);
		return Math.abs(mean - meanOf(all)) <= factorOf(128) * standardError;
	});
	t.true(isAbout95(held), `${held} %`);
	const whole = varianceLeft(withSamples(noMoments, all, controls));
	// 0.3² of 0.8² + 0.3² is not the control's.
	t.true(Math.abs(whole - 0.09 / 0.73) < 0.03, `${whole}`);
	t.true(Math.abs(meanOf(left) - whole) < 0.01, `${meanOf(left)}`);
});

test("looking again and again, intervals of all looks together hold at least 95 times in 100; those of 95 % each do not", (t) => {
	/** Whether no look is wrong: whoever stops at a look of their choice can do no worse. */
	const held = (half: (error: number, samples: number, look: number) => number) =>
		coverage((random) => {
			let moments = noMoments;
			for (let look = 0; look < 6; look++) {
				// Fewer than a first look has: the hardest of all.
				const samples = 64 * 2 ** look;
				moments = withSamples(
					moments,
					Float64Array.from({ length: samples - moments.count }, () => skewed(random)),
				);
				const { mean, standardError } = estimateOf(moments, null, Number.POSITIVE_INFINITY);
				if (Math.abs(mean - 1) > half(standardError, samples, look)) return false;
			}
			return true;
		});
	const together = held((error, samples, look) => halfWidthAt(error, samples, look, 1));
	t.true(together >= 95, `${together} %`);
	t.true(held((error, samples) => factorOf(samples) * error) < 90);
});

test("moments come to the same however the samples are cut, and of all samples the mean is exact", (t) => {
	const random = new RandomStream(3, "dropout");
	// Far from 0, where sums of squares would lose all digits.
	const values = Float64Array.from({ length: 500 }, () => 1e8 + random.normal());
	const controls = values.map((value) => 2 * value + random.normal());
	const whole = withSamples(noMoments, values, controls);
	let cut = noMoments;
	for (const [from, to] of [
		[0, 64],
		[64, 65],
		[65, 500],
	] as const)
		cut = withSamples(cut, values.subarray(from, to), controls.subarray(from, to));
	t.is(cut.sum, whole.sum);
	for (const name of ["squares", "products", "controlSquares"] as const)
		t.true(Math.abs(cut[name] / whole[name] - 1) < 1e-6, name);
	const mean = meanOf(values);
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	t.true(Math.abs(whole.squares / squares - 1) < 1e-9);
	t.deepEqual(estimateOf(cut, meanOf(controls), 500), { mean: whole.sum / 500, standardError: 0 });
});
