import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { zipSync } from "fflate";
import { formatSafetensors } from "../../src/formats/safetensors.js";
import { initialize } from "../../src/network/initialize.js";
import { toNamedTensors } from "../../src/network/parameters.js";
import { resolve } from "../../src/resolve/index.js";
import { gaussians, temporaryDirectory } from "../fixtures.js";
import { toNpy } from "../formats/npy-file.js";
import { ask, executor, mlp, type Run, says, swept } from "./runs.js";

let healthy: Run;
test.before(async () => {
	healthy = await swept(mlp);
});
test.after.always(() => executor.close());

test("a network on a slope is told by how far the loss falls straight downhill; a trained one lies at rest", async (t) => {
	const resting = await swept({ samples: 16, x: { min: -1, max: 1, steps: 3 }, y: null });
	says(t, await ask("gradient", resting), "fine", /^Straight downhill/);
	const { graph, state } = (await resolve(mlp)).network;
	const directory = await temporaryDirectory(t);
	const written = async (name: string, parameters: Float32Array) => {
		const weights = join(directory, name);
		const tensors = toNamedTensors(graph, { ...state, parameters });
		await writeFile(weights, formatSafetensors({ tensors, metadata: {} }));
		return weights;
	};
	// Pushed off by as much as it is long: uphill, wherever that is.
	const noise = gaussians(state.parameters.length, 3);
	const pushed = await written(
		"pushed.safetensors",
		state.parameters.map((value, i) => value + 0.19 * (noise[i] ?? 0)),
	);
	const sloping = await swept({ ...mlp, weights: pushed });
	says(
		t,
		await ask("gradient", sloping),
		"wrong",
		/The origin lies on a slope/,
		/--weights \S+ .*--directions gradient/,
	);
	// Whatever fresh parameters make of classes, another plane makes something else.
	const fresh = await swept({ ...mlp, weights: await written("fresh.safetensors", initialize(graph, 1).parameters) });
	const other = await ask("seeds", fresh);
	t.true(other?.verdict === "wrong" || other?.verdict === "doubtful", other?.text);
	t.regex(other?.command ?? "", /--seed 1$/);
});

test("too few samples are told in cells, with how many are enough", async (t) => {
	const all = await swept({ ...mlp, samples: 200, x: { min: -1, max: 1, steps: 5 }, y: null });
	says(t, await ask("samples", all), "fine", /about 0\.\d+ cells elsewhere/);
	const few = await swept({ ...mlp, samples: 2, x: { min: -0.2, max: 0.2, steps: 41 }, y: null });
	const answer = await ask("samples", few);
	t.true(answer?.verdict === "wrong" || answer?.verdict === "doubtful", answer?.text);
	t.regex(answer?.command ?? "", /--samples (\d+|all)/);
	const one = await swept({ ...mlp, samples: 1, x: { min: -1, max: 1, steps: 5 }, y: null });
	says(t, await ask("samples", one), "unknown", /Of 1 sample there is no standard error/, /--samples 256/);
});

test("other seeds of a trained network agree", async (t) => {
	says(
		t,
		await ask("seeds", healthy),
		"fine",
		/^Seeds 0, 1, 2, 3 on 9 points a side and 64 samples: rank correlations/,
	);
});

test("more samples of the same data agree; where there are none that is said", async (t) => {
	says(
		t,
		await ask("other-samples", healthy),
		"fine",
		/on the run's 64 samples and .* on 200 samples of the same data/,
	);
	const all = await swept({ ...mlp, samples: 200, x: { min: 0, max: 1, steps: 2 }, y: null });
	says(t, await ask("other-samples", all), "unknown", /There are no other samples: the data have 200/);
});

test("a part of the data that the network knows nothing of is told as such", async (t) => {
	const { problem } = await resolve({ ...mlp, samples: 200 });
	const { inputs, targets } = problem.data;
	const x = toNpy("<f4", [200, 20], inputs);
	// Of the other part every class is another.
	const y = toNpy("<i4", [200], targets);
	const shifted = toNpy(
		"<i4",
		[200],
		Int32Array.from(targets, (target) => (target + 1) % 5),
	);
	const data = join(await temporaryDirectory(t), "parts.npz");
	await writeFile(data, zipSync({ "x_train.npy": x, "y_train.npy": y, "x_test.npy": x, "y_test.npy": shifted }));
	const run = await swept({ ...mlp, data, x: { min: 0, max: 1, steps: 2 }, y: null });
	says(
		t,
		await ask("other-samples", run),
		"doubtful",
		/64 samples of the part "test"\. More than chance/,
		/--split test$/,
	);
});
