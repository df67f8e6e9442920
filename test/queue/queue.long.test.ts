import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { Redis } from "ioredis";
import { InterruptedError, OptionError, WorkerError } from "../../src/errors.js";
import { sha256 } from "../../src/exact/digest.js";
import { connect, curvature } from "../../src/index.js";
import { QueueExecutor, type QueueOptions } from "../../src/queue/executor.js";
import { identityOf } from "../../src/queue/identity.js";
import { dismantle } from "../../src/queue/manifest.js";
import { readQueue } from "../../src/queue/status.js";
import { QueueWorker, type QueueWorkerOptions } from "../../src/queue/worker.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { regularGrid } from "../../src/surface/grid.js";
import { emptySurface, record } from "../../src/surface/surface.js";
import { carryOutAdaptively } from "../../src/sweep/adaptive/carry-out.js";
import type { Round } from "../../src/sweep/adaptive/rounds.js";
import type { Executor, Job } from "../../src/sweep/executor.js";
import { missing } from "../../src/sweep/plan.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import type { Problem } from "../../src/sweep/problem.js";
import type { ShardProblem } from "../../src/sweep/shards.js";
import { nameOfBatch, type Work } from "../../src/sweep/work.js";
import { newSurface, root, temporaryDirectory, tinyData } from "../fixtures.js";
import { tinyProblem } from "../sweep/tiny-problem.js";
import { hasRedis, leftOut, RedisServer } from "./redis.js";

const emptyRun = () => newSurface({ min: -1, max: 1, steps: 7 }, { min: -2, max: 1, steps: 5 });

function jobOf(problem: Problem = tinyProblem(), digest = "ab".repeat(32)): Job<Problem> {
	const { grid, extras } = emptyRun();
	return { digest, grid, extras, problem };
}

/** What an executor makes of a job: the digest of its surface, and the number of points at which each result came. */
async function carriedOut(executor: Executor<Work>, job: Job<Work> = jobOf(), signal?: AbortSignal): Promise<string> {
	const surface = emptyRun();
	for await (const result of executor.run(job, missing(surface, 2), signal)) record(surface, result);
	return surface.done.every((mark) => mark === 1) ? surfaceDigest(surface) : "not done";
}

/** Products with the Hessian of a network of more parameters than a result over a queue may have values. */
const shardJob: Job<ShardProblem> = {
	...{ digest: "cd".repeat(32), grid: regularGrid({ min: 0, max: 3, steps: 4 }, null), extras: [] },
	problem: {
		...tinyProblem(),
		...{ what: "product", still: [], base: "", cuts: [0, 1, 2, 3, 4], vector: new Float32Array() },
		state: { parameters: new Float32Array(34e6), statistics: new Float32Array() },
	},
};

async function onOneMachine(job = jobOf()): Promise<string> {
	const pool = new PoolExecutor({ threads: 1 });
	const digest = await carriedOut(pool, job);
	await pool.close();
	return digest;
}

/** A server, and what is made on it; all of it ends with the test. */
async function queueFor(t: ExecutionContext) {
	const server = await RedisServer.start();
	const cache = await temporaryDirectory(t);
	const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];
	t.teardown(async () => {
		for (const each of open.reverse()) await (each.stop?.() ?? each.close?.());
		await server.stop();
	});
	const { address } = server;
	return {
		server,
		address,
		async worker(options: Partial<QueueWorkerOptions> = {}) {
			const worker = await QueueWorker.start({ address, threads: 1, cache, ...options });
			open.push(worker);
			return worker;
		},
		async executor(options: Partial<QueueOptions> = {}) {
			const executor = await QueueExecutor.open({ address, ...options });
			open.push(executor);
			return executor;
		},
	};
}

/** Keys that would stay for ever: of what is over there are none. */
const forEver = (server: RedisServer) => server.keys().filter(({ seconds }) => seconds < 0);

