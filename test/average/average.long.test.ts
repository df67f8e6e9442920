import { join } from "node:path";
import test from "ava";
import { average } from "../../src/average/average.js";
import type { Dataset } from "../../src/data/dataset.js";
import { OptionError } from "../../src/errors.js";
import { readInput } from "../../src/files/read.js";
import { parseSafetensors } from "../../src/formats/safetensors.js";
import { sweep } from "../../src/landscape.js";
import { initialize } from "../../src/network/initialize.js";
import { modelByName } from "../../src/network/zoo/index.js";
import { bowl, gaussians, runIsoloss, stateOf, temporaryDirectory } from "../fixtures.js";

/** With two weights. */
const { graph, data } = bowl(2);
const network = { graph, state: stateOf(0, 0) };
const request = { network, data, testData: data, loss: "mse", threads: 1 } as const;

test("the mean of networks is that of their parameters, and says how it compares with the best of them", async (t) => {
	const {
		state: mean,
		loss,
		ingredients,
		rise,
	} = await average({ ...request, networks: [stateOf(3, 0), stateOf(-1, 2)] });
	t.deepEqual([...mean.parameters], [1, 1]);
	// 1² + 1² against (−1)² + 2² = 5 and 3² = 9.
	t.true(Math.abs(loss - 2) < 1e-6 && Math.abs(rise.value + 3) < 1e-6, `${loss}, ${rise.value}`);
	t.deepEqual(
		ingredients.map(({ kept, loss: own }) => [kept, Math.round(own)]),
		[
			[true, 9],
			[true, 5],
		],
	);
});

test("a greedy mean takes what brings it down and leaves out what doesn't", async (t) => {
	const networks = [stateOf(9, 9), stateOf(1, 0), stateOf(-1.5, 0)];
	const { state: mean, ingredients } = await average({ ...request, networks, greedy: true });
	// (1, 0) is best; (−1.5, 0) brings the mean to (−¼, 0); (9, 9) would take it to (2.83, 3).
	t.deepEqual([...mean.parameters], [-0.25, 0]);
	t.deepEqual(
		ingredients.map(({ kept }) => kept),
		[false, true, true],
	);
});

test("aligned, a network and the same one with its neurons in another order have the network itself as their mean", async (t) => {
	const mlp = modelByName("mlp-3");
	const one = initialize(mlp, 5);
	// Neurons 0, 1, 2 of the hidden layer in the order 2, 0, 1: columns of what comes in, the bias, rows of what goes out.
	const order = [2, 0, 1];
	const parameters = one.parameters.slice();
	let offset = 0;
	for (const {
		shape: [rows = 1, columns = 1],
	} of mlp.parameters) {
		for (let i = 0; i < rows; i++)
			for (let j = 0; j < columns; j++) {
				const row = rows === 3 ? (order[i] ?? 0) : i;
				const column = columns === 3 ? (order[j] ?? 0) : j;
				parameters[offset + i * columns + j] = one.parameters[offset + row * columns + column] ?? 0;
			}
		offset += rows * columns;
	}
	const images = { samples: 4, sampleShape: mlp.inputs[0]?.shape ?? [], inputs: gaussians(4 * 784), name: "noise" };
	const noise: Dataset = { ...images, targets: Int32Array.of(0, 1, 2, 3) };
	const call = { network: { graph: mlp, state: one }, data: noise, testData: noise, threads: 1, align: true };
	const { state: mean } = await average({ ...call, networks: [one, { ...one, parameters }] });
	t.deepEqual([...mean.parameters], [...one.parameters]);
});

test("the last networks alone are averaged where so many are asked for, and no more than there are", async (t) => {
	const networks = [stateOf(100, 100), stateOf(2, 0), stateOf(0, 4)];
	t.deepEqual([...(await average({ ...request, networks, last: 2 })).state.parameters], [1, 2]);
	await t.throwsAsync(average({ ...request, networks, last: 4 }), {
		instanceOf: OptionError,
		message: /last: expected at most 3/,
	});
	await t.throwsAsync(average({ ...request, networks: [stateOf(1, 1)] }), {
		message: /expected two or more to average, got 1/,
	});
});

test("statistics of batch normalisation are what a sweep measures at the mean's parameters", async (t) => {
	const resnet = modelByName("resnet-8");
	const images = { samples: 16, sampleShape: [28, 28, 1], inputs: gaussians(16 * 784), name: "noise" };
	const noise: Dataset = { ...images, targets: Int32Array.from({ length: 16 }, (_, i) => i % 10) };
	const [a, b] = [initialize(resnet, 1), initialize(resnet, 2)];
	const call = { network: { graph: resnet, state: a }, data: noise, threads: 1 };
	const { state: mean, loss } = await average({ ...call, testData: noise, networks: [a, b] });
	const at = { network: { graph: resnet, state: { ...mean, statistics: a.statistics } }, data: noise, threads: 1 };
	const measured = await sweep({ ...at, x: { min: 0, max: 0, steps: 1 }, y: null, batchNorm: "reestimate" });
	t.is(measured.origin.loss?.toPrecision(9), loss.toPrecision(9));
	const first = mean.statistics.findIndex((value, i) => value !== a.statistics[i]);
	t.true(first >= 0);
});

test("average writes a file that others read, and says in a line what it can't", async (t) => {
	const directory = await temporaryDirectory(t);
	const call = ["average", "init:1", "init:2", "--model", "mlp-8", "--samples", "64", "--quiet"];
	const { code, stdout, stderr } = await runIsoloss([...call, "--out", "mean.safetensors", "--json"], directory);
	t.is(code, 0, stderr);
	const { tensors, metadata } = parseSafetensors(readInput(join(directory, "mean.safetensors")), "mean");
	t.regex(metadata.of ?? "", /^init:1 [0-9a-f]{8}, init:2 [0-9a-f]{8}$/);
	t.is((JSON.parse(stdout) as { files: string[] }).files[0], "mean.safetensors");
	const graphOfMlp = modelByName("mlp-8");
	const [one, other] = [1, 2].map((seed) => initialize(graphOfMlp, seed).parameters.at(-1) ?? 0);
	t.is([...tensors.values()].at(-1)?.values.at(-1), Math.fround(((one ?? 0) + (other ?? 0)) / 2));
	const missing = await runIsoloss(["average", "nothing/*.pt", "--model", "mlp-8"], directory);
	t.is(missing.code, 2);
	t.regex(missing.stderr, /nothing: no such/);
});
