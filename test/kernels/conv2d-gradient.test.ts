import "./relaxed-simd.js";
import test from "ava";
import { hasRelaxedSimd } from "../../src/kernels/module.js";
import { CONVOLUTION, convolutions, forCases, inputsOf } from "./cases.js";
import {
	addTerm,
	type Convolution,
	eachTerm,
	random,
	run,
	sizeOf,
	startFastKernels,
	sums,
	takeKernels,
	UNIT,
	worstError,
} from "./reference.js";

test.before(startFastKernels);

function check(c: Convolution): { input: number; filter: number } {
	const xShape = [c.batch, c.height, c.width, c.inputs];
	const filterShape = [c.filterHeight, c.filterWidth, c.inputs, c.outputs];
	const { x, filter } = inputsOf(c);
	const [down, across] = eachTerm(c, () => {});
	const dy = random([c.batch, down?.length ?? 0, across?.length ?? 0, c.outputs], 3);
	const dx = sums(sizeOf(xShape));
	const dw = sums(sizeOf(filterShape));
	eachTerm(c, (i, w, o) => {
		addTerm(dx, i, (dy.values[o] ?? 0) * (filter.values[w] ?? 0));
		addTerm(dw, w, (dy.values[o] ?? 0) * (x.values[i] ?? 0));
	});
	const attrs = { strides: c.stride, pad: c.pad, dataFormat: "NHWC" };
	const gotX = run("Conv2DBackpropInput", { dy, filter }, { ...attrs, inputShape: xShape });
	const gotW = run("Conv2DBackpropFilter", { x, dy }, { ...attrs, filterShape });
	return { input: worstError(gotX.values, dx), filter: worstError(gotW.values, dw) };
}

test("both gradients of any convolution agree with float64 loops", (t) => {
	forCases(t, convolutions.withGradients, 100, (c) => {
		const { input, filter } = check(c);
		t.true(input <= 1.01 * (9 * c.outputs + 9) * UNIT || input <= 5e-5, JSON.stringify(c));
		t.true(filter <= Math.max(1.01 * (c.batch * c.height * c.width + 1) * UNIT, 1e-5), JSON.stringify(c));
	});
});

for (const precision of hasRelaxedSimd() ? (["fast", "relaxed"] as const) : (["fast"] as const))
	test(`both gradients by Winograd agree with float64 loops, ${precision}`, (t) => {
		takeKernels(precision);
		// At the border of an input few outputs reach it, so that Σ|dy||w| is small beside the patch: a looser factor.
		forCases(t, convolutions.winogradWithGradients, 40, (c) => {
			const { input, filter } = check(c);
			t.true(input <= (precision === "fast" ? 5e-5 : 1e-4), JSON.stringify(c));
			t.true(filter <= 1e-5, JSON.stringify(c));
		});
		takeKernels("fast");
	});

test("a filter gradient that is not finite is so only where the numbers say", (t) => {
	const x = random([1, 9, 9, 8], 1);
	const dy = random([1, 7, 7, 8], 2);
	dy.values[5] = Number.POSITIVE_INFINITY;
	const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC", filterShape: [3, 3, 8, 8] };
	const gradient = run("Conv2DBackpropFilter", { x, dy }, attrs).values;
	t.true(gradient.every((value, at) => Number.isFinite(value) === (at % 8 !== 5)));
});

test("both gradients agree with central differences of the loss ½Σy²", (t) => {
	const sizes = { batch: 1, height: 6, width: 5, inputs: 2, outputs: 3, filterHeight: 3, filterWidth: 2 };
	const c: Convolution = { ...CONVOLUTION, ...sizes, pad: "same" };
	const { x, filter } = inputsOf(c, 4);
	const outputs = () => {
		const y = sums(6 * 5 * 3);
		eachTerm(c, (i, w, o) => addTerm(y, o, (x.values[i] ?? 0) * (filter.values[w] ?? 0)));
		return y.value;
	};
	const loss = () => outputs().reduce((sum, y) => sum + (y * y) / 2, 0);
	const dy = { shape: [1, 6, 5, 3], values: Float32Array.from(outputs()) };
	const attrs = { strides: 1, pad: "same", dataFormat: "NHWC" };
	const gradients = [
		[x, run("Conv2DBackpropInput", { dy, filter }, { ...attrs, inputShape: x.shape })],
		[filter, run("Conv2DBackpropFilter", { x, dy }, { ...attrs, filterShape: filter.shape })],
	] as const;
	for (const [parameters, gradient] of gradients)
		for (let at = 0; at < parameters.values.length; at++) {
			const before = parameters.values[at] ?? 0;
			const step = 2 ** -8;
			parameters.values[at] = before + step;
			const [above, upper] = [loss(), parameters.values[at] ?? 0];
			parameters.values[at] = before - step;
			const [below, lower] = [loss(), parameters.values[at] ?? 0];
			parameters.values[at] = before;
			// The loss is a quadratic of each value, for which central differences are exact.
			t.true(Math.abs((above - below) / (upper - lower) - (gradient.values[at] ?? 0)) < 1e-5);
		}
});
