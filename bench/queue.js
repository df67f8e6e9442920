/**
 * What a queue costs, on one machine with a Redis server of its own: overhead a task; points a second of the default network beside
 * the local pool with as many workers; the share of perfect for 1 to 32 workers whose points take 50 ms; a plan of a million points; the
 * payload of a network of 60 million parameters.
 *
 * usage: node bench/queue.js [rounds, default 1] [parts: tasks network workers plan payload, default all]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { initialize, modelByName, PoolExecutor, QueueExecutor, QueueWorker, sweep } from "../dist/src/index.js";
import { machine, median, report } from "./measure.js";

const [first = "1", ...rest] = process.argv.slice(2);
const PORT = 7411;
const address = `redis://127.0.0.1:${PORT}`;

if (first === "workers") {
	const [count, entry, cache] = rest;
	const own = entry === "fake" ? { entry: new URL("./queue-evaluation.js", import.meta.url) } : {};
	for (let i = 0; i < Number(count); i++) await QueueWorker.start({ address, threads: 1, cache, ...own });
	process.send("ready");
} else await main(Number(first), rest.length === 0 ? ["tasks", "network", "workers", "plan", "payload"] : rest);

async function main(rounds, parts) {
	const { cpu, cores, node } = machine();
	console.log(`${cpu}, ${cores} cores, Node ${node}; Redis on the same machine, median of ${rounds}\n`);
	const directory = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
	const settings = ["--port", `${PORT}`, "--bind", "127.0.0.1", "--save", "", "--dir", directory];
	const server = spawn("redis-server", settings, { stdio: "ignore" });
	await new Promise((resolve) => setTimeout(resolve, 500));
	const all = { tasks, network, workers: efficiency, plan, payload };
	try {
		for (const part of parts) await all[part](rounds, { directory, server });
	} finally {
		server.kill();
		rmSync(directory, { recursive: true, force: true });
	}
}

/** Workers in a process of their own, while something is done. */
async function withWorkers(count, { pointMs, directory, processes = 1 }, work) {
	const entry = pointMs === undefined ? "real" : "fake";
	const children = Array.from({ length: processes }, () =>
		spawn(process.execPath, [fileURLToPath(import.meta.url), "workers", String(count / processes), entry, directory], {
			stdio: ["ignore", "inherit", "inherit", "ipc"],
			env: { ...process.env, POINT_MS: String(pointMs) },
		}),
	);
	await Promise.all(children.map((child) => once(child, "message")));
	try {
		return await work(children);
	} finally {
		for (const child of children) child.kill("SIGKILL");
		await Promise.all(children.map((child) => once(child, "exit")));
		// Until their signs of life have run out, they would be counted.
		const { Redis } = await import("ioredis");
		const redis = new Redis(address);
		await redis.del("isoloss:workers");
		redis.disconnect();
	}
}

function jobOn(columns, rows, model = "mlp-1") {
	const graph = modelByName(model);
	const { parameters } = initialize(graph, 1);
	const directions = [0.5, 2].map((factor) => parameters.map((value) => value * factor));
	const axis = (steps) => ({ min: -1, max: 1, steps });
	return {
		digest: "0".repeat(64),
		grid: { kind: "regular", axes: rows === 1 ? [axis(columns)] : [axis(columns), axis(rows)] },
		extras: [],
		problem: {
			graph,
			section: {
				vectors: [parameters, ...directions],
				statistics: [new Float32Array()],
				weighting: "affine",
				dimensions: 2,
				anchors: [],
			},
			data: {
				name: "none",
				samples: 1,
				sampleShape: [28, 28, 1],
				inputs: new Float32Array(784),
				targets: new Int32Array(1),
			},
			loss: "softmax-cross-entropy",
			probes: ["loss", "accuracy"],
			batchNorm: "running",
			precision: "fast",
		},
	};
}

/** Seconds from the first result to the last, points, and when the first came. */
async function timed(job, batches) {
	const executor = await QueueExecutor.open({ address });
	const started = performance.now();
	let [begun, points] = [0, 0];
	let beginning = 0;
	for await (const { count } of executor.run(job, batches)) {
		if (begun === 0) [begun, beginning] = [performance.now(), count];
		points += count;
	}
	const ended = performance.now();
	await executor.close();
	return {
		seconds: (ended - begun) / 1000,
		points: points - beginning,
		first: (begun - started) / 1000,
		all: (ended - started) / 1000,
	};
}

