import test from "ava";
import { OptionError } from "../../src/errors.js";
import type { Outputs } from "../../src/objective/loss.js";
import { losses } from "../../src/objective/losses/index.js";
import { fieldsOf, probeNamed, probeNames } from "../../src/probe/index.js";
import { measure } from "../../src/probe/measure.js";
import type { Subject } from "../../src/probe/probe.js";

/** Five samples of three classes, in two batches; class 2 has none. Logits of ln p give −ln p as loss. */
const batch = (probabilities: readonly number[][], targets: readonly number[]): Outputs => ({
	values: Float32Array.from(probabilities.flat().map(Math.log)),
	width: 3,
	classes: 3,
	targets: Int32Array.from(targets),
});
const batches = [
	batch(
		[
			[0.5, 0.25, 0.25],
			[0.25, 0.5, 0.25],
			[0.25, 0.25, 0.5],
		],
		[0, 1, 0],
	),
	batch(
		[
			[0.125, 0.75, 0.125],
			[0.5, 0.25, 0.25],
		],
		[1, 1],
	),
];
const subject: Subject = {
	loss: losses["softmax-cross-entropy"],
	samples: 5,
	classes: 3,
	targets: Int32Array.of(0, 1, 0, 1, 1),
	dimensions: 2,
};
const near = (actual: number | undefined, expected: number) => Math.abs((actual ?? Number.NaN) - expected) < 1e-6;

test("probes measure the same samples side by side, each its own fields in order", async (t) => {
	const names = ["loss", "accuracy", "loss-by-class"];
	t.deepEqual(
		fieldsOf(names, subject).map(({ name }) => name),
		["loss", "accuracy", "loss-of-class-0", "loss-of-class-1", "loss-of-class-2"],
	);
	const [loss, accuracy, first, second, third] = await measure(names.map(probeNamed), subject, batches);
	// −ln of what the targets were given: 1/2 and 1/4 for class 0; 1/2, 3/4, 1/4 for class 1.
	t.true(near(loss, (Math.log(2) + Math.log(4) + Math.log(2) + Math.log(4 / 3) + Math.log(4)) / 5));
	t.is(accuracy, 3 / 5);
	t.true(near(first, (Math.log(2) + Math.log(4)) / 2));
	t.true(near(second, (Math.log(2) + Math.log(4 / 3) + Math.log(4)) / 3));
	t.true(Number.isNaN(third));
});

test("the losses of the classes, weighted by how many there are, are the loss", async (t) => {
	const [loss = 0, first = 0, second = 0] = await measure(["loss", "loss-by-class"].map(probeNamed), subject, batches);
	t.true(near(loss, (2 * first + 3 * second) / 5));
});

test("fields that are none, come twice or don't suit the targets are refused", async (t) => {
	const refused = (names: readonly string[], message: RegExp, of = subject) =>
		t.throws(() => fieldsOf(names, of), { instanceOf: OptionError, message });
	refused(["loss", "f1"], /^fields: expected one of loss, .*"f1"/);
	refused(["loss", "loss"], /^fields: expected each name once, got "loss" twice/);
	refused(["loss", "loss-by-class"], /one class a sample/, { ...subject, targets: new Float32Array(5) });
	t.true(probeNames.includes("loss") && probeNames.includes("r2"));
});
