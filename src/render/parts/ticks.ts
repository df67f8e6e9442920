import { ticks as evenSteps, tickStep } from "d3-array";
import { superscript } from "./superscript.js";

/** A value worth a label, and the label. */
export interface TickValue {
	readonly value: number;
	readonly label: string;
}

const minus = (text: string) => text.replace(/^-/, "−");

/** The power of ten of a number's first digit: 3 for 2500. */
function exponentOf(value: number): number {
	return value === 0 ? 0 : Number(value.toExponential().split("e")[1]);
}

/** One number for a person: four digits at most, 2.5×10⁷ beyond 99,999 or below 0.001. */
export function formatNumber(value: number): string {
	return formatDigits(value, 4);
}

/** The same with so many digits at most; at least five from a thousand on. */
export function formatDigits(value: number, digits: number): string {
	if (Number.isNaN(value)) return "NaN";
	if (!Number.isFinite(value)) return value > 0 ? "+∞" : "−∞";
	const size = Math.abs(value);
	if (value === 0 || (size >= 1e-3 && size < 99_999.5)) {
		return minus(String(Number(value.toPrecision(size >= 1000 ? Math.max(5, digits) : digits))));
	}
	const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
	return `${minus(String(Number(mantissa)))}×10${superscript(Number(exponent))}`;
}

/** Labels for evenly stepped values: the decimals the step needs, and one common power of ten where numbers are long. */
function formatEven(values: readonly number[], step: number): string[] {
	const largest = Math.max(...values.map(Math.abs));
	const stepExponent = exponentOf(Number(step.toPrecision(12)));
	if (largest < 1e5 && (largest >= 1e-3 || largest === 0)) {
		const decimals = Math.min(20, Math.max(0, -stepExponent));
		return values.map((value) => minus(value === 0 ? "0" : value.toFixed(decimals)));
	}
	const exponent = exponentOf(largest);
	const decimals = Math.min(16, Math.max(0, exponent - stepExponent));
	// Decimal text moves the point exactly, where dividing by 10 ** exponent could overflow or round.
	return values.map((value) => {
		if (value === 0) return "0";
		const [digits, own] = value.toExponential().split("e");
		const mantissa = Number(`${digits}e${Number(own) - exponent}`).toFixed(decimals);
		return `${minus(mantissa)}×10${superscript(exponent)}`;
	});
}

/**
 * Round values within [min, max], about `count` of them, evenly spaced by 1, 2 or 5 times a power of ten.
 * Where a range is too narrow to hold two that differ in print, its ends.
 */
export function linearTicks(min: number, max: number, count: number): TickValue[] {
	// Ranges beyond what a double can subtract are stepped at a tenth of their size.
	const shrink = Number.isFinite(max - min) ? 1 : 10;
	// Steps below the smallest normal double have no tenths and hundredths to choose from.
	const steps = (max - min) / count < 1e-300 ? [] : evenSteps(min / shrink, max / shrink, count);
	const values = steps.map((value) => value * shrink || 0).filter((value) => value >= min && value <= max);
	const labels = formatEven(values, tickStep(min / shrink, max / shrink, count) * shrink);
	if (values.length > 1 && new Set(labels).size === labels.length) {
		return values.map((value, i) => ({ value, label: labels[i] ?? "" }));
	}
	return [min, max].map((value) => ({ value, label: formatExactly(value) }));
}

/** As many digits as tell the number from its neighbours. */
function formatExactly(value: number): string {
	return minus(String(value)).replace(/e(.*)/, (_, exponent: string) => `×10${superscript(Number(exponent))}`);
}

/** Labels for values of the kind 1, 2 or 5 times a power of ten: plain while all are short, powers otherwise. */
function formatPowers(values: readonly number[]): string[] {
	const sizes = values.map(Math.abs).filter((size) => size > 0);
	const plain = sizes.every((size) => size >= 1e-3 && size < 1e4) || sizes.length === 0;
	return values.map((value) => {
		const exponent = exponentOf(value);
		if (value === 0 || plain || exponent === 0 || exponent === 1) return minus(String(value));
		const mantissa = value.toExponential().split("e")[0] ?? "";
		const factor = mantissa === "1" ? "" : mantissa === "-1" ? "−" : `${minus(mantissa)}×`;
		return `${factor}10${superscript(exponent)}`;
	});
}

const power = (mantissa: number, exponent: number) => Number(`${mantissa}e${exponent}`);

/**
 * Values of the kind 1, 2, 5 times a power of ten within [min, max], both above 0: the densest choice of 1-2-5, 1-3, whole
 * decades, every second, third, ... decade that has no more than `count` of them. Evenly stepped values where
 * fewer than two would be left.
 */
export function logTicks(min: number, max: number, count: number): TickValue[] {
	const [first, last] = [exponentOf(min), exponentOf(max)];
	const choices: { mantissas: number[]; stride: number }[] = [
		{ mantissas: [1, 2, 5], stride: 1 },
		{ mantissas: [1, 3], stride: 1 },
		...[1, 2, 3, 5, 10, 20, 50, 100, 200].map((stride) => ({ mantissas: [1], stride })),
	];
	for (const { mantissas, stride } of choices) {
		if (((last - first - 1) / stride) * mantissas.length > count) continue;
		const values: number[] = [];
		for (let exponent = Math.ceil(first / stride) * stride; exponent <= last; exponent += stride) {
			for (const mantissa of mantissas) {
				const value = power(mantissa, exponent);
				if (value >= min && value <= max && value > (values.at(-1) ?? 0)) values.push(value);
			}
		}
		if (values.length > count) continue;
		if (values.length < 2) break;
		const labels = formatPowers(values);
		return values.map((value, i) => ({ value, label: labels[i] ?? "" }));
	}
	return linearTicks(min, max, count);
}

/**
 * 0 and powers of ten of either sign within [min, max], no smaller than `smallest`, about `count` of them.
 * Evenly stepped values where fewer than three would be left.
 */
export function symlogTicks(min: number, max: number, smallest: number, count: number): TickValue[] {
	const first = exponentOf(smallest);
	const decades = (end: number) => Math.max(0, exponentOf(Math.max(end, smallest)) - first + 1);
	const total = decades(max) + decades(-min);
	const stride = [1, 2, 3, 5, 10, 20, 50, 100, 200].find((each) => total / each <= count) ?? 500;
	const values: number[] = min <= 0 && max >= 0 ? [0] : [];
	for (let exponent = Math.ceil(first / stride) * stride; exponent <= 308; exponent += stride) {
		const value = power(1, exponent);
		// Next to 0 the scale is still linear, and a first power there would crowd the zero's label.
		if (stride > 1 && value < smallest * 10 && min < 0) continue;
		if (value >= min && value <= max) values.push(value);
		if (-value >= min && -value <= max) values.unshift(-value);
	}
	if (values.length < 3) return linearTicks(min, max, count);
	values.sort((a, b) => a - b);
	const labels = formatPowers(values);
	return values.map((value, i) => ({ value, label: labels[i] ?? "" }));
}
