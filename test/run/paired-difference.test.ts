import { join } from "node:path";
import test from "ava";
import { OptionError, pairedDifference, sweep } from "../../src/index.js";
import { root } from "../fixtures.js";
import { referenceOf } from "../references.js";

test("the error of a difference between two places of a run is PyTorch's paired one, far below the separate", async (t) => {
	const file = (of: string) => join(root, "test", "corpus", "pytorch", "mlp", of);
	const { surface } = await sweep({
		model: file("a.onnx"),
		data: file("data.npz"),
		samples: "all",
		directions: "interpolate",
		to: file("b.onnx"),
		x: { min: 0, max: 1, steps: 3 },
		threads: 1,
	});
	const { difference, standardError, separateError } = await pairedDifference(surface, [0], [1]);
	const reference = (await referenceOf("mlp"))?.perSample;
	if (reference !== undefined) {
		const { a, b } = reference;
		t.true(Math.abs((standardError ?? 0) / b.pairedStandardError - 1) < 1e-4);
		t.true(Math.abs(difference - b.pairedDifference) < 1e-6);
		t.true(Math.abs((separateError ?? 0) / Math.hypot(a.standardError, b.standardError) - 1) < 1e-4);
	}
	t.true((standardError ?? 9) < 0.5 * (separateError ?? 0));
	await t.throwsAsync(pairedDifference(surface, [0], [1], { field: "r2" }), { instanceOf: OptionError });
});
