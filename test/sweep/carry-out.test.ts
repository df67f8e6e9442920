import test from "ava";
import { InterruptedError, WorkerError } from "../../src/errors.js";
import { coordinatesOf, gridPoints } from "../../src/surface/grid.js";
import { type BatchResult, type Surface, valueAt } from "../../src/surface/surface.js";
import { carryOut } from "../../src/sweep/carry-out.js";
import type { Batch, Executor, Job } from "../../src/sweep/executor.js";
import { type EvaluateAt, HereExecutor } from "../../src/sweep/here.js";
import { newSurface, valuesOf } from "../fixtures.js";

const x = { min: -1, max: 1, steps: 4 };
const y = { min: 0, max: 2, steps: 3 };
const sumAndDifference: EvaluateAt = ([alpha = 0, beta = 0]) => [alpha + beta, alpha - beta];

const jobOn = <Problem>({ grid, extras }: Surface, problem: Problem): Job<Problem> => ({
	digest: "1",
	grid,
	extras,
	problem,
});

/** Keeps nothing but the order in which it was asked to. */
function keeperOf(surface: Surface) {
	const kept: BatchResult[] = [];
	return { surface, kept, append: async (result: BatchResult) => void kept.push(result) };
}

async function all(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
	const collected: BatchResult[] = [];
	for await (const result of results) collected.push(result);
	return collected;
}

test("a function is evaluated at every point of the grid and apart from it, and what is done is marked", async (t) => {
	const surface = newSurface(x, y, undefined, [[5, 6]]);
	await all(carryOut(jobOn(surface, sumAndDifference), keeperOf(surface), new HereExecutor()));
	t.true(surface.done.every((mark) => mark === 1));
	for (let point = 0; point < gridPoints(surface.grid); point++) {
		const [alpha = 0, beta = 0] = coordinatesOf(surface.grid, point);
		t.is(valuesOf(surface).loss[point], alpha + beta);
		t.is(valuesOf(surface).accuracy[point], alpha - beta);
	}
	t.deepEqual([valuesOf(surface).loss[12], valuesOf(surface).accuracy[12]], [11, -1]);
});

/** An engine that answers as it likes: backwards, and with the number of each point as its value. */
class Backwards implements Executor<null> {
	readonly slots = 3;
	readonly asked: Batch[] = [];

	async *run(_job: Job<null>, batches: readonly Batch[]): AsyncGenerator<BatchResult> {
		this.asked.push(...batches);
		for (const { first, count } of batches.toReversed()) {
			const values = Array.from({ length: count }, (_, i) => [first + i, -(first + i)]);
			yield { first, count, values: Float64Array.from(values.flat()) };
		}
	}

	async close(): Promise<void> {}
}

test("any engine will do: values are taken in whatever order they come, each kept before it is marked done", async (t) => {
	const surface = newSurface(x, y);
	surface.done[5] = 1;
	const engine = new Backwards();
	const keeper = keeperOf(surface);
	const doneWhenKept: number[] = [];
	const append = async (result: BatchResult) => {
		doneWhenKept.push(surface.done[result.first] ?? 1);
		await keeper.append(result);
	};
	const results = await all(carryOut(jobOn(surface, null), { surface, append }, engine));
	t.deepEqual(results, keeper.kept);
	t.true(doneWhenKept.every((mark) => mark === 0));
	t.false(
		engine.asked.some(({ first, count }) => first <= 5 && 5 < first + count),
		"point 5 was there",
	);
	const [loss] = surface.fields;
	if (loss === undefined) return t.fail();
	for (const point of [0, 4, 11]) t.is(valueAt(surface, loss, point), point);
	t.true(Number.isNaN(valueAt(surface, loss, 5)));
});

test("a function that throws ends the work with the place and its own words", async (t) => {
	const surface = newSurface(x, null);
	const failing: EvaluateAt = ([alpha = 0]) => {
		if (alpha > 0) throw new TypeError("no such place");
		return [alpha, alpha];
	};
	const work = all(carryOut(jobOn(surface, failing), keeperOf(surface), new HereExecutor()));
	const error = await t.throwsAsync(work, {
		instanceOf: WorkerError,
		message: /^the point \(0.3\d*\) .*"no such place"/,
	});
	t.true(error?.cause instanceof TypeError);
	t.deepEqual([...surface.done.subarray(0, 2)], [0, 0], "a line of four points is one batch");
});

test("an aborted signal ends the work in this thread, with its reason", async (t) => {
	const surface = newSurface(x, y);
	const reason = new Error("enough");
	const work = all(
		carryOut(jobOn(surface, sumAndDifference), keeperOf(surface), new HereExecutor(), AbortSignal.abort(reason)),
	);
	t.is((await t.throwsAsync(work, { instanceOf: InterruptedError }))?.cause, reason);
});
