import "../../../src/render/fonts.js";
import test from "ava";
import fc from "fast-check";
import { OptionError } from "../../../src/errors.js";
import { percentScale, planeScale, scaleOver, valueScale } from "../../../src/render/parts/scale.js";
import { formatNumber, linearTicks, logTicks, symlogTicks } from "../../../src/render/parts/ticks.js";

test("auto is linear up to three decades and logarithmic beyond", (t) => {
	t.is(valueScale([0.03, 5, 20]).kind, "linear");
	t.is(valueScale([0.01, 10]).kind, "linear");
	t.is(valueScale([0.01, 10.1]).kind, "log");
	t.is(valueScale([1e-3, 1e30, Number.POSITIVE_INFINITY, Number.NaN]).kind, "log");
});

test("colours of a plane are logarithmic from about one and a half decades of values above 0", (t) => {
	const kind = (...values: number[]) => planeScale({ unit: "loss" }, values).kind;
	t.deepEqual([kind(0.1, 3), kind(0.1, 3.1), kind(0.05, 5.7)], ["linear", "log", "log"]);
	// With zeros or both signs it stays three decades, and shares are always linear.
	t.deepEqual([kind(0, 1, 20), kind(-1, 1, 20)], ["linear", "linear"]);
	t.is(planeScale({ unit: "fraction" }, [0.001, 1]).kind, "linear");
	t.is(planeScale({ unit: "loss" }, [0.05, 5.7], "linear").kind, "linear");
});

test("auto takes symlog where zeros or both signs meet more than three decades", (t) => {
	t.is(valueScale([0, 1, 1e6]).kind, "symlog");
	t.is(valueScale([-1e6, 1, 1e6]).kind, "symlog");
	t.is(valueScale([0, 1, 20]).kind, "linear");
	// One value near 0 among many does not decide.
	t.is(valueScale([1e-9, ...Array.from({ length: 100 }, (_, i) => i - 50)]).kind, "linear");
});

test("surfaces with one value or none still have a scale with that value inside", (t) => {
	const same = valueScale([2.3, 2.3, Number.NaN]);
	t.is(same.kind, "linear");
	t.true(Math.abs(same.position(2.3) - 0.5) < 1e-15);
	t.is(valueScale([0, 0]).position(0), 0.5);
	const none = valueScale([Number.NaN, Number.POSITIVE_INFINITY]);
	t.deepEqual([none.min, none.max], [0, 1]);
	t.deepEqual([valueScale([]).min, valueScale([]).max], [0, 1]);
	t.true(valueScale([5], "log").position(5) > 0);
});

test("a log scale over values not above 0 is refused, and so is an unknown name", (t) => {
	const error = t.throws(() => valueScale([0, 1], "log"), { instanceOf: OptionError });
	t.is(error.message, "scale: log needs values above 0, the lowest here is 0; use symlog");
	t.throws(() => valueScale([1], "cubic" as "log"), { instanceOf: OptionError });
});

test("shares in per cent run to 100 from a round number a tenth below the lowest", (t) => {
	const startOf = (...values: number[]) => percentScale(values).min;
	t.deepEqual([startOf(99, 98.5), startOf(98.1, 99), startOf(60, 100), startOf(54, 100)], [98, 95, 50, 0]);
	t.deepEqual([percentScale([97]).position(95), percentScale([97]).position(100)], [0, 1]);
	// A value that is no number doesn't hide what the others need.
	t.is(startOf(Number.NaN, 10), 0);
});

test("positions follow the definition of each scale", (t) => {
	t.is(scaleOver("linear", -1, 3).position(0), 0.25);
	t.true(Math.abs(scaleOver("log", 1, 1e4).position(10) - 0.25) < 1e-15);
	const symlog = scaleOver("symlog", -99, 99, 1);
	t.is(symlog.position(0), 0.5);
	// log10(1 + 9) is half of log10(1 + 99).
	t.true(Math.abs(symlog.position(9) - 0.75) < 1e-15);
	t.true(Math.abs(symlog.position(-9) - 0.25) < 1e-15);
});

