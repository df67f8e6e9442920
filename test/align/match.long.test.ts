import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { alignTo } from "../../src/align/align.js";
import { matchWeights } from "../../src/align/match.js";
import { permuted, randomPermutations } from "../../src/align/permute.js";
import { symmetryOf } from "../../src/align/symmetry.js";
import type { Dataset } from "../../src/data/dataset.js";
import { InterruptedError, OptionError } from "../../src/errors.js";
import { RandomStream } from "../../src/exact/random.js";
import type { Graph } from "../../src/network/graph.js";
import { initialize } from "../../src/network/initialize.js";
import type { State } from "../../src/network/parameters.js";
import { modelByName } from "../../src/network/zoo/index.js";
import { resolve } from "../../src/resolve/index.js";
import { gaussians, root, tinyCnn, tinyData } from "../fixtures.js";

const once = { seed: 0, restarts: 1, names: ["a", "b"] } as const;

/** Parameters and statistics of which no two are alike, the variances positive. */
function busyState(graph: Graph, seed: number): State {
	const { parameters, statistics } = initialize(graph, seed);
	const noise = gaussians(statistics.length, seed + 1);
	return {
		parameters: gaussians(parameters.length, seed).map((value, i) => 0.1 * value + (parameters[i] ?? 0)),
		statistics: statistics.map((value, i) => value + 0.1 + 0.1 * Math.abs(noise[i] ?? 0)),
	};
}

function someImages(shape: readonly number[], classes: number): Dataset {
	const size = shape.reduce((product, length) => product * length, 1);
	const random = new RandomStream(5, "sampleOrder");
	const targets = Int32Array.from({ length: 8 }, () => random.below(classes));
	return { name: "noise", samples: 8, sampleShape: shape, inputs: gaussians(8 * size, 3), targets };
}

/** Whether a network is found again to the bit from one whose neurons came in random orders. */
async function isFoundAgain(
	t: ExecutionContext,
	graph: Graph,
	state: State,
	data: Dataset,
	seed: number,
): Promise<void> {
	const symmetry = symmetryOf(graph);
	const orders = randomPermutations(symmetry.groups, new RandomStream(seed, "alignment"));
	const shuffled = permuted(graph, symmetry, state, orders);
	t.notDeepEqual(shuffled, state);
	const found = await alignTo({ graph, data, precision: "fast" }, state, shuffled, once);
	t.deepEqual(found.state, state);
	t.is(found.distance.after, 0);
	t.true(found.distance.before > 0);
	const square = state.parameters.reduce((sum, value) => sum + value * value, 0);
	t.true(Math.abs(found.objective.after - square) < 1e-9 * square, "A ∘ A summed is ‖A‖²");
}

const image = { sampleShape: [16, 16, 3], classes: 10 } as const;

for (const name of ["mlp-40-30", "vgg-small", "resnet-8", "resnet-14-noskip"])
	test(`${name}: neurons in random orders are put back to the bit, with their running statistics`, async (t) => {
		const graph = modelByName(name, image);
		await isFoundAgain(t, graph, busyState(graph, 1), someImages([16, 16, 3], 10), 1);
	});

for (const [name, file, what] of [
	["pytorch/transformer", "a.onnx", "heads, features within each, tokens' features and a table of them"],
	["pytorch2/encoder", "torchscript.onnx", "features of a projection that holds queries, keys and values"],
	["pytorch2/decoder", "dynamo.onnx", "features of a table of tokens that ends the network, too"],
	["pytorch2/lstm", "dynamo.onnx", "gates of two directions that are joined"],
	["pytorch2/segmenter", "dynamo.onnx", "groups of a normalisation"],
	["keras3/images", "model.keras", "channels of a depthwise convolution"],
	["keras3/shared", "model.keras", "neurons of a layer that is called twice"],
] as const)
	test(`${name}: ${what} are put back to the bit`, async (t) => {
		const folder = join(root, "test", "corpus", name);
		const { problem, network } = await resolve({ model: join(folder, file), data: join(folder, "data.npz"), y: null });
		for (const seed of [1, 2]) await isFoundAgain(t, problem.graph, network.state, problem.data, seed);
	});

/** All orders of so many neurons. */
function allOrders(size: number, chosen: readonly number[] = []): Uint32Array[] {
	if (chosen.length === size) return [Uint32Array.from(chosen)];
	const left = Array.from({ length: size }, (_, i) => i).filter((i) => !chosen.includes(i));
	return left.flatMap((i) => allOrders(size, [...chosen, i]));
}

test("of small networks the best of all orders there are is found", async (t) => {
	const graph = modelByName("mlp-4-5", { sampleShape: [2, 2, 1], classes: 3 });
	const symmetry = symmetryOf(graph);
	const orders = symmetry.groups.map(({ size }) => allOrders(size));
	t.deepEqual(
		orders.map(({ length }) => length),
		[24, 120],
	);
	for (const seed of [1, 2, 3, 4, 5]) {
		const [a, b] = [busyState(graph, seed), busyState(graph, seed + 50)];
		const products = (orders[0] ?? []).flatMap((first) =>
			(orders[1] ?? []).map((second) => {
				const { parameters } = permuted(graph, symmetry, b, [first, second]);
				return a.parameters.reduce((sum, value, i) => sum + value * (parameters[i] ?? 0), 0);
			}),
		);
		const { after } = await matchWeights(graph, symmetry, [a, b], { seed: 0, restarts: 10 });
		t.true(Math.abs(after - Math.max(...products)) < 1e-9);
	}
});

