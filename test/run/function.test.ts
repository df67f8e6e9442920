import { join } from "node:path";
import test from "ava";
import { InterruptedError, OptionError, RunMismatchError, sweepFunction, WorkerError } from "../../src/index.js";
import { fieldNamed } from "../../src/surface/surface.js";
import { temporaryDirectory } from "../fixtures.js";

const x = { min: -1, max: 1, steps: 5 };
const y = { min: -2, max: 2, steps: 5 };
/** (a − 1)² + 4·b², lowest at (1, 0). */
const quadratic = (theta: Float64Array) => ((theta[0] ?? 0) - 1) ** 2 + 4 * (theta[1] ?? 0) ** 2;
const directions = [Float64Array.of(1, 0), Float64Array.of(0, 1)] as const;
const options = { parameters: Float64Array.of(1, 0), evaluate: quadratic, directions, x, y };

test("any function of parameters is swept along given directions, in double", async (t) => {
	const { surface, origin, digest, files, cosine, computed } = await sweepFunction(options);
	const { values } = fieldNamed(surface, "loss");
	const expected = [-2, -1, 0, 1, 2].flatMap((b) => [-1, -0.5, 0, 0.5, 1].map((a) => a * a + 4 * b * b));
	t.deepEqual([...values], expected);
	t.deepEqual(origin, { loss: 0 });
	t.is(cosine, 0);
	t.is(computed, 25);
	t.deepEqual(files, []);
	t.is((await sweepFunction(options)).digest, digest);
});

test("it may be asynchronous, give several fields, and get float32 parameters rounded once", async (t) => {
	const seen: number[] = [];
	const { surface } = await sweepFunction({
		parameters: Float32Array.of(1),
		directions: [Float64Array.of(2 ** -25)],
		x: { min: 0, max: 3, steps: 4 },
		fields: [
			{ name: "height", label: "height", unit: "none" },
			{ name: "share", label: "share", unit: "fraction" },
		],
		async evaluate(theta) {
			t.true(theta instanceof Float32Array);
			seen.push(theta[0] ?? 0);
			return { share: 0.5, height: theta[0] ?? 0 };
		},
	});
	// Between 1 and 1 + 2^-23 float32 has nothing: a step of 2^-25 rounds down once, a half to even, three quarters up.
	t.deepEqual(seen, [1, 1, 1, 1 + 2 ** -23]);
	t.deepEqual([...fieldNamed(surface, "height").values], seen);
	t.deepEqual([...fieldNamed(surface, "share").values], [0.5, 0.5, 0.5, 0.5]);
});

test("random directions have the length of each filter of the tensors named", async (t) => {
	const parameters = Float64Array.of(3, 4, 0, 5, 7);
	const tensors = [
		{ name: "weight", shape: [2, 2] },
		{ name: "bias", shape: [1] },
	];
	const seen: number[][] = [];
	await sweepFunction({
		parameters,
		tensors,
		x: { min: 0, max: 1, steps: 2 },
		y: null,
		evaluate: (theta) => {
			seen.push([...theta]);
			return 0;
		},
	});
	const [first = [], second = []] = seen;
	const moved = second.map((value, i) => value - (first[i] ?? 0));
	const near = (actual: number, expected: number) => t.true(Math.abs(actual - expected) < 1e-5, `${actual}`);
	near(Math.hypot(moved[0] ?? 0, moved[1] ?? 0), 5);
	near(Math.hypot(moved[2] ?? 0, moved[3] ?? 0), 5);
	t.is(moved[4], 0, "biases stay");
});

test("a run is kept in a directory, gone on with, and told from one of another name", async (t) => {
	const out = join(await temporaryDirectory(t), "run");
	const controller = new AbortController();
	let calls = 0;
	const counted = (theta: Float64Array) => {
		calls += 1;
		if (calls === 11) controller.abort(new Error("enough"));
		return quadratic(theta);
	};
	const kept = { ...options, out, name: "bowl", evaluate: counted };
	const error = await t.throwsAsync(sweepFunction({ ...kept, signal: controller.signal }), {
		instanceOf: InterruptedError,
	});
	t.is(String(error?.cause), "Error: enough");
	const { digest, computed } = await sweepFunction(kept);
	t.is(digest, (await sweepFunction(options)).digest);
	t.true(computed < 25 && computed > 0);
	await t.throwsAsync(sweepFunction({ ...kept, name: "saddle" }), { instanceOf: RunMismatchError });
});

test("what can't be swept is refused by the name of the property", async (t) => {
	const refused = async (changes: object, message: RegExp) =>
		t.throwsAsync(sweepFunction({ ...options, ...changes }), { instanceOf: OptionError, message });
	await refused({ parameters: [1, 2] }, /^parameters: expected a Float32Array/);
	await refused({ evaluate: "x²" }, /^evaluate: expected a function/);
	await refused({ directions: [Float64Array.of(1)] }, /^directions: expected 2 values/);
	await refused({ out: "somewhere" }, /^name: expected one with out/);
	await refused(
		{ directions: undefined, tensors: [{ name: "a", shape: [3, 2] }] },
		/^tensors: expected 2 values in all, got 6/,
	);
	const error = await t.throwsAsync(sweepFunction({ ...options, evaluate: () => ({}) }), { instanceOf: WorkerError });
	t.regex(error?.message ?? "", /expected a number for loss, got undefined/);
});
