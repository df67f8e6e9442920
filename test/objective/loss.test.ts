import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Backend } from "../../src/compute/backend.js";
import { execute } from "../../src/compute/execute.js";
import { lossAlone, OUTPUT, TARGET } from "../../src/compute/loss-graph.js";
import { softmaxCrossEntropy } from "../../src/objective/losses/softmax-cross-entropy.js";
import { countCorrect } from "../../src/objective/metrics/accuracy.js";

const outputs = (values: number[], targets: number[]) => ({
	values: Float32Array.from(values),
	width: values.length / targets.length,
	classes: values.length / targets.length,
	targets: Int32Array.from(targets),
});

const near = (actual: number, expected: number) => Math.abs(actual - expected) < 1e-12;

test("softmax cross-entropy is −ln of the probability of the class", (t) => {
	// Probabilities 1/4 and 3/4 from logits 0 and ln 3 (as float32).
	const logit = Math.fround(Math.log(3));
	const expected = -Math.log(Math.exp(logit) / (1 + Math.exp(logit)));
	t.true(near(softmaxCrossEntropy.add(0, outputs([0, logit], [1])), expected));
	t.true(near(softmaxCrossEntropy.add(10, outputs([5, 5, 5, 5], [2])), 10 + Math.log(4)));
	t.true(near(softmaxCrossEntropy.add(0, outputs([0, 0, 0, 0], [0, 1])), 2 * Math.log(2)));
});

test("huge logits neither overflow nor lose the loss", (t) => {
	t.is(softmaxCrossEntropy.add(0, outputs([3e38, 0], [0])), 0);
	t.is(softmaxCrossEntropy.add(0, outputs([1e30, 0], [1])), Math.fround(1e30));
});

test("a logit of NaN or +Infinity makes the loss NaN; one of -Infinity at the class makes it infinite", (t) => {
	t.is(softmaxCrossEntropy.add(0, outputs([Number.NaN, 0], [1])), Number.NaN);
	t.is(softmaxCrossEntropy.add(0, outputs([Number.POSITIVE_INFINITY, 0], [0])), Number.NaN);
	t.is(softmaxCrossEntropy.add(0, outputs([Number.NEGATIVE_INFINITY, 0], [0])), Number.POSITIVE_INFINITY);
});

test("the losses of samples, as nodes of a graph, are the same as in float64", async (t) => {
	await Backend.start();
	const values = [1, 2, 3, -1, 0.5, 4];
	const targets = softmaxCrossEntropy.differentiable?.targets(outputs(values, [0, 2])) ?? [];
	const named = new Map([
		[OUTPUT, tensor(values, [2, 3])],
		[TARGET, tensor(targets, [2, 3])],
	]) as ReadonlyMap<string, Tensor>;
	const [first = 0, second = 0] = execute(lossAlone([3], softmaxCrossEntropy), named).dataSync();
	t.true(Math.abs(first + second - softmaxCrossEntropy.add(0, outputs(values, [0, 2]))) < 1e-6);
});

test("a sample is correct when its largest output is that of its class, and the first of equals counts", (t) => {
	t.is(countCorrect(outputs([1, 2, 3, 3, 2, 1], [2, 1])), 1);
	t.is(countCorrect(outputs([1, 1], [0])), 1);
	t.is(countCorrect(outputs([1, 1], [1])), 0);
	t.is(countCorrect(outputs([5, Number.NaN], [0])), 0);
});
