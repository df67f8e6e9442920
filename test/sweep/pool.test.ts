import test, { type ExecutionContext } from "ava";
import { InterruptedError, WorkerError } from "../../src/errors.js";
import { initialize } from "../../src/network/initialize.js";
import { parameterLayout } from "../../src/network/parameters.js";
import { randomDirection } from "../../src/section/random.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { emptySurface, type Surface } from "../../src/surface/surface.js";
import { type Plane, type SweepMemory, shareMemory } from "../../src/sweep/memory.js";
import { planSweep } from "../../src/sweep/plan.js";
import { SweepPool, type SweepPoolOptions, type Task } from "../../src/sweep/pool.js";
import { provenance, tinyCnn, tinyData } from "../fixtures.js";

function tinyPlane(seed = 1): Plane {
	const graph = tinyCnn();
	const parameters = initialize(graph, seed);
	const draw = (axis: "x" | "y") =>
		randomDirection(axis, parameters.parameters, parameterLayout(graph), { seed: 1, norm: "filter", bias: "zero" });
	return {
		graph,
		state: parameters,
		directions: { x: draw("x"), y: draw("y") },
		data: tinyData(200),
		loss: "softmax-cross-entropy",
		metric: "accuracy",
		batchNorm: "running",
		precision: "fast",
	};
}

const newSurface = () => emptySurface({ min: -1, max: 1, steps: 7 }, { min: -2, max: 1, steps: 5 }, provenance());

async function evaluateAll(
	surface: Surface,
	tasks: readonly Task[],
	pool: SweepPool,
	memory?: SweepMemory,
): Promise<string> {
	for await (const finished of pool.run(tasks, memory ?? (await shareMemory(tinyPlane(), surface))))
		if ("row" in finished) surface.done.fill(1, finished.row * 7 + finished.from, finished.row * 7 + finished.to);
	return surfaceDigest(surface);
}

/** A pool that ends with the test. */
function poolFor(t: ExecutionContext, options: SweepPoolOptions): SweepPool {
	const pool = new SweepPool(options);
	t.teardown(() => pool.close());
	return pool;
}

test("values are the same to the bit for 1, 2 and 5 threads, any order of rows and any split", async (t) => {
	const digests: string[] = [];
	for (const threads of [1, 2, 5]) {
		const surface = newSurface();
		digests.push(await evaluateAll(surface, planSweep(surface, threads), poolFor(t, { threads })));
		t.true(surface.done.every((mark) => mark === 1));
		t.true(surface.loss.every(Number.isFinite));
	}
	const surface = newSurface();
	const points = Array.from({ length: 35 }, (_, i) => ({ row: Math.floor(i / 7), from: i % 7, to: (i % 7) + 1 }));
	digests.push(await evaluateAll(surface, points.reverse(), poolFor(t, { threads: 2 })));
	t.is(new Set(digests).size, 1);
});

test("a worker that dies is replaced and its row tried again, with the same values", async (t) => {
	const surface = newSurface();
	const deaths = new Int32Array(new SharedArrayBuffer(4));
	const memory = { ...(await shareMemory(tinyPlane(), surface)), deaths, limit: 2 };
	const worker = new URL("./dying-worker.js", import.meta.url);
	const digest = await evaluateAll(surface, planSweep(surface, 2), poolFor(t, { threads: 2, worker }), memory);
	t.is(deaths[0], 3);
	const undisturbed = newSurface();
	t.is(digest, await evaluateAll(undisturbed, planSweep(undisturbed, 1), poolFor(t, { threads: 1 })));
});

test("a row that kills its worker three times stops the sweep with its number", async (t) => {
	const surface = newSurface();
	const deaths = new Int32Array(new SharedArrayBuffer(4));
	const memory = { ...(await shareMemory(tinyPlane(), surface)), deaths, limit: 100 };
	const worker = new URL("./dying-worker.js", import.meta.url);
	const error = await t.throwsAsync(
		evaluateAll(surface, planSweep(surface, 2), poolFor(t, { threads: 2, worker }), memory),
		{
			instanceOf: WorkerError,
		},
	);
	t.regex(
		error.message,
		/^row 1 failed 3 times, the last time with "worker exited with code: 7"; finished rows are kept$/,
	);
	t.is(deaths[0], 3);
});

test("an aborted signal ends the work with an interruption", async (t) => {
	const surface = newSurface();
	const controller = new AbortController();
	const pool = poolFor(t, { threads: 1 });
	const tasks = pool.run(planSweep(surface, 1), await shareMemory(tinyPlane(), surface), controller.signal);
	await tasks.next();
	controller.abort();
	await t.throwsAsync(tasks.next(), { instanceOf: InterruptedError });
});

test("the origin is evaluated like any other point", async (t) => {
	const surface = emptySurface({ min: 0, max: 1, steps: 2 }, { min: 0, max: 1, steps: 2 }, provenance());
	const finished = [];
	const memory = await shareMemory(tinyPlane(), surface);
	const tasks = [{ row: 0, from: 0, to: 1 }, "origin"] as const;
	for await (const result of poolFor(t, { threads: 1 }).run(tasks, memory)) finished.push(result);
	t.deepEqual(finished[1], { origin: { loss: surface.loss[0], metric: surface.metric[0] } });
});

test("one pool does sweeps of different networks, after an interruption too, with the values each has alone", async (t) => {
	const alone: string[] = [];
	const together: string[] = [];
	const shared = poolFor(t, { threads: 2 });
	for (const seed of [1, 2, 1]) {
		for (const [pool, digests] of [[poolFor(t, { threads: 1 }), alone] as const, [shared, together] as const]) {
			const surface = newSurface();
			const memory = await shareMemory(tinyPlane(seed), surface);
			digests.push(await evaluateAll(surface, planSweep(surface, 2), pool, memory));
		}
		const interrupted = newSurface();
		for await (const _ of shared.run(planSweep(interrupted, 2), await shareMemory(tinyPlane(), interrupted))) break;
	}
	t.deepEqual(together, alone);
	t.is(new Set(alone).size, 2);
});