const labels = (ticks: readonly { label: string }[]) => ticks.map(({ label }) => label);

test("tick lists are the ones a person would choose", (t) => {
	t.deepEqual(labels(linearTicks(-1, 1, 5)), ["−1.0", "−0.5", "0", "0.5", "1.0"]);
	t.deepEqual(labels(linearTicks(0.03, 20, 5)), ["5", "10", "15", "20"]);
	t.deepEqual(labels(linearTicks(-25e6, 25e6, 5)), ["−2×10⁷", "−1×10⁷", "0", "1×10⁷", "2×10⁷"]);
	t.deepEqual(labels(linearTicks(0, 1e6, 4)), ["0", "0.2×10⁶", "0.4×10⁶", "0.6×10⁶", "0.8×10⁶", "1.0×10⁶"]);
	t.deepEqual(labels(linearTicks(0, 4e-5, 4)), ["0", "1×10⁻⁵", "2×10⁻⁵", "3×10⁻⁵", "4×10⁻⁵"]);
	t.deepEqual(labels(logTicks(0.5, 2000, 6)), ["1", "10", "100", "1000"]);
	t.deepEqual(labels(logTicks(0.5, 20, 6)), ["0.5", "1", "2", "5", "10", "20"]);
	t.deepEqual(labels(logTicks(1, 1e6, 8)), ["1", "10", "10²", "10³", "10⁴", "10⁵", "10⁶"]);
	t.deepEqual(labels(logTicks(0.2, 3e30, 5)), ["1", "10¹⁰", "10²⁰", "10³⁰"]);
	t.deepEqual(labels(symlogTicks(-1e4, 1e4, 1e2, 8)), ["−10⁴", "−10³", "−10²", "0", "10²", "10³", "10⁴"]);
	t.deepEqual(labels(symlogTicks(0, 1000, 1, 8)), ["0", "1", "10", "100", "1000"]);
});

test("neighbouring values too close for round ticks are labelled in full", (t) => {
	const ticks = linearTicks(1, 1 + Number.EPSILON, 5);
	t.deepEqual(labels(ticks), ["1", "1.0000000000000002"]);
});

test("numbers in sentences are short, with powers of ten as glyphs", (t) => {
	t.is(formatNumber(25_000_000), "2.5×10⁷");
	t.is(formatNumber(-0.00001234567), "−1.235×10⁻⁵");
	t.is(formatNumber(Math.LN10), "2.303");
	t.is(formatNumber(12345.6), "12346");
	t.is(formatNumber(0), "0");
	t.is(formatNumber(Number.NEGATIVE_INFINITY), "−∞");
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test("positions rise with the values, from 0 to 1, for any finite values", (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.array(finite, { minLength: 1, maxLength: 20 }),
				fc.constantFrom("auto" as const, "linear" as const, "symlog" as const),
				(values, name) => {
					const scale = valueScale(values, name);
					const positions = [...values].sort((a, b) => a - b).map(scale.position);
					return positions.every((p, i) => p >= 0 && p <= 1 && p >= (positions[i - 1] ?? 0));
				},
			),
			{ seed: 1, numRuns: 300 },
		),
	);
});

test("ticks rise, lie on the scale, and no two have one label, for any finite values", (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.array(finite, { minLength: 1, maxLength: 20 }),
				fc.constantFrom("auto" as const, "linear" as const, "symlog" as const),
				fc.integer({ min: 2, max: 12 }),
				(values, name, count) => {
					const scale = valueScale(values, name);
					const ticks = scale.ticks(count);
					return (
						ticks.length >= 2 &&
						ticks.length <= 2 * count + 2 &&
						new Set(labels(ticks)).size === ticks.length &&
						ticks.every(
							({ value, position }, i) =>
								value >= scale.min &&
								value <= scale.max &&
								position >= 0 &&
								position <= 1 &&
								value > (ticks[i - 1]?.value ?? Number.NEGATIVE_INFINITY),
						)
					);
				},
			),
			{ seed: 2, numRuns: 500 },
		),
	);
});
