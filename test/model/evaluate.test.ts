import test from "ava";
import { loadData } from "../../src/data/index.js";
import { Evaluator } from "../../src/model/evaluate.js";
import { initialize } from "../../src/model/initialize.js";
import { loadModel } from "../../src/model/load.js";
import { mnistCnn } from "../../src/model/zoo.js";
import { tinyCnn, tinyData } from "../fixtures.js";
import { naiveCrossEntropy, naiveLogits } from "./naive.js";

for (const precision of ["exact", "fast"] as const) {
	test(`${precision}: loss and accuracy of the shipped network agree with float64 loops on images of the test set`, async (t) => {
		const graph = mnistCnn();
		const { trained, running } = loadModel("mnist-cnn").parameters;
		const data = await loadData("mnist", "test", 12);
		const evaluator = await Evaluator.create({
			graph,
			running,
			data,
			loss: "softmax-cross-entropy",
			metric: "accuracy",
			batchNorm: "running",
			precision,
		});
		const { loss, metric: accuracy } = evaluator.evaluate(trained);
		let sum = 0;
		let correct = 0;
		for (let i = 0; i < data.samples; i++) {
			const logits = naiveLogits(graph, trained, data.inputs.subarray(i * 784, (i + 1) * 784));
			sum += naiveCrossEntropy(logits, data.targets[i] ?? 0);
			if (logits.indexOf(Math.max(...logits)) === data.targets[i]) correct += 1;
		}
		t.true(Math.abs(loss - sum / 12) < 1e-5, `${loss} is not ${sum / 12}`);
		t.is(accuracy, correct / 12);
	});

	test(`${precision}: a random small network agrees with float64 loops, whatever the number of samples beside the batch size`, async (t) => {
		const graph = tinyCnn();
		const { trained, running } = initialize(graph, 5);
		for (const samples of [1, 63, 64, 65, 150]) {
			const data = tinyData(samples);
			const evaluator = await Evaluator.create({
				graph,
				running,
				data,
				loss: "softmax-cross-entropy",
				metric: "accuracy",
				batchNorm: "running",
				precision,
			});
			let sum = 0;
			for (let i = 0; i < samples; i++)
				sum += naiveCrossEntropy(
					naiveLogits(graph, trained, data.inputs.subarray(i * 36, (i + 1) * 36)),
					data.targets[i] ?? 0,
				);
			const { loss } = evaluator.evaluate(trained);
			t.true(Math.abs(loss / (sum / samples) - 1) < 1e-6);
		}
	});

	test(`${precision}: evaluating other parameters in between changes nothing`, async (t) => {
		const graph = tinyCnn();
		const [a, b] = [initialize(graph, 1), initialize(graph, 2)];
		const evaluator = await Evaluator.create({
			graph,
			running: a.running,
			data: tinyData(20),
			loss: "softmax-cross-entropy",
			metric: "accuracy",
			batchNorm: "running",
			precision,
		});
		const first = evaluator.evaluate(a.trained);
		t.notDeepEqual(evaluator.evaluate(b.trained), first);
		t.deepEqual(evaluator.evaluate(a.trained), first);
	});

	test(`${precision}: parameters that are not finite give a loss of NaN and no correct sample`, async (t) => {
		const graph = tinyCnn();
		const { trained, running } = initialize(graph, 1);
		const evaluator = await Evaluator.create({
			graph,
			running,
			data: tinyData(20),
			loss: "softmax-cross-entropy",
			metric: "accuracy",
			batchNorm: "running",
			precision,
		});
		t.deepEqual(evaluator.evaluate(trained.map(() => Number.NaN)), { loss: Number.NaN, metric: 0 });
	});
}
