import test from "ava";
import fc from "fast-check";
import { LayoutMismatchError } from "../../src/errors.js";
import { initialize } from "../../src/network/initialize.js";
import { type Layout, parameterLayout, slice } from "../../src/network/parameters.js";
import { type BiasRule, type Normalization, normalizationNames, normalize } from "../../src/section/normalize.js";
import { cosine, norm } from "../../src/section/products.js";
import { randomDirection } from "../../src/section/random.js";
import { gaussians, tinyCnn } from "../fixtures.js";

/** A kernel [in 2, out 2] and a bias [2]: filters are the columns of the kernel. */
const layout: Layout = {
	slots: [
		{
			name: "weight",
			shape: [2, 2],
			kind: "kernel",
			filterAxes: [1],
			fanIn: 2,
			native: { shape: [2, 2], view: [2, 2], permutation: [1, 0] },
			offset: 0,
			size: 4,
		},
		{
			name: "bias",
			shape: [2],
			kind: "bias",
			filterAxes: [],
			fanIn: 2,
			native: { shape: [2], view: [2], permutation: [0] },
			offset: 4,
			size: 2,
		},
	],
	length: 6,
};

// Columns of the parameters: (3, 4) of norm 5, and (0, 2) of norm 2; of the direction: (1, 0) and (6, 8) of norm 10.
const parameters = Float32Array.of(3, 0, 4, 2, 7, 9);
const direction = [1, 6, 0, 8, 1, -1];

function normalized(normalization: Normalization, bias: BiasRule): number[] {
	const vector = Float64Array.from(direction);
	normalize(vector, parameters, layout, normalization, bias);
	return [...vector];
}

function close(t: { true(value: boolean, message?: string): void }, actual: number[], expected: number[]): void {
	for (const [i, value] of expected.entries())
		t.true(
			Math.abs((actual[i] ?? Number.NaN) - value) <= 1e-9 * Math.max(1, Math.abs(value)),
			`${actual} is not ${expected}`,
		);
}

test("filter normalisation gives each filter the norm of the parameters' filter", (t) => {
	close(t, normalized("filter", "zero"), [5, 1.2, 0, 1.6, 0, 0]);
});

test("layer normalisation gives each tensor the norm of the parameters' tensor", (t) => {
	// ‖w‖ = √29, ‖d‖ = √101.
	const factor = Math.sqrt(29 / 101);
	close(t, normalized("layer", "zero"), [factor, 6 * factor, 0, 8 * factor, 0, 0]);
});

test("weight normalisation multiplies element by element", (t) => {
	close(t, normalized("weight", "zero"), [3, 0, 0, 16, 0, 0]);
});

test("whole normalisation scales all parameters at once, biases with them where they are kept", (t) => {
	// ‖θ‖² = 29 + 49 + 81 = 159; ‖d‖² = 101 without biases, 103 with them.
	const without = Math.sqrt(159 / 101);
	close(t, normalized("whole", "zero"), [without, 6 * without, 0, 8 * without, 0, 0]);
	const kept = Math.sqrt(159 / 103);
	close(t, normalized("whole", "keep"), [kept, 6 * kept, 0, 8 * kept, kept, -kept]);
});

test("no normalisation leaves the direction as it is", (t) => {
	t.deepEqual(normalized("none", "keep"), direction);
	t.deepEqual(normalized("none", "zero"), [1, 6, 0, 8, 0, 0]);
});

test("kept biases become the parameters' own under filter, layer and weight normalisation", (t) => {
	for (const rule of ["filter", "layer", "weight"] as const) t.deepEqual(normalized(rule, "keep").slice(4), [7, 9]);
});

test("vectors of another length are refused", (t) => {
	t.throws(() => normalize(new Float64Array(5), parameters, layout, "filter", "zero"), {
		instanceOf: LayoutMismatchError,
	});
});

test("after filter normalisation every filter of the network has the norm of its parameters' filter", (t) => {
	const graph = tinyCnn();
	const whole = parameterLayout(graph);
	const { parameters } = initialize(graph, 1);
	const drawn = randomDirection("x", parameters, whole, { seed: 3, norm: "filter", bias: "zero" });
	for (const slot of whole.slots) {
		if (slot.kind !== "kernel") {
			t.true(slice(drawn, slot).every((value) => value === 0));
			continue;
		}
		// In tfjs kernels the filter is the last axis: its elements lie `filters` apart.
		const filters = slot.shape.at(-1) ?? 0;
		for (let k = 0; k < filters; k++) {
			const of = (vector: Float32Array) => norm(slice(vector, slot).filter((_, i) => i % filters === k));
			t.true(Math.abs(of(drawn) / of(parameters) - 1) < 1e-6);
		}
	}
});

test("the whole norm equals that of the parameters after whole normalisation, whatever they are", (t) => {
	fc.assert(
		fc.property(fc.nat(1000), (seed) => {
			const vector = Float64Array.from(gaussians(6, seed));
			const values = gaussians(6, seed + 1001);
			normalize(vector, values, layout, "whole", "keep");
			return Math.abs(norm(vector) / norm(values) - 1) < 1e-12;
		}),
	);
	t.pass();
});

test("directions of the two axes are independent: nearly orthogonal, never the same", (t) => {
	const graph = tinyCnn();
	const whole = parameterLayout(graph);
	const { parameters } = initialize(graph, 1);
	for (const rule of normalizationNames) {
		const options = { seed: 0, norm: rule, bias: "zero" } as const;
		const x = randomDirection("x", parameters, whole, options);
		const y = randomDirection("y", parameters, whole, options);
		t.true(Math.abs(cosine(x, y)) < 0.2, rule);
		t.deepEqual(randomDirection("x", parameters, whole, options), x);
	}
});