if (!hasRedis) test.skip(leftOut, (t) => t.fail());
else {
	test.serial("curvature over two workers has the digest of one machine, and a part that fails is named", async (t) => {
		const { worker, executor } = await queueFor(t);
		const folder = join(root, "test", "corpus", "pytorch", "mlp");
		const wanted = {
			...{ model: join(folder, "a.onnx"), data: join(folder, "data.npz"), top: 2, bottom: 1 },
			tolerance: 1e-1,
		};
		const { digest } = await curvature({ ...wanted, threads: 1 });
		await worker();
		await worker();
		const over = await executor({ verify: 1 });
		t.is((await curvature({ ...wanted, executor: over })).digest, digest);
		const pool = new PoolExecutor({ threads: 2 });
		t.is((await curvature({ ...wanted, executor: pool })).digest, digest, "a pool's threads do the same");
		await pool.close();
		t.is(nameOfBatch(shardJob, { first: 2, count: 1 }), "part 3 of 4 of a product");
		await t.throwsAsync(carriedOut(over, shardJob), {
			instanceOf: OptionError,
			message: /at most \d+ values a result/,
		});
	});

	test.serial("connecting networks over a queue measures what one machine measures", async (t) => {
		const { worker, executor } = await queueFor(t);
		const wanted = {
			...{ from: "init:1", to: "init:2", model: "mlp-4", epochs: 1, samples: 32, evaluationSamples: 32 },
			...{ points: 5, planeSteps: 3 },
		};
		const { digest } = await connect({ ...wanted, threads: 1 });
		await worker();
		t.is((await connect({ ...wanted, threads: 1, executor: await executor() })).digest, digest);
	});

	test.serial("1, 2 and 5 workers give the digest of one machine, and nothing stays in Redis", async (t) => {
		const { server, worker, executor } = await queueFor(t);
		const digest = await onOneMachine();
		const workers: QueueWorker[] = [];
		for (const count of [1, 2, 5]) {
			while (workers.length < count) workers.push(await worker());
			const over = await executor();
			t.is(over.slots, count);
			t.is(await carriedOut(over), digest, `${count} workers`);
			await over.close();
		}
		for (const each of workers) await each.stop();
		t.deepEqual(forEver(server), []);
		t.true(server.keys().every(({ key }) => key.startsWith("isoloss:payload:")));
	});

	test.serial(
		"the rounds of an adaptive sweep, one after another over the queue, come to what one machine makes of them",
		async (t) => {
			const { server, worker, executor } = await queueFor(t);
			await worker({ threads: 2 });
			const adapted = async (carriers: Executor<Problem>) => {
				const axis = { min: -0.5, max: 0.5, steps: 17 };
				const surface = emptySurface({ ...newSurface(axis, axis), interpolates: true });
				const keeper = { surface, append: async () => undefined };
				const job = { ...jobOf(), grid: surface.grid };
				const rounds: string[] = [];
				const settings = { cells: 0.5, onRound: ({ purpose }: Round) => rounds.push(purpose) };
				const results = carryOutAdaptively(job, keeper, carriers, settings);
				let step = await results.next();
				while (step.done !== true) step = await results.next();
				return { digest: surfaceDigest(surface), report: step.value, rounds };
			};
			const pool = new PoolExecutor({ threads: 1 });
			const expected = await adapted(pool);
			await pool.close();
			t.true(expected.rounds.length > 1);
			const over = await executor();
			t.deepEqual(await adapted(over), expected);
			await over.close();
			t.deepEqual(
				forEver(server).filter(({ key }) => key.includes("sweep")),
				[],
			);
		},
	);

	test.serial("threads of the coordinator's own process take part, without a worker elsewhere", async (t) => {
		const { executor } = await queueFor(t);
		t.is(await carriedOut(await executor({ threads: 1 })), await onOneMachine());
	});

	test.serial("two sweeps share a worker: neither waits for the other to end", async (t) => {
		const { worker, executor } = await queueFor(t);
		await worker({ threads: 2, entry: new URL("./slow-worker.js", import.meta.url) });
		const [a, b] = [await executor(), await executor()];
		const jobs = [1, 2].map((seed) => jobOf(tinyProblem(seed), `${seed}`.repeat(64)));
		const order: number[] = [];
		const digests = await Promise.all(
			[a, b].map(async (over, i) => {
				const surface = emptyRun();
				const batches = Array.from({ length: 35 }, (_, first) => ({ first, count: 1 }));
				for await (const result of over.run(jobs[i] ?? jobOf(), batches)) {
					order.push(i);
					record(surface, result);
				}
				return surfaceDigest(surface);
			}),
		);
		t.deepEqual(digests, [await onOneMachine(jobs[0]), await onOneMachine(jobs[1])]);
		// The one that ends first has not ended before the other has begun.
		t.true(order.indexOf(0) < order.lastIndexOf(1) && order.indexOf(1) < order.lastIndexOf(0), order.join(""));
	});

	test.serial("a task that fails is tried three times, and the worker's words are the coordinator's", async (t) => {
		const { worker, executor } = await queueFor(t);
		const notices: string[] = [];
		for (let i = 0; i < 2; i++) await worker({ entry: new URL("./poisoned-worker.js", import.meta.url) });
		const over = await executor({ onNotice: (line) => notices.push(line) });
		const error = await t.throwsAsync(carriedOut(over), { instanceOf: WorkerError });
		t.regex(
			error.message,
			/^the batch of \d points from \(.*\) failed 3 times, the last time with "no memory for this point"; what is finished is kept$/,
		);
		t.is(notices.filter((line) => /failed on .*: no memory for this point$/.test(line)).length, 3);
	});

	test.serial("a task that takes its workers with it is left alone after three of them", async (t) => {
		const { address, executor } = await queueFor(t);
		const cache = await temporaryDirectory(t);
		const children = new Set<ChildProcess>();
		let [died, isOver] = [0, false];
		const start = () => {
			const child = fork(fileURLToPath(new URL("./doomed-worker.js", import.meta.url)), [address, cache]);
			children.add(child);
			child.on("exit", () => {
				children.delete(child);
				if (isOver) return;
				died++;
				start();
			});
		};
		t.teardown(() => {
			isOver = true;
			for (const child of children) child.kill("SIGKILL");
		});
		start();
		start();
		const error = await t.throwsAsync(carriedOut(await executor()), { instanceOf: WorkerError });
		t.regex(
			error.message,
			/failed 3 times, the last time with "its worker was lost: killed, out of memory, or cut off"/,
		);
		t.is(died, 3);
	});

	test.serial("what a worker of broken hardware computes is found by computing points twice", async (t) => {
		const { worker, executor } = await queueFor(t);
		await worker();
		await worker({ entry: new URL("./wrong-worker.js", import.meta.url) });
		const error = await t.throwsAsync(carriedOut(await executor({ verify: 35 })), { instanceOf: WorkerError });
		t.regex(error.message, /have other bits: [0-9a-f]{32} and [0-9a-f]{32}/);
	});

	test.serial("garbage for results is told, taken from nobody, and done again by others", async (t) => {
		const { address, worker, executor } = await queueFor(t);
		await worker();
		const notices: string[] = [];
		const over = await executor({ onNotice: (line) => notices.push(line) });
		const redis = new Redis(address);
		t.teardown(() => redis.disconnect());
		const surface = emptyRun();
		let thrown = false;
		for await (const result of over.run(jobOf(), missing(surface, 2))) {
			record(surface, result);
			const [id] = await redis.smembers("isoloss:sweeps");
			if (!thrown) await redis.rpush(`isoloss:sweep:${id}:results`, "{}", Buffer.of(0xc1), Buffer.alloc(2000));
			thrown = true;
		}
		t.is(surfaceDigest(surface), await onOneMachine());
		t.deepEqual(notices.slice(1), ["worker somebody takes no part: it sent no result: it is no record"]);
	});

	test.serial("a worker of another version refuses, and the coordinator says so", async (t) => {
		const { address, worker, executor } = await queueFor(t);
		await worker();
		const notices: string[] = [];
		const over = await executor({ onNotice: (line) => notices.push(line) });
		const redis = new Redis(address);
		t.teardown(() => redis.disconnect());
		// The sign of a sweep of a later isoloss, as another machine would give it.
		const running = carriedOut(over);
		let id: string | undefined;
		while (id === undefined) [id] = await redis.smembers("isoloss:sweeps");
		const sign = JSON.parse((await redis.get(`isoloss:sweep:${id}`)) ?? "{}");
		const later = { ...sign, id: "later", identity: { ...sign.identity, version: "9.0.0" } };
		await redis.set("isoloss:sweep:later", JSON.stringify(later), "EX", 15);
		await redis.sadd("isoloss:sweeps", "later");
		let refusals: string[] = [];
		while (refusals.length === 0) refusals = await redis.hvals("isoloss:sweep:later:refusals");
		t.regex(refusals[0] ?? "", /^has isoloss 0\.\d+\.\d+, where the sweep needs 9\.0\.0$/);
		const shown = await readQueue(address);
		t.deepEqual(Object.values(shown.sweeps.find((sweep) => sweep.id === "later")?.refusals ?? {}), refusals);
		t.is(await running, await onOneMachine());
	});

	test.serial("a sweep that is none is refused in words, and the worker goes on with others", async (t) => {
		const { address, worker, executor } = await queueFor(t);
		await worker();
		const redis = new Redis(address);
		t.teardown(() => redis.disconnect());
		const problem = { loss: "file:///etc/passwd", probes: ["loss"], batchNorm: "running", precision: "fast" };
		const manifest = JSON.stringify({ digest: "x", grid: {}, extras: [], problem });
		const digest = sha256(manifest);
		await redis.set(`isoloss:payload:${digest}:0`, manifest, "EX", 60);
		const sign = {
			...{ id: "odd", name: "odd", host: "h", pid: 1, since: "now", identity: await identityOf("fast") },
			...{ manifest: digest, manifestBytes: manifest.length, payloadBytes: 1000 },
			...{ points: 1, done: 0, pointsPerSecond: 0, failures: 0 },
		};
		await redis.set("isoloss:sweep:odd", JSON.stringify(sign), "EX", 15);
		await redis.sadd("isoloss:sweeps", "odd");
		let refusals: string[] = [];
		while (refusals.length === 0) refusals = await redis.hvals("isoloss:sweep:odd:refusals");
		t.regex(refusals[0] ?? "", /^failed with "job\.problem\.graph: expected a graph, .*"$/);
		t.is(await carriedOut(await executor()), await onOneMachine());
	});

	test.serial("a payload that was damaged on its way is fetched anew", async (t) => {
		const { address, worker, executor } = await queueFor(t);
		const redis = new Redis(address);
		t.teardown(() => redis.disconnect());
		const damaged = [...dismantle(tinyProblem()).arrays];
		t.true(damaged.length > 0);
		for (const [digest, array] of damaged)
			await redis.set(`isoloss:payload:${digest}:0`, Buffer.alloc(array.byteLength, 1), "EX", 60);
		await worker();
		t.is(await carriedOut(await executor()), await onOneMachine());
	});

	test.serial("a loss of one's own is matched by what its file holds; no path of a sweep is opened", async (t) => {
		const { worker, executor } = await queueFor(t);
		const path = fileURLToPath(new URL("../objective/own-loss.js", import.meta.url));
		const job = jobOf({ ...tinyProblem(), loss: new URL(`file://${path}`).href as `file:${string}`, probes: ["loss"] });
		const notices: string[] = [];
		const without = await worker();
		const over = await executor({ onNotice: (line) => notices.push(line) });
		const running = carriedOut(over, job);
		while (!notices.some((line) => /takes no part: it has no loss own [0-9a-f]{8}…; --loss FILE.js/.test(line)))
			await new Promise((resolve) => setTimeout(resolve, 50));
		await without.stop();
		await worker({ losses: [path] });
		t.not(await running, "not done");
	});

	test.serial("a sweep that is too large for a worker's cache is refused with both sizes", async (t) => {
		const { worker, executor } = await queueFor(t);
		await worker({ cacheBytes: 1e6 });
		const notices: string[] = [];
		const over = await executor({ onNotice: (line) => notices.push(line) });
		const large = { ...tinyProblem(), data: tinyData(9000) };
		const running = carriedOut(over, jobOf(large));
		const said = /keeps 1 MB, where the sweep has 2 MB; --cache-size allows more/;
		while (!notices.some((line) => said.test(line))) await new Promise((resolve) => setTimeout(resolve, 50));
		await worker();
		t.is(await running, await onOneMachine(jobOf(large)));
	});

	test.serial("Redis may lose all it has in the middle: the digest stays", async (t) => {
		const { server, worker, executor } = await queueFor(t);
		await worker({ lockMs: 1500 });
		const notices: string[] = [];
		const over = await executor({ onNotice: (line) => notices.push(line) });
		const surface = emptyRun();
		let lost = false;
		const batches = Array.from({ length: 35 }, (_, first) => ({ first, count: 1 }));
		for await (const result of over.run(jobOf(), batches)) {
			record(surface, result);
			if (!lost) {
				await server.kill();
				await server.start();
			}
			lost = true;
		}
		t.is(surfaceDigest(surface), await onOneMachine());
		t.true(
			notices.some((line) => /is lost, trying again$/.test(line)),
			notices.join("\n"),
		);
		t.true(notices.some((line) => /is back$/.test(line)));
	});

	test.serial("an interruption ends at once and takes the sweep out of Redis", async (t) => {
		const { server, executor } = await queueFor(t);
		const controller = new AbortController();
		const over = await executor();
		const running = carriedOut(over, jobOf(), controller.signal);
		setTimeout(() => controller.abort(new Error("enough")), 700);
		const error = await t.throwsAsync(running, { instanceOf: InterruptedError });
		t.is(String(error.cause), "Error: enough");
		t.deepEqual(forEver(server), []);
	});

	test.serial("a password that is wrong is told without it", async (t) => {
		const server = await RedisServer.start("--requirepass", "right");
		t.teardown(() => server.stop());
		const wrong = server.address.replace("redis://", "redis://:topsecret@");
		const error = await t.throwsAsync(QueueExecutor.open({ address: wrong }), { instanceOf: OptionError });
		t.regex(error.message, /^queue: expected a Redis server at redis:\/\/\*\*\*@127\.0\.0\.1:\d+: .*WRONGPASS/);
		t.false(error.message.includes("topsecret"));
		process.env.ISOLOSS_QUEUE_PASSWORD = "right";
		t.teardown(() => {
			delete process.env.ISOLOSS_QUEUE_PASSWORD;
		});
		await (await QueueExecutor.open({ address: server.address })).close();
	});
}

test("an address that is none is told without a password", async (t) => {
	for (const address of ["redis//:secret@host", "http://a:secret@host", "redis://host/x", "host:6379"]) {
		const error = await t.throwsAsync(QueueExecutor.open({ address }), {
			instanceOf: OptionError,
			message: /^address: expected redis:/,
		});
		t.false(error?.message.includes("secret"), error?.message);
	}
});
