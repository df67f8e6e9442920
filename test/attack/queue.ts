import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Redis } from "ioredis";
import { root } from "../fixtures.js";
import { Namespace } from "../queue/namespace.js";
import { hasRedis, leftOut, RedisServer, Wire } from "../queue/redis.js";
import { type Arena, type Attack, sweepArgs } from "./arena.js";

/** Seconds after which a worker that gives no sign of life loses its tasks: short, so that much can go wrong in a short time. */
const LOCK_S = 3;

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How the second worker reaches Redis, so that it can be cut off: over the link of a network of its own, or over a wire of ours. */
interface Way {
	/** Settings of Redis without which nobody comes this way. */
	readonly settings: readonly string[];
	readonly kind: string;
	address(redis: RedisServer): Promise<string>;
	command(command: string, args: readonly string[]): readonly [string, readonly string[]];
	cut(): void;
	mend(): void;
	close(): void;
}

function chooseWay(): Way {
	const namespace = Namespace.create();
	if (namespace !== undefined)
		return {
			settings: ["--bind", "127.0.0.1", namespace.host, "--protected-mode", "no"],
			kind: "network namespace",
			address: async ({ port }) => `redis://${namespace.host}:${port}`,
			command: (command, args) => namespace.command(command, args),
			cut: () => namespace.cut(),
			mend: () => namespace.mend(),
			close: () => namespace.remove(),
		};
	let wire: Wire | undefined;
	return {
		settings: [],
		kind: "proxy",
		address: async ({ port }) => {
			wire ??= await Wire.to(port);
			return wire.address;
		},
		command: (command, args) => [command, args],
		cut: () => wire?.cut(),
		mend: () => wire?.mend(),
		close: () => wire?.close(),
	};
}

/** A queue with two workers, and all that can go wrong with it. */
class Farm {
	readonly redis: RedisServer;
	readonly way: Way;
	readonly #arena: Arena;
	readonly #far: string;
	readonly workers: ChildProcess[] = [];

	private constructor(arena: Arena, redis: RedisServer, way: Way, far: string) {
		this.#arena = arena;
		this.redis = redis;
		this.way = way;
		this.#far = far;
		this.workers = [this.#near(), this.#distant()];
	}

	/** @param settings of Redis */
	static async start(arena: Arena, ...settings: readonly string[]): Promise<Farm> {
		const way = chooseWay();
		const redis = await RedisServer.start(...way.settings, ...settings);
		return new Farm(arena, redis, way, await way.address(redis));
	}

	#near(...settings: readonly string[]): ChildProcess {
		return this.#spawn(process.execPath, [...settings, ...workerArgs(this.redis.address)]);
	}

	#distant(): ChildProcess {
		return this.#spawn(...this.way.command(process.execPath, workerArgs(this.#far)));
	}

	#spawn(command: string, args: readonly string[]): ChildProcess {
		return spawn(command, args, { cwd: this.#arena.directory, stdio: "ignore" });
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
		this.workers[number] = number === 0 ? this.#near() : this.#distant();
	}

	/** A worker without memory, which dies as it works. */
	async outOfMemory(): Promise<void> {
		const child = this.#near("--max-old-space-size=16");
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
		this.way.close();
		await this.redis.stop();
	}
}

function workerArgs(address: string): string[] {
	const own = ["--queue", address, "--threads", "1", "--lock", `${LOCK_S}`, "--cache", "cache", "--quiet"];
	return [join(root, "scripts", "worker.js"), ...own];
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
		farm.way.cut();
		await later(500 + 5000 * Math.random());
		farm.way.mend();
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
	let [sweeps, happened, kind] = [0, 0, ""];
	for (const persistence of ["no", "yes"]) {
		const farm = await Farm.start(arena, "--appendonly", persistence, "--appendfsync", "everysec");
		kind = farm.way.kind;
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
		const left = farm.redis.keys().filter(({ key, seconds }) => seconds < 0 && !/^isoloss:workers$/.test(key));
		if (left.length > 0) bad.push(`left in Redis: ${left.map(({ key }) => key).join(" ")}`);
		await farm.close();
	}
	for (const [name, count] of counts)
		yield { attack: `queue: ${name}${name === "a worker cut off" ? `, ${kind}` : ""}`, count, bad: [] };
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