test("no single group's orders are better than those that are found", async (t) => {
	const graph = tinyCnn();
	const symmetry = symmetryOf(graph);
	const [a, b] = [busyState(graph, 1), busyState(graph, 7)];
	const { permutations, before, after } = await matchWeights(graph, symmetry, [a, b], { seed: 2, restarts: 3 });
	t.true(after > before);
	const product = (orders: readonly Uint32Array[]) => {
		const { parameters } = permuted(graph, symmetry, b, orders);
		return a.parameters.reduce((sum, value, i) => sum + value * (parameters[i] ?? 0), 0);
	};
	t.true(Math.abs(product(permutations) - after) < 1e-9 * Math.abs(after));
	// Two neurons exchanged, all pairs of each group.
	for (const [number, orders] of permutations.entries())
		for (let i = 0; i < orders.length; i++)
			for (let j = 0; j < i; j++) {
				const other = orders.slice();
				[other[i], other[j]] = [orders[j] ?? 0, orders[i] ?? 0];
				t.true(product(permutations.with(number, other)) <= after * (1 + 1e-12));
			}
});

test("from more starts comes an end at least as good, and from one seed always the same", async (t) => {
	const graph = tinyCnn();
	const symmetry = symmetryOf(graph);
	const states = [busyState(graph, 1), busyState(graph, 7)] as const;
	const ends = await Promise.all(
		[1, 2, 5, 10].map((restarts) => matchWeights(graph, symmetry, states, { seed: 4, restarts })),
	);
	const found = ends.map(({ after }) => after);
	t.deepEqual(
		found,
		[...found].sort((x, y) => x - y),
	);
	t.deepEqual(await matchWeights(graph, symmetry, states, { seed: 4, restarts: 5 }), ends[2]);
});

test("a network aligned to itself, or to one that is nothing like it, computes what it did", async (t) => {
	const graph = tinyCnn();
	const tried = { graph, data: tinyData(32), precision: "fast" } as const;
	await fc.assert(
		fc.asyncProperty(fc.nat(1000), fc.nat(1000), async (one, other) => {
			const [a, b] = [busyState(graph, one), busyState(graph, other)];
			const { state, objective, distance } = await alignTo(tried, a, b, once);
			t.deepEqual(state.parameters.toSorted(), b.parameters.toSorted());
			t.true(objective.after >= objective.before);
			t.true(distance.after <= distance.before);
			if (one === other) t.is(distance.after, 0);
		}),
		{ numRuns: 5, examples: [[3, 3]] },
	);
});

test("running statistics move with their neurons and don't count", async (t) => {
	const graph = modelByName("resnet-8", image);
	const symmetry = symmetryOf(graph);
	const [a, b] = [busyState(graph, 1), busyState(graph, 2)];
	const other = { ...a, statistics: a.statistics.map((value) => value * 3 + 1) };
	t.deepEqual(await matchWeights(graph, symmetry, [a, b], once), await matchWeights(graph, symmetry, [other, b], once));
	const { state } = await alignTo({ graph, data: someImages([16, 16, 3], 10), precision: "fast" }, a, b, once);
	t.deepEqual(state.statistics.toSorted(), b.statistics.toSorted());
	t.notDeepEqual(state.statistics, b.statistics);
});

test("what is no number can't be aligned", async (t) => {
	const graph = tinyCnn();
	const state = busyState(graph, 1);
	const broken = { ...state, parameters: state.parameters.with(5, Number.NaN) };
	const tried = { graph, data: tinyData(4), precision: "fast" } as const;
	await t.throwsAsync(alignTo(tried, state, broken, once), {
		instanceOf: OptionError,
		message: "b: expected finite parameters to align, got NaN",
	});
});

test("groups say which parameters they go through, and what stays says why", (t) => {
	const { groups, fixed } = symmetryOf(tinyCnn());
	t.deepEqual(
		groups.map(({ name, size, parameters }) => [name, size, parameters]),
		[
			["k", 24, ["k", "b", "w1"]],
			["w1", 36, ["w1", "b1", "w2"]],
		],
	);
	// Its input has one channel, along which nothing could move anyway.
	t.deepEqual(fixed, [
		{ name: "w2", reason: "output logits" },
		{ name: "b2", reason: "output logits" },
	]);
});

test("a signal stops the search between two steps", async (t) => {
	const graph = tinyCnn();
	const states = [busyState(graph, 1), busyState(graph, 7)] as const;
	const stop = new AbortController();
	const told: number[] = [];
	const onProgress = ({ done }: { readonly done: number }) => {
		told.push(done);
		if (done === 2) stop.abort();
	};
	const options = { seed: 0, restarts: 100, signal: stop.signal, onProgress };
	await t.throwsAsync(matchWeights(graph, symmetryOf(graph), states, options), { instanceOf: InterruptedError });
	t.deepEqual(told, [1, 2]);
});
