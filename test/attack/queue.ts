import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Redis } from "ioredis";
import { root } from "../fixtures.js";
import { hasRedis, leftOut, RedisServer, Wire } from "../queue/redis.js";
import { type Arena, type Attack, sweepArgs } from "./arena.js";

/** Seconds after which a worker that gives no sign of life loses its tasks: short, so that much can go wrong in a short time. */
const LOCK_S = 3;

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A queue with two workers, and all that can go wrong with it. */
class Farm {
	readonly redis: RedisServer;
	readonly wire: Wire;
	readonly #arena: Arena;
	readonly workers: ChildProcess[] = [];

	constructor(arena: Arena, redis: RedisServer, wire: Wire) {
		this.#arena = arena;
		this.redis = redis;
		this.wire = wire;
		// One of them over a wire that can be cut.
		this.workers = [this.#worker(redis.address), this.#worker(wire.address)];
	}

	#worker(address: string, ...settings: readonly string[]): ChildProcess {
		const own = ["--queue", address, "--threads", "1", "--lock", `${LOCK_S}`, "--cache", "cache", "--quiet"];
		return spawn(process.execPath, [...settings, join(root, "scripts", "worker.js"), ...own], {
			cwd: this.#arena.directory,
			stdio: "ignore",
		});
	}

	/** The coordinator, as a process. */
	coordinator(out: string): { readonly child: ChildProcess; readonly ended: Promise<number | null>; words(): string } {
		const args = [...coordinatorArgs, "--queue", this.redis.address, "--out", out, "--quiet"];
		const child = spawn(process.execPath, [join(root, "scripts", "sweep.js"), ...args], {
			cwd: this.#arena.directory,
			stdio: ["ignore", "ignore", "pipe"],
		});
		let stderr = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			stderr += text;
		});
		const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
		return { child, ended, words: () => stderr };
	}

	replace(number: number): void {
		this.workers[number]?.kill("SIGKILL");
		this.workers[number] = this.#worker(number === 0 ? this.redis.address : this.wire.address);
	}

	/** A worker without memory, which dies as it works. */
	async outOfMemory(): Promise<void> {
		const child = this.#worker(this.redis.address, "--max-old-space-size=16");
		await Promise.race([new Promise((resolve) => child.on("exit", resolve)), later(8000)]);
		child.kill("SIGKILL");
	}

	async restart(pauseMs: number): Promise<void> {
		await this.redis.kill();
		await later(pauseMs);
		await this.redis.start();
	}

	/** What is none of a result, where results come in. */
	async garbage(): Promise<void> {
		const redis = new Redis(this.redis.address);
		try {
			for (const id of await redis.smembers("isoloss:sweeps")) {
				const list = `isoloss:sweep:${id}:results`;
				await redis.rpush(list, Buffer.from([0xc1, 0xff]), Buffer.alloc(100), "{}", Buffer.from("93010203", "hex"));
			}
		} finally {
			redis.disconnect();
		}
	}

	async close(): Promise<void> {
		for (const worker of this.workers) worker.kill("SIGKILL");
		this.wire.close();
		await this.redis.stop();
	}
}

const coordinatorArgs = sweepArgs.slice(0, sweepArgs.indexOf("--threads"));

/** Each way in which something can go wrong; what is to be done for it to go on lies with it. */
const faults: Readonly<Record<string, (farm: Farm, killCoordinator: () => void) => Promise<unknown>>> = {
	"a worker killed": async (farm) => {
		farm.replace(Math.floor(2 * Math.random()));
	},
	"a worker paused past its lock": async (farm) => {
		const worker = farm.workers[Math.floor(2 * Math.random())];
		worker?.kill("SIGSTOP");
		await later(1000 * LOCK_S + 2500);
		worker?.kill("SIGCONT");
	},
	"a worker cut off": async (farm) => {
		farm.wire.cut();
		await later(500 + 5000 * Math.random());
		farm.wire.mend();
	},
	"a worker out of memory": (farm) => farm.outOfMemory(),
	"garbage for results": (farm) => farm.garbage(),
	"Redis killed and restarted": (farm) => farm.restart(300 + 2000 * Math.random()),
	"the coordinator killed, the same command again": async (_, killCoordinator) => killCoordinator(),
};

/** Random faults on queues of both kinds, until so many have happened: every sweep ends with the digest of one machine. */
export const queue: Attack = async function* (arena, { faults: most }) {
	if (!hasRedis) {
		yield { attack: "faults on a queue", count: 0, bad: [], note: leftOut };
		return;
	}
	arena.run("sweep", [...sweepArgs, "--out", "whole"]);
	const digest = await arena.digest("whole");
	const counts = new Map(Object.keys(faults).map((name) => [name, 0]));
	const bad: string[] = [];
	let [sweeps, happened] = [0, 0];
	for (const persistence of ["no", "yes"]) {
		const redis = await RedisServer.start("--appendonly", persistence, "--appendfsync", "everysec");
		const farm = new Farm(arena, redis, await Wire.to(redis.port));
		const share = Math.ceil((most * (persistence === "no" ? 1 : 2)) / 2);
		while (happened < share) {
			const out = `queue${sweeps++}`;
			const outcome = await soaked(farm, out, async (attack) => {
				if (happened >= share) return false;
				const names = Object.keys(faults);
				const name = names[Math.floor(names.length * Math.random())] ?? "";
				happened++;
				counts.set(name, (counts.get(name) ?? 0) + 1);
				await attack(name);
				return true;
			});
			if (outcome !== 0) bad.push(`${out}: ${outcome}`);
			else if ((await arena.digest(out)) !== digest) bad.push(`${out}: another digest`);
		}
		const left = redis.keys().filter(({ key, seconds }) => seconds < 0 && !/^isoloss:workers$/.test(key));
		if (left.length > 0) bad.push(`left in Redis: ${left.map(({ key }) => key).join(" ")}`);
		await farm.close();
	}
	for (const [name, count] of counts) yield { attack: `queue: ${name}`, count, bad: [] };
	yield { attack: "queue: sweeps with faults, digest of one machine", count: sweeps, bad };
};

/** A sweep with faults one after another until it is done; 0, or how it ended. */
async function soaked(
	farm: Farm,
	out: string,
	next: (attack: (name: string) => Promise<unknown>) => Promise<boolean>,
): Promise<number | string> {
	let current = farm.coordinator(out);
	let killed = false;
	const finished = { value: false };
	const attacks = (async () => {
		while (!finished.value) {
			await later(500 + 2500 * Math.random());
			if (finished.value) return;
			const kill = () => {
				killed = true;
				current.child.kill("SIGKILL");
			};
			if (!(await next(async (name) => faults[name]?.(farm, kill)))) return;
		}
	})();
	const limit = performance.now() + 300_000;
	for (;;) {
		const status = await Promise.race([current.ended, later(limit - performance.now()).then(() => "late" as const)]);
		if (status === "late") current.child.kill("SIGKILL");
		if (status === null && killed) {
			killed = false;
			current = farm.coordinator(out);
			continue;
		}
		// Called in the moment in which Redis is down it says so and ends; whoever reads that calls it again.
		if (status === 2 && /expected a Redis server/.test(current.words())) {
			await later(500);
			current = farm.coordinator(out);
			continue;
		}
		finished.value = true;
		await attacks;
		return status === 0 ? 0 : `${status} ${current.words()}`;
	}
}
