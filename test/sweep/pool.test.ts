import test, { type ExecutionContext } from "ava";
import { InterruptedError, WorkerError } from "../../src/errors.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { record, type Surface } from "../../src/surface/surface.js";
import type { Batch, Job } from "../../src/sweep/executor.js";
import { missing } from "../../src/sweep/plan.js";
import { PoolExecutor, type PoolOptions } from "../../src/sweep/pool.js";
import type { Problem } from "../../src/sweep/problem.js";
import { newSurface, valuesOf } from "../fixtures.js";
import { tinyProblem } from "./tiny-problem.js";

const emptyRun = () => newSurface({ min: -1, max: 1, steps: 7 }, { min: -2, max: 1, steps: 5 });

function jobOn({ grid, extras }: Surface, problem = tinyProblem(), digest = "1"): Job<Problem> {
	return { digest, grid, extras, problem };
}

async function evaluateAll(
	surface: Surface,
	batches: readonly Batch[],
	pool: PoolExecutor,
	job = jobOn(surface),
): Promise<string> {
	for await (const result of pool.run(job, batches)) record(surface, result);
	return surfaceDigest(surface);
}

/** A pool that ends with the test. */
function poolFor(t: ExecutionContext, options: PoolOptions): PoolExecutor {
	const pool = new PoolExecutor(options);
	t.teardown(() => pool.close());
	return pool;
}

test("values are the same to the bit for 1, 2 and 5 threads, any order of rows and any split", async (t) => {
	const digests: string[] = [];
	for (const threads of [1, 2, 5]) {
		const surface = emptyRun();
		digests.push(await evaluateAll(surface, missing(surface, threads), poolFor(t, { threads })));
		t.true(surface.done.every((mark) => mark === 1));
		t.true(valuesOf(surface).loss.every(Number.isFinite));
	}
	const surface = emptyRun();
	const points = Array.from({ length: 35 }, (_, first) => ({ first, count: 1 }));
	digests.push(await evaluateAll(surface, points.reverse(), poolFor(t, { threads: 2 })));
	t.is(new Set(digests).size, 1);
});

test("a worker that dies is replaced and its row tried again, with the same values", async (t) => {
	const surface = emptyRun();
	const deaths = new Int32Array(new SharedArrayBuffer(4));
	const job = jobOn(surface, { ...tinyProblem(), deaths, limit: 2 } as Problem);
	const entry = new URL("./dying-worker.js", import.meta.url);
	const digest = await evaluateAll(surface, missing(surface, 2), poolFor(t, { threads: 2, entry }), job);
	t.is(deaths[0], 3);
	const undisturbed = emptyRun();
	t.is(digest, await evaluateAll(undisturbed, missing(undisturbed, 1), poolFor(t, { threads: 1 })));
});

test("a row that kills its worker three times stops the sweep with its number", async (t) => {
	const surface = emptyRun();
	const deaths = new Int32Array(new SharedArrayBuffer(4));
	const job = jobOn(surface, { ...tinyProblem(), deaths, limit: 100 } as Problem);
	const entry = new URL("./dying-worker.js", import.meta.url);
	const error = await t.throwsAsync(evaluateAll(surface, missing(surface, 2), poolFor(t, { threads: 2, entry }), job), {
		instanceOf: WorkerError,
	});
	t.regex(
		error.message,
		/^the batch of 7 points from \(-1, -1.25\) failed 3 times, the last time with "worker exited with code: 7"; what is finished is kept$/,
	);
	t.is(deaths[0], 3);
});

test("an aborted signal ends the work with an interruption", async (t) => {
	const surface = emptyRun();
	const controller = new AbortController();
	const pool = poolFor(t, { threads: 1 });
	const tasks = pool.run(jobOn(surface), missing(surface, 1), controller.signal);
	await tasks.next();
	const reason = new Error("enough");
	controller.abort(reason);
	const error = await t.throwsAsync(tasks.next(), { instanceOf: InterruptedError });
	t.is(error?.cause, reason);
});

test("a point apart from the grid is evaluated like any other", async (t) => {
	const surface = newSurface({ min: 0, max: 1, steps: 2 }, { min: 0, max: 1, steps: 2 }, undefined, [[0, 0]]);
	await evaluateAll(surface, missing(surface, 1), poolFor(t, { threads: 1 }));
	const { loss, accuracy } = valuesOf(surface);
	t.true(Number.isFinite(loss[4]));
	t.deepEqual([loss[4], accuracy[4]], [loss[0], accuracy[0]]);
});

test("one pool does sweeps of different networks, after an interruption too, with the values each has alone", async (t) => {
	const alone: string[] = [];
	const together: string[] = [];
	const shared = poolFor(t, { threads: 2 });
	for (const seed of [1, 2, 1]) {
		for (const [pool, digests] of [[poolFor(t, { threads: 1 }), alone] as const, [shared, together] as const]) {
			const surface = emptyRun();
			const job = jobOn(surface, tinyProblem(seed), String(seed));
			digests.push(await evaluateAll(surface, missing(surface, 2), pool, job));
		}
		const interrupted = emptyRun();
		for await (const _ of shared.run(jobOn(interrupted), missing(interrupted, 2))) break;
	}
	t.deepEqual(together, alone);
	t.is(new Set(alone).size, 2);
});
