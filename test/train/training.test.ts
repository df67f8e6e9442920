import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { InterruptedError } from "../../src/errors.js";
import { runTraining } from "../../src/train/training.js";
import { tinyCnn, tinyData } from "../fixtures.js";

const options = {
	graph: tinyCnn(),
	data: tinyData(40),
	test: tinyData(10),
	loss: "softmax-cross-entropy",
	optimizer: "adam",
	learningRate: 0.01,
	batchSize: 8,
	epochs: 3,
	seed: 1,
	precision: "fast",
} as const;

test("a training that a signal stops keeps the signal's reason, and goes on to the same bytes", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "isoloss-"));
	t.teardown(() => rm(directory, { recursive: true }));
	const reason = new Error("enough for today");
	const controller = new AbortController();
	const cut = { ...options, out: join(directory, "cut.safetensors") };
	const onStep = ({ step }: { readonly step: number }) => step === 7 && controller.abort(reason);
	const error = await t.throwsAsync(runTraining({ ...cut, onStep, signal: controller.signal }), {
		instanceOf: InterruptedError,
		message: "interrupted after step 7 of 15; the same command goes on from there",
	});
	t.is(error?.cause, reason);
	const starts: number[] = [];
	const rest = await runTraining({
		...cut,
		onStart({ step }) {
			starts.push(step);
		},
	});
	t.deepEqual(starts, [7]);
	const whole = await runTraining({ ...options, out: join(directory, "whole.safetensors") });
	t.is(rest.digest, whole.digest);
	t.deepEqual(rest.caption, {
		title: "Training of tiny-cnn",
		foot: `40 samples of tiny · adam, learning rate 0.01 · batch size 8 · seed 1 · fast · parameters ${whole.digest.slice(0, 8)}`,
	});
});