async function tasks(rounds, { directory, server }) {
	const rows = [];
	await withWorkers(1, { pointMs: 0, directory }, async ([worker]) => {
		for (let round = 0; round < rounds; round++) {
			const batches = Array.from({ length: 2000 }, (_, point) => ({ first: point, count: 1 }));
			const pids = [process.pid, server.pid, worker.pid];
			const before = pids.map((pid) => processorSeconds([pid]));
			const { seconds, points } = await timed(jobOn(2000, 1), batches);
			const [coordinator, redis, there] = pids.map((pid, i) => (1000 * (processorSeconds([pid]) - before[i])) / points);
			rows.push({ elapsed: (1000 * seconds) / points, coordinator, redis, there });
		}
	});
	const figure = (key) => median(rows.map((row) => row[key]));
	report("queue-tasks", [
		{
			"2000 tasks of nothing, 1 worker": "ms a task",
			elapsed: figure("elapsed"),
			"processor, coordinator": figure("coordinator"),
			Redis: figure("redis"),
			worker: figure("there"),
		},
	]);
	console.log();
}

/** Seconds of processor time that processes have taken so far, their threads' with it. */
function processorSeconds(pids) {
	const ticks = pids.map((pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" "));
	return ticks.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) / 100, 0);
}

async function network(rounds, { directory, server }) {
	const axis = { min: -1, max: 1, steps: 25 };
	const taken = { pool: [], queue: [] };
	const digests = new Set();
	const run = async (name, executor, pids) => {
		const before = processorSeconds(pids);
		const { computed, elapsedSeconds, digest } = await sweep({ samples: 256, x: axis, y: axis, executor });
		taken[name].push({ rate: computed / elapsedSeconds, cpu: (1000 * (processorSeconds(pids) - before)) / computed });
		digests.add(digest);
		await executor.close();
	};
	for (let round = 0; round < rounds; round++) {
		await run("pool", new PoolExecutor({ threads: 2 }), [process.pid]);
		await withWorkers(2, { directory, processes: 2 }, async (children) => {
			const pids = [process.pid, server.pid, ...children.map(({ pid }) => pid)];
			await run("queue", await QueueExecutor.open({ address }), pids);
		});
	}
	if (digests.size !== 1) throw new Error(`digests differ: ${[...digests].join(", ")}`);
	const figure = (name, key) => median(taken[name].map((each) => each[key]));
	report(
		"queue-network",
		["pool", "queue"].map((name) => ({
			"25×25 points, 256 images": name === "pool" ? "pool, 2 threads" : "queue, 2 workers",
			"points/s": figure(name, "rate"),
			"of the pool": figure(name, "rate") / figure("pool", "rate"),
			"processor ms a point": figure(name, "cpu"),
		})),
	);
	console.log();
}

async function efficiency(rounds, { directory }) {
	const rows = [];
	for (const count of [1, 2, 4, 8, 16, 32]) {
		// As much to do for each, whatever their number: 20 s.
		const columns = 400 * count;
		const batches = Array.from({ length: count }, (_, row) => ({ first: 400 * row, count: 400 }));
		const shares = [];
		await withWorkers(count, { pointMs: 50, directory }, async () => {
			for (let round = 0; round < rounds; round++)
				shares.push((0.05 * 400) / (await timed(jobOn(columns, 1), batches)).all);
		});
		rows.push({
			"workers of 50 ms points": count,
			"points/s": (count / 0.05) * median(shares),
			"of perfect": median(shares),
		});
	}
	report("queue-workers", rows);
	console.log();
}

async function plan(_rounds, { directory }) {
	const batches = Array.from({ length: 1000 }, (_, row) => ({ first: 1000 * row, count: 1000 }));
	const before = process.memoryUsage().rss / 2 ** 20;
	await withWorkers(2, { pointMs: 0, directory }, async () => {
		const { all } = await timed(jobOn(1000, 1000), batches);
		const after = process.resourceUsage().maxRSS / 1024;
		report("queue-plan", [
			{
				"10⁶ points of nothing, 2 workers": "",
				s: all,
				"points/s": 1e6 / all,
				"coordinator, MB": after,
				"before, MB": before,
			},
		]);
	});
	console.log();
}

async function payload(_rounds, { directory, server }) {
	const rss = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
	await withWorkers(1, { pointMs: 0, directory }, async ([worker]) => {
		const job = jobOn(4, 1, "mlp-7400-7400");
		const cold = await timed(job, [{ first: 0, count: 4 }]);
		const warm = await timed(job, [{ first: 0, count: 4 }]);
		const megabytes = (3 * 4 * job.problem.section.vectors[0].length) / 2 ** 20;
		report("queue-payload", [
			{
				"60 M parameters, 3 vectors": `${megabytes.toFixed(0)} MB`,
				"s to the first value": cold.first,
				"again, from the cache": warm.first,
				"Redis, MB": rss(server.pid),
				"worker, MB": rss(worker.pid),
				"coordinator, MB": rss(process.pid),
			},
		]);
	});
}
