import { join } from "node:path";
import test from "ava";
import { type Confidence, PoolExecutor, sweep } from "../../src/index.js";
import { initialize } from "../../src/network/initialize.js";
import { fieldNamed } from "../../src/surface/surface.js";
import { root, tinyCnn, tinyData } from "../fixtures.js";

const file = (network: string, of: string) => join(root, "test", "corpus", "pytorch", network, of);
const plane = (network: string) =>
	({
		model: file(network, "a.onnx"),
		data: file(network, "data.npz"),
		samples: "all",
		seed: 3,
		x: { min: -1, max: 1, steps: 13 },
		y: { min: -1, max: 1, steps: 13 },
	}) as const;

/** A plane around a small network on more samples than a first look takes. */
const graph = tinyCnn();
const small = {
	network: { graph, state: initialize(graph, 1) },
	data: tinyData(4000),
	samples: "all",
	x: { min: -1, max: 1, steps: 9 },
	y: { min: -1, max: 1, steps: 9 },
} as const;

const told = ({ confidence }: { readonly confidence: Confidence | null }) => {
	if (confidence === null) throw new Error("expected a sweep with confidence");
	return confidence;
};

test("a plane on fewer samples has the whole one's values within its errors, and its lines within half a cell", async (t) => {
	const executor = new PoolExecutor({ threads: 2 });
	t.teardown(() => executor.close());
	const whole = await sweep({ ...small, executor });
	const staged = await sweep({ ...small, executor, confidence: true });
	const { share, largestShift, regions, evaluated, population } = told(staged);
	t.true(share < 0.8);
	t.true(largestShift <= 0.5);
	t.is(population, 4000);
	t.true(Math.abs(regions.reduce((sum, region) => sum + region.share, 0) - 1) < 1e-12);
	const [values, errors, counts, exact] = [
		fieldNamed(staged.surface, "loss").values,
		fieldNamed(staged.surface, "loss-error").values,
		fieldNamed(staged.surface, "samples").values,
		fieldNamed(whole.surface, "loss").values,
	];
	t.is(
		counts.reduce((sum, count) => sum + count, 0),
		evaluated,
	);
	for (const [point, value] of values.entries()) {
		const off = Math.abs(value - (exact[point] ?? 0));
		// Five errors: of 81 points that rise and fall together none lies farther off.
		if (counts[point] === population) t.is(value, exact[point] ?? Number.NaN);
		else t.true(off < 5 * (errors[point] ?? 0), `${point}: ${off}`);
	}
});

test("where lines need all samples, every value is the whole sweep's to the bit", async (t) => {
	const executor = new PoolExecutor({ threads: 2 });
	t.teardown(() => executor.close());
	// Of 60 samples there is nothing to spare: the first look takes 1,024.
	const few = { ...plane("regression"), samples: 60, metric: "mae", executor } as const;
	const whole = await sweep(few);
	const staged = await sweep({ ...few, confidence: true });
	t.is(told(staged).share, 1);
	for (const name of ["loss", "mae"])
		t.deepEqual(fieldNamed(staged.surface, name).values, fieldNamed(whole.surface, name).values, name);
});

test("one thread and two give one digest", async (t) => {
	const [one, two] = await Promise.all(
		[1, 2].map((threads) => sweep({ ...small, confidence: true, threads, seed: 1 })),
	);
	t.is(one?.digest, two?.digest);
});

test("what can't be estimated from some samples is refused before anything is computed", async (t) => {
	const refused = (options: object, message: RegExp) =>
		t.throwsAsync(sweep({ ...plane("mlp"), confidence: true, ...options }), { message });
	await refused({ batchNorm: "batch" }, /^confidence: expected --batch-norm running/);
	await refused({ fields: ["loss", "gradient-norm"] }, /^confidence: expected fields without derivatives/);
	await refused({ ...plane("regression"), metric: "r2" }, /^confidence: expected fields that are means .*got r2/);
	await refused({ fields: ["loss", "loss-by-class"] }, /^confidence: expected fields that are means/);
	await refused({ y: null }, /^confidence: expected a plane/);
	await refused({ classWeights: [1, 2, 1, 1] }, /^confidence: expected samples that count alike|^classWeights/);
	await refused({ errors: "population" }, /^errors: expected data/);
});
