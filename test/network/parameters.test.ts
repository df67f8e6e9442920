import test from "ava";
import { LayoutMismatchError } from "../../src/errors.js";
import { initialize } from "../../src/network/initialize.js";
import {
	filterNumbers,
	fromNamedTensors,
	fromNative,
	parameterLayout,
	slice,
	toNamedTensors,
	toNative,
} from "../../src/network/parameters.js";
import { mnistCnn } from "../../src/network/zoo/index.js";

test("elements are counted to filters along the filter axes", (t) => {
	t.deepEqual([...filterNumbers([2, 3], [1])], [0, 1, 2, 0, 1, 2]);
	t.deepEqual([...filterNumbers([2, 3], [0])], [0, 0, 0, 1, 1, 1]);
	// A depthwise kernel has a filter for each (in, mult).
	t.deepEqual([...filterNumbers([1, 2, 2, 2], [2, 3])], [0, 1, 2, 3, 0, 1, 2, 3]);
	t.deepEqual([...filterNumbers([3], [])], [0, 0, 0]);
});

test("a convolution kernel comes from PyTorch's [out, in, h, w] to [h, w, in, out]", (t) => {
	const native = { shape: [2, 3, 1, 2], view: [2, 3, 1, 2], permutation: [2, 3, 1, 0] };
	// Element (o, c, 0, w) of the native tensor is written as 100·o + 10·c + w.
	const values = Float32Array.of(0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121);
	const expected = [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121];
	t.deepEqual([...fromNative(values, native)], expected);
	t.deepEqual(toNative(fromNative(values, native), native), values);
});

test("the dense layer behind the images reads PyTorch's channel-first features", (t) => {
	const graph = mnistCnn();
	const tensors = new Map(toNamedTensors(graph, initialize(graph, 0)));
	// In fc1.weight [128, 9216], value o·9216 + feature, exact in float32 for the first rows.
	const values = Float32Array.from({ length: 128 * 9216 }, (_, i) => i);
	tensors.set("fc1.weight", { shape: [128, 9216], values });
	const { parameters } = fromNamedTensors(graph, tensors, "test");
	const slot = parameterLayout(graph).slots.find(({ name }) => name === "fc1.weight");
	t.truthy(slot);
	if (slot === undefined) return;
	const kernel = slice(parameters, slot);
	for (const [h, w, c, o] of [
		[0, 0, 0, 0],
		[0, 0, 5, 1],
		[3, 7, 63, 0],
		[11, 11, 63, 2],
	] as const) {
		const here = ((h * 12 + w) * 64 + c) * 128 + o;
		// PyTorch flattens [64, 12, 12]: the feature of (c, h, w) is c·144 + h·12 + w.
		t.is(kernel[here], o * 9216 + c * 144 + h * 12 + w);
	}
});

test("named tensors round-trip, in PyTorch's names and shapes", (t) => {
	const graph = mnistCnn();
	const parameters = initialize(graph, 4);
	const tensors = toNamedTensors(graph, parameters);
	t.deepEqual(
		[...tensors].map(([name, { shape }]) => `${name} [${shape}]`),
		[
			"conv1.weight [32,1,3,3]",
			"conv1.bias [32]",
			"conv2.weight [64,32,3,3]",
			"conv2.bias [64]",
			"fc1.weight [128,9216]",
			"fc1.bias [128]",
			"fc2.weight [10,128]",
			"fc2.bias [10]",
		],
	);
	t.deepEqual(fromNamedTensors(graph, tensors, "test"), parameters);
});

test("tensors that are missing, misshapen or unknown are refused by name", (t) => {
	const graph = mnistCnn();
	const tensors = () => new Map(toNamedTensors(graph, initialize(graph, 0)));
	const missing = tensors();
	missing.delete("fc2.bias");
	t.throws(() => fromNamedTensors(graph, missing, "a.safetensors"), {
		instanceOf: LayoutMismatchError,
		message: "a.safetensors: mnist-cnn needs fc2.bias [10], which is missing",
	});
	const misshapen = tensors();
	misshapen.set("conv1.weight", { shape: [32, 3, 3, 3], values: new Float32Array(864) });
	t.throws(() => fromNamedTensors(graph, misshapen, "a.safetensors"), {
		message: "a.safetensors: mnist-cnn needs conv1.weight [32,1,3,3], but the file has [32,3,3,3]",
	});
	const unknown = tensors();
	unknown.set("fc3.weight", { shape: [1], values: new Float32Array(1) });
	t.throws(() => fromNamedTensors(graph, unknown, "a.safetensors"), {
		message: "a.safetensors: tensor fc3.weight [1] is not part of mnist-cnn",
	});
});

test("fresh parameters lie within ±1/√fanIn and fill that range", (t) => {
	const graph = mnistCnn();
	const { parameters } = initialize(graph, 2);
	for (const slot of parameterLayout(graph).slots) {
		const values = slice(parameters, slot);
		const bound = Math.fround(1 / Math.sqrt(slot.fanIn));
		const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		t.true(largest <= bound && largest > 0.7 * bound, slot.name);
	}
	t.deepEqual(initialize(graph, 2).parameters, parameters);
	t.notDeepEqual(initialize(graph, 3).parameters, parameters);
});
