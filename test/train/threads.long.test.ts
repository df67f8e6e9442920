import test from "ava";
import type { Graph } from "../../src/network/graph.js";
import { modelByName } from "../../src/network/zoo/index.js";
import { batchNorm, batchNormParameters } from "../../src/network/zoo/layers.js";
import type { ResumePoint } from "../../src/store/training-state.js";
import type { TrainOptions } from "../../src/train/options.js";
import { train } from "../../src/train/train.js";
import { gaussians, tinyCnn, tinyData } from "../fixtures.js";

/** The small network with a normalisation after its convolution, and dropout after its dense layer. */
function normalisedCnn(): Graph {
	const graph = tinyCnn();
	const renamed = graph.nodes.map((node) => {
		if (node.output === "r") return { ...node, inputs: ["n"] };
		return node.output === "logits" ? { ...node, inputs: ["d", "w2", "b2"] } : node;
	});
	const [first, ...rest] = renamed as Graph["nodes"][number][];
	const last = rest.pop();
	if (first === undefined || last === undefined) throw new Error("the small network has no nodes");
	return {
		...graph,
		nodes: [
			first,
			batchNorm({ output: "n", input: "c", layer: "bn" }),
			...rest,
			{ op: "dropout", inputs: ["s"], output: "d", attributes: { rate: 0.3 } },
			last,
		],
		parameters: [...graph.parameters, ...batchNormParameters("bn", 24)],
	};
}

const options: TrainOptions = {
	graph: normalisedCnn(),
	data: tinyData(50),
	loss: "softmax-cross-entropy",
	optimizer: "adam",
	learningRate: 0.01,
	// Batches of 13, 13, 13 and 11, whose shards differ in size.
	batchSize: 13,
	epochs: 2,
	seed: 1,
	precision: "fast",
};

/** Losses of all steps, and everything the last step left. */
async function outcome(changes: Partial<TrainOptions> = {}, from?: ResumePoint, until = Number.POSITIVE_INFINITY) {
	const losses: number[] = [];
	let last: ResumePoint | undefined;
	for await (const progress of train({ ...options, ...changes }, from)) {
		losses.push(progress.loss);
		const { step, state, optimizer } = progress.resume;
		last = {
			step,
			state: { parameters: state.parameters.slice(), statistics: state.statistics.slice() },
			optimizer: { step: optimizer.step, vectors: optimizer.vectors.map((vector) => vector.slice()) },
		};
		if (step === until) break;
	}
	if (last === undefined) throw new Error("training took no step");
	return { losses, state: last };
}

test("one thread and two give the same bytes: losses, parameters, running statistics, momenta", async (t) => {
	const one = await outcome({ threads: 1 });
	t.is(one.losses.length, 8);
	t.deepEqual(await outcome({ threads: 2 }), one);
});

test("taken up in the middle of an epoch, a training ends with the same bytes", async (t) => {
	const whole = await outcome();
	const { state } = await outcome({}, undefined, 3);
	const rest = await outcome({}, state);
	t.deepEqual(rest.losses, whole.losses.slice(3));
	t.deepEqual(rest.state, whole.state);
});

test("a batch smaller than the number of shards is trained on too", async (t) => {
	const { losses } = await outcome({ data: tinyData(7), batchSize: 5, epochs: 1 });
	t.is(losses.length, 2);
	t.true(losses.every(Number.isFinite));
});

test("without dropout and normalisation, shards add up to the gradient of the whole batch", async (t) => {
	// One step of plain gradient descent: θ - 0.5·g, so g = (θ0 - θ1) / 0.5. Batches of one sample have one shard only.
	const plain = { graph: tinyCnn(), optimizer: "sgd", learningRate: 0.5, epochs: 1, precision: "exact" } as const;
	const data = tinyData(8);
	const { initialize } = await import("../../src/network/initialize.js");
	const start = initialize(tinyCnn(), 1).parameters;
	const gradient = async (changes: Partial<TrainOptions>) => {
		const { state } = await outcome({ ...plain, ...changes });
		return state.state.parameters.map((value, i) => ((start[i] ?? 0) - value) / 0.5);
	};
	const whole = await gradient({ data, batchSize: 8 });
	const singles = await Promise.all(
		Array.from({ length: 8 }, (_, i) =>
			gradient({
				data: {
					...data,
					samples: 1,
					inputs: data.inputs.subarray(i * 36, (i + 1) * 36),
					targets: data.targets.subarray(i, i + 1),
				},
				batchSize: 1,
			}),
		),
	);
	for (const [i, value] of whole.entries()) {
		const mean = singles.reduce((sum, single) => sum + (single[i] ?? 0), 0) / 8;
		t.true(Math.abs(value - mean) < 2e-6, `parameter ${i}: ${value} is not ${mean}`);
	}
});

test("running statistics move a tenth of the way a step", async (t) => {
	// With a learning rate of next to nothing the batches of one epoch, all alike, measure the same each time.
	const image = gaussians(36, 5);
	const same = new Float32Array(8 * 36);
	for (let i = 0; i < 8; i++) same.set(image, i * 36);
	const data = { ...tinyData(8), inputs: same };
	const still = { data, batchSize: 8, learningRate: 1e-30, optimizer: "sgd", graph: normalisedCnn() } as const;
	const once = (await outcome({ ...still, epochs: 1 })).state.state.statistics;
	const twice = (await outcome({ ...still, epochs: 2 })).state.state.statistics;
	for (const [i, value] of once.entries()) {
		const start = i < 24 ? 0 : 1;
		const measured = (value - 0.9 * start) / 0.1;
		t.true(Math.abs((twice[i] ?? Number.NaN) - (0.9 * value + 0.1 * measured)) < 1e-5, `statistic ${i}`);
	}
});

for (const [model, steps] of [
	["resnet-8", 2],
	["resnet-8-noskip", 2],
	["vgg-small", 2],
	["mlp-16", 4],
] as const) {
	for (const precision of ["fast", "exact"] as const) {
		test(`${model} takes steps that lower its loss (${precision})`, async (t) => {
			const samples = 8;
			const data = {
				name: "noise",
				samples,
				sampleShape: [28, 28, 1],
				inputs: gaussians(samples * 784, 3),
				targets: Int32Array.from({ length: samples }, (_, i) => i),
			};
			const graph = modelByName(model);
			const { losses } = await outcome({
				graph,
				data,
				batchSize: samples,
				epochs: steps + 1,
				precision,
				optimizer: "sgd",
				learningRate: 0.01,
			});
			t.true((losses.at(-1) ?? Number.NaN) < (losses[0] ?? Number.NaN), String(losses));
		});
	}
}
