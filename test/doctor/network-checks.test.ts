import test from "ava";
import { RandomStream } from "../../src/exact/random.js";
import { initialize } from "../../src/network/initialize.js";
import type { Network } from "../../src/network/network.js";
import type { GraphNode } from "../../src/network/ops/index.js";
import { parameterLayout, slice, statisticsLayout } from "../../src/network/parameters.js";
import { resolve } from "../../src/resolve/index.js";
import { affineSection } from "../../src/section/affine.js";
import { bowl, gaussians } from "../fixtures.js";
import { ask, executor, mlp, outlined, type Run, resnet, says, swept } from "./runs.js";

let healthy: Run;
test.before(async () => {
	healthy = await swept(mlp);
});
test.after.always(() => executor.close());

/** The classifier of the corpus, to be changed in memory. */
async function network(): Promise<Network> {
	return (await resolve(mlp)).network;
}
const inMemory = ({ graph, state }: Network) => {
	const { model: _, ...rest } = mlp;
	return { ...rest, network: { graph, state } };
};

test("a network that guesses is told, with what guessing gives", async (t) => {
	// ln 5 is 1.609.
	says(t, await ask("trained", healthy), "fine", /guessing among 5 classes gives 1\.609 and 20 %/);
	const { graph } = await network();
	const fresh = await swept({
		...inMemory({ graph, state: initialize(graph, 1) }),
		x: { min: 0, max: 1, steps: 2 },
		y: null,
	});
	says(t, await ask("trained", fresh), "wrong", /parameters are fresh, or from another network/, /isoloss/);
});

test("a softmax taken twice is told, with the loss that it can't go below", async (t) => {
	says(t, await ask("objective", healthy), "fine", /logits/);
	const { graph, state } = await network();
	const softmax = { op: "softmax", inputs: [graph.output], output: "probabilities", attributes: {} } as GraphNode;
	const twice = { graph: { ...graph, nodes: [...graph.nodes, softmax], output: "probabilities" }, state };
	const run = await outlined({ ...inMemory(twice), loss: "softmax-cross-entropy" });
	// ln(1 + 4/e) is 0.9048.
	says(t, await ask("objective", run), "wrong", /never below 0\.9048/, /--loss cross-entropy-from-probabilities/);
	says(t, await ask("objective", await outlined(inMemory(twice))), "fine", /logits/);
});

test("a squared error of outputs that can't reach their targets, or of classes, is told", async (t) => {
	const { graph, data } = bowl(4);
	const asked = async (targets: Float32Array, given = graph) => {
		const state = { parameters: new Float32Array(4).fill(1), statistics: new Float32Array() };
		const request = {
			network: { graph: given, state },
			data: { ...data, targets },
			x: { min: 0, max: 1, steps: 2 },
			y: null,
		};
		return ask("objective", await outlined(request));
	};
	says(t, await asked(Float32Array.of(0.3, -1.5, 2.5, 0.1)), "fine", /^mse of outputs of a plain layer/);
	says(t, await asked(Float32Array.of(0, 1, 2, 3)), "doubtful", /4 unlike whole numbers/);
	const node: GraphNode = { op: "unary", inputs: ["y"], output: "s", attributes: { function: "sigmoid" } };
	const squashed = { ...graph, nodes: [...graph.nodes, node], output: "s" };
	says(
		t,
		await asked(Float32Array.of(0.5, 3, 0.1, 0.2), squashed),
		"wrong",
		/from 0\.1\d* to 3\. No parameters reach them/,
	);
});

test("directions that are nearly one are told by their angle", async (t) => {
	says(t, await ask("angle", healthy), "fine", /, (89|90|91)°/);
	const made = await network();
	const [first, noise] = [gaussians(2741, 1), gaussians(2741, 2)];
	const along = (share: number) => first.map((value, i) => value + share * (noise[i] ?? 0));
	const skewed = async (share: number) => {
		const section = affineSection(made.state, [{ parameters: first }, { parameters: along(share) }], []);
		return ask("angle", await outlined({ ...inMemory(made), section }));
	};
	// The cosine is about 1/√(1 + share²).
	says(t, await skewed(0.2), "wrong", /cosine between δ and η is 0\.98.*hardly more than a line/, /isoloss sweep/);
	says(t, await skewed(1.5), "doubtful", /0\.5\d*, 5\d°/, /isoloss sweep/);
});

