import { join } from "node:path";
import test from "ava";
import { noMoments, withSamples } from "../../src/confidence/estimate.js";
import { OptionError } from "../../src/errors.js";
import { sweep } from "../../src/landscape.js";
import type { Outputs } from "../../src/objective/loss.js";
import { losses } from "../../src/objective/losses/index.js";
import { fieldsOf, probeNamed } from "../../src/probe/index.js";
import { measure } from "../../src/probe/measure.js";
import type { Subject } from "../../src/probe/probe.js";
import { standardErrorOf } from "../../src/probe/standard-error.js";
import { resolve } from "../../src/resolve/index.js";
import { fieldNamed } from "../../src/surface/surface.js";
import { partsOfSamples } from "../../src/sweep/of-samples.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import { root } from "../fixtures.js";
import { referenceOf } from "../references.js";

/** Samples of two outputs whose mean squared errors are 1, 4 and 9, in two batches. */
const batches: readonly Outputs[] = [
	{ values: Float32Array.of(1, 1, 2, 2), width: 2, classes: 2, targets: new Float32Array(4) },
	{ values: Float32Array.of(3, 3), width: 2, classes: 2, targets: new Float32Array(2) },
];
const subject: Subject = {
	loss: losses.mse,
	samples: 3,
	classes: 2,
	targets: new Float32Array(6),
	dimensions: 1,
};

test("the error of a mean is its samples' deviation over √n, and less where they are some of few", async (t) => {
	// 1, 4, 9: mean 14/3, squares of deviations 98/3, variance 49/3, over three samples 49/9.
	const errorOf = async (of: Subject) => (await measure([probeNamed("loss-error")], of, batches))[0];
	t.is((await errorOf(subject))?.toFixed(12), (7 / 3).toFixed(12));
	t.is((await errorOf({ ...subject, population: 12 }))?.toFixed(12), ((7 / 3) * Math.sqrt(3 / 4)).toFixed(12));
	t.is(await errorOf({ ...subject, population: 3 }), 0);
	// The mean errors without signs are 1, 2 and 3.
	const [mae] = await measure([probeNamed("mae-error")], subject, batches);
	t.is(mae?.toFixed(12), Math.sqrt(1 / 3).toFixed(12));
});

test("a field of errors names what it is of, and is refused where no sample is judged alone", (t) => {
	t.deepEqual(fieldsOf(["loss", "loss-error"], subject)[1], {
		name: "loss-error",
		label: "standard error of loss",
		unit: "loss",
		errorOf: "loss",
	});
	const refused = (of: Subject, message: RegExp) =>
		t.throws(() => fieldsOf(["loss-error"], of), { instanceOf: OptionError, message });
	refused({ ...subject, normalisesByBatch: true }, /^fields: loss-error: expected --batch-norm running/);
	refused({ ...subject, samples: 1 }, /^samples: expected at least 2 for loss-error, got 1/);
});

/** Relative, of numbers that PyTorch has in float64. */
const near = (actual: number | undefined | null, expected: number) => Math.abs((actual ?? 0) / expected - 1) < 1e-4;

for (const name of ["mlp", "regression"])
	test(`errors, paired errors, correlation and slope of ${name} are PyTorch's`, async (t) => {
		const reference = await referenceOf(name);
		if (reference === undefined) {
			t.pass("no reference at hand");
			return;
		}
		const file = (of: string) => join(root, "test", "corpus", "pytorch", name, of);
		const request = {
			model: file("a.onnx"),
			data: file("data.npz"),
			samples: "all",
			errors: true,
			directions: "interpolate",
			to: file("b.onnx"),
			x: { min: 0, max: 1, steps: 3 },
		} as const;
		const executor = new PoolExecutor({ threads: 1 });
		t.teardown(() => executor.close());
		const { surface, standardErrors } = await sweep({ ...request, executor });
		const { a, midpoint, b } = reference.perSample;
		const errors = fieldNamed(surface, "loss-error").values;
		for (const [i, { standardError }] of [a, midpoint, b].entries()) t.true(near(errors[i], standardError), `${i}`);
		t.is(standardErrors.loss?.origin, errors[0]);
		const { problem } = await resolve(request);
		const places = [[0], [0.5], [1]];
		const parts = await partsOfSamples(executor, problem, { digest: "any", fields: ["loss"], places });
		const [origin, middle, end] = parts.map(([part]) => part ?? { sums: [], weights: [] });
		if (origin === undefined || middle === undefined || end === undefined) throw new Error("expected three places");
		for (const [part, expected] of [
			[middle, midpoint],
			[end, b],
		] as const) {
			t.true(near(standardErrorOf([part, origin], [1, -1]), expected.pairedStandardError));
			const moments = withSamples(noMoments, Float64Array.from(part.sums), Float64Array.from(origin.sums));
			const { squares, products, controlSquares } = moments;
			t.true(near(products / Math.sqrt(squares * controlSquares), expected.correlationWithOrigin));
			t.true(near(products / controlSquares, expected.controlVariateSlope));
		}
	});
