import test from "ava";
import { Evaluator } from "../../src/compute/evaluator.js";
import { initialize } from "../../src/network/initialize.js";
import { mnistCnn } from "../../src/network/zoo/index.js";
import { loadData } from "../../src/resolve/data.js";
import { loadModel } from "../../src/resolve/network.js";
import { measured, tinyCnn, tinyData } from "../fixtures.js";
import { naiveCrossEntropy, naiveLogits } from "./naive.js";

for (const precision of ["exact", "fast"] as const) {
	test(`${precision}: loss and accuracy of the shipped network agree with float64 loops on images of the test set`, async (t) => {
		const graph = mnistCnn();
		const { parameters, statistics } = (await loadModel("mnist-cnn")).state;
		const data = await loadData("mnist", "test", 12);
		const evaluator = await Evaluator.create({
			graph,
			statistics,
			data,
			batchNorm: "running",
			precision,
		});
		const { loss, accuracy } = await measured(evaluator, parameters, data);
		let sum = 0;
		let correct = 0;
		for (let i = 0; i < data.samples; i++) {
			const logits = naiveLogits(graph, parameters, data.inputs.subarray(i * 784, (i + 1) * 784));
			sum += naiveCrossEntropy(logits, data.targets[i] ?? 0);
			if (logits.indexOf(Math.max(...logits)) === data.targets[i]) correct += 1;
		}
		t.true(Math.abs(loss - sum / 12) < 1e-5, `${loss} is not ${sum / 12}`);
		t.is(accuracy, correct / 12);
	});

	test(`${precision}: a random small network agrees with float64 loops, whatever the number of samples beside the batch size`, async (t) => {
		const graph = tinyCnn();
		const { parameters, statistics } = initialize(graph, 5);
		for (const samples of [1, 63, 64, 65, 150]) {
			const data = tinyData(samples);
			const evaluator = await Evaluator.create({
				graph,
				statistics,
				data,
				batchNorm: "running",
				precision,
			});
			let sum = 0;
			for (let i = 0; i < samples; i++)
				sum += naiveCrossEntropy(
					naiveLogits(graph, parameters, data.inputs.subarray(i * 36, (i + 1) * 36)),
					data.targets[i] ?? 0,
				);
			const { loss } = await measured(evaluator, parameters, data);
			t.true(Math.abs(loss / (sum / samples) - 1) < 1e-6);
		}
	});

	test(`${precision}: evaluating other parameters in between changes nothing`, async (t) => {
		const graph = tinyCnn();
		const data = tinyData(20);
		const [a, b] = [initialize(graph, 1), initialize(graph, 2)];
		const evaluator = await Evaluator.create({
			graph,
			statistics: a.statistics,
			data,
			batchNorm: "running",
			precision,
		});
		const first = await measured(evaluator, a.parameters, data);
		t.notDeepEqual(await measured(evaluator, b.parameters, data), first);
		t.deepEqual(await measured(evaluator, a.parameters, data), first);
	});

	test(`${precision}: parameters that are not finite give a loss of NaN and no correct sample`, async (t) => {
		const graph = tinyCnn();
		const data = tinyData(20);
		const { parameters, statistics } = initialize(graph, 1);
		const evaluator = await Evaluator.create({
			graph,
			statistics,
			data,
			batchNorm: "running",
			precision,
		});
		t.deepEqual(
			await measured(
				evaluator,
				parameters.map(() => Number.NaN),
				data,
			),
			{ loss: Number.NaN, accuracy: 0 },
		);
	});
}