test("axes are measured by the length of the parameters, and by each other", async (t) => {
	says(t, await ask("lengths", healthy), "fine", /the edges are (0\.99|1) and (0\.99|1) lengths/);
	// Gaussians of 2,741 parameters are √2741 = 52 long, the parameters 9.9.
	says(
		t,
		await ask("lengths", await outlined({ ...mlp, norm: "none" })),
		"doubtful",
		/edges are 5\.\d and 5\.\d/,
		/^(?!.*--norm)/,
	);
	const far = await outlined({ ...mlp, norm: "none", x: { min: -5, max: 5, steps: 9 } });
	says(t, await ask("lengths", far), "wrong", /replaced by noise/, /isoloss sweep/);
	const uneven = await outlined({ ...mlp, y: { min: -0.01, max: 0.01, steps: 9 } });
	says(
		t,
		await ask("lengths", uneven),
		"wrong",
		/two axes are of unlike scale/,
		/--x=-0\.01:0\.01:9 --y=-0\.01:0\.01:9/,
	);
});

test("how much of the network moves is told in parameters and names", async (t) => {
	says(t, await ask("moving", healthy), "fine", /^2,656 of 2,741 parameters move.* 3 tensors of biases/);
	const last = await outlined({ ...mlp, only: "4.*" });
	// The last layer's kernel has 32 · 5 weights.
	says(
		t,
		await ask("moving", last),
		"doubtful",
		/^160 of 2,741 parameters move.*these stay: 0\.weight, 2\.weight/,
		/^(?!.*--only).*--bias keep/,
	);
	const biases = await outlined({ ...mlp, only: "4.bias", bias: "keep" });
	says(t, await ask("moving", biases), "wrong", /^5 of 2,741/, /isoloss sweep/);
});

test("filters of zeros are counted by tensor", async (t) => {
	says(t, await ask("filters", healthy), "fine", /^All 85 filters/);
	const { graph, state } = await network();
	const pruned = async (share: number) => {
		const parameters = state.parameters.slice();
		const random = new RandomStream(1, "sampleOrder");
		for (const slot of parameterLayout(graph).slots.filter(({ kind }) => kind === "kernel")) {
			// Dense kernels are [in, out]: filter k is every out-th value from k on.
			const out = slot.shape.at(-1) ?? 1;
			const tensor = slice(parameters, slot);
			for (let k = 0; k < out; k++)
				if (random.below(100) < 100 * share) for (let i = k; i < tensor.length; i += out) tensor[i] = 0;
		}
		return ask("filters", await outlined(inMemory({ graph, state: { ...state, parameters } })));
	};
	says(t, await pruned(0.3), "doubtful", /of 85 filters are all zeros .* of 48 of 0\.weight/, /--norm layer/);
	says(t, await pruned(0.9), "wrong", /all zeros/, /--norm layer/);
	t.is(await ask("filters", await outlined({ ...mlp, norm: "layer" })), null);
});

test("statistics of batch normalisation are judged by where they come from and what is drawn", async (t) => {
	t.is(await ask("batch-norm", healthy), null);
	const around = { ...resnet, x: { min: -1, max: 1, steps: 3 }, y: null };
	const b = resnet.model.replace("a.onnx", "b.onnx");
	const between = { ...resnet, directions: "interpolate", to: b, x: { min: 0, max: 1, steps: 3 } } as const;
	const asked = async (request: Parameters<typeof outlined>[0]) => ask("batch-norm", await outlined(request));
	says(t, await asked(around), "fine", /network's own: right at the origin/);
	says(
		t,
		await asked({ ...around, batchNorm: "batch" }),
		"wrong",
		/the last one of 8 samples/,
		/--batch-norm reestimate/,
	);
	says(t, await asked(between), "doubtful", /interpolated/, /--batch-norm reestimate/);
	says(t, await asked({ ...between, batchNorm: "fixed" }), "wrong", /barrier is too high/, /--batch-norm reestimate/);
	says(t, await asked({ ...between, batchNorm: "reestimate" }), "fine", /measured anew/);
	const { network: whole } = await resolve(around);
	const statistics = whole.state.statistics.slice();
	const variance = statisticsLayout(whole.graph).slots.find(({ kind }) => kind === "running-variance");
	if (variance === undefined) return t.fail();
	statistics[variance.offset] = -0.5;
	const { model: _, ...rest } = around;
	const damaged = { graph: whole.graph, state: { ...whole.state, statistics } };
	says(t, await asked({ ...rest, network: damaged }), "wrong", /variances of .* are negative/, /isoloss/);
});

test("steps that float32 rounds away are told by the share of parameters that stay", async (t) => {
	says(t, await ask("rounding", healthy), "fine", /leaves 0 % and 0 %/);
	const tiny = await outlined({ ...mlp, x: { min: -1e-8, max: 1e-8, steps: 9 }, y: null });
	says(t, await ask("rounding", tiny), "wrong", /terraces of rounding/, /^(?!.*--x).*--y none/);
});
