import { join } from "node:path";
import test from "ava";
import { OptionError } from "../../src/errors.js";
import { evaluate } from "../../src/landscape.js";
import { root } from "../fixtures.js";

const folder = join(root, "test/corpus/pytorch/resnet8");
const loss = async (request: Parameters<typeof evaluate>[0]) => {
	const asked = { model: join(folder, "a.onnx"), data: join(folder, "data.npz"), samples: "all", ...request } as const;
	return (await evaluate(asked)).fields[0]?.value;
};

test("statistics are measured on as many samples as are asked for, all where it says so", async (t) => {
	const reestimate = { batchNorm: "reestimate" } as const;
	const [all, every, usual, few] = await Promise.all([
		loss({ ...reestimate, calibration: "all" }),
		loss({ ...reestimate, calibration: 1_000_000 }),
		loss(reestimate),
		loss({ ...reestimate, calibration: 16 }),
	]);
	t.is(all, every);
	t.not(all, few);
	t.true(Number.isFinite(few) && Number.isFinite(usual));
});

test("samples to measure on are refused where nothing measures any", async (t) => {
	await t.throwsAsync(loss({ calibration: "all" }), {
		instanceOf: OptionError,
		message: /calibration: expected --batch-norm reestimate with it, got running/,
	});
});
