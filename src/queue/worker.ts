import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { checkQueueAddress } from "../check/queue-address.js";
import {
	type Check,
	checkCall,
	isA,
	isFunction,
	isListOf,
	isPerhaps,
	isPositive,
	isText,
	isWhole,
} from "../check/values.js";
import { WorkerError } from "../errors.js";
import type { Job } from "../sweep/executor.js";
import type { Work } from "../sweep/work.js";
import { version } from "../version.js";
import { PayloadCache, usualCache } from "./cache.js";
import { Connection, type Tell, within } from "./connection.js";
import { keys, SIGN_MS } from "./keys.js";
import { installedLosses } from "./losses.js";
import { Place, type Supplies, type Taken } from "./place.js";
import { Rate } from "./rate.js";
import { packFailure, packResult } from "./record.js";
import { giveWorkerSign, readSweeps, takeWorkerSign } from "./signs.js";
import { Slot } from "./slot.js";
import { removeSweep } from "./tasks.js";

export interface QueueWorkerOptions {
	/** The Redis server, `redis://host:6379`, or `rediss://` with TLS; name and password may be in the environment. */
	readonly address: string;
	/** How many threads evaluate. */
	readonly threads: number;
	/** Where payloads are kept; `~/.cache/isoloss` where nothing is said. */
	readonly cache?: string;
	/** How many bytes of them; 4 GB where nothing is said. A sweep with more is refused. */
	readonly cacheBytes?: number;
	/** Files of losses of one's own: a sweep with another one is refused. */
	readonly losses?: readonly string[];
	/** After how many milliseconds without a sign of life of this process its tasks go to others. */
	readonly lockMs?: number;
	/** Told what happens, a line each. */
	readonly onNotice?: (line: string) => void;
	/** Jobs that are in the memory of this process: where it is given, no other sweeps are taken part in. */
	readonly jobs?: (id: string) => Job<Work> | undefined;
	/** The module of its threads; tests give their own. */
	readonly entry?: URL;
}

const checks = {
	address: checkQueueAddress,
	threads: isWhole(1),
	cache: isPerhaps(isText),
	cacheBytes: isPerhaps(isPositive),
	losses: isPerhaps(isListOf(isText)),
	lockMs: isPerhaps(isPositive),
	onNotice: isPerhaps(isFunction),
	jobs: isPerhaps(isFunction),
	entry: isPerhaps(isA("the URL of a module", (entry) => entry instanceof URL)),
} satisfies Record<keyof QueueWorkerOptions, Check>;

/** What a worker has done so far. */
export interface QueueWorkerReport {
	readonly name: string;
	/** Sweeps that it takes part in now. */
	readonly sweeps: number;
	readonly points: number;
	/** Over the last minute. */
	readonly pointsPerSecond: number;
	readonly failures: number;
}

const LOCK_MS = 20_000;

export const CACHE_BYTES = 4 * 2 ** 30;

/** How long a thread stays with a sweep before others have their turn: changing costs as much as some points. */
const TURN_MS = 10_000;

/** How long a thread without work waits before it looks again: longer each time. */
const [LEAST_IDLE_MS, MOST_IDLE_MS] = [50, 1000];

/** A task that another worker is to take is there again after so long: only then can anybody have it. */
const LEFT_TO_OTHERS_MS = 20;

/** How long giving tasks back may take. */
const ENDING_MS = 1000;

const evaluationWorker = new URL("../../workers/evaluate.js", import.meta.url);

/**
 * Takes part in the sweeps of a queue with some threads, until it is stopped. Threads take turns with the sweeps that there are, so that
 * each has its share. A sweep that this machine can't compute to the bit is refused, and its coordinator told why.
 */
export class QueueWorker {
	readonly name = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
	readonly #connection: Connection;
	readonly #supplies: Supplies;
	readonly #slots: readonly Slot[];
	readonly #lockMs: number;
	readonly #tell: Tell;
	readonly #since = new Date().toISOString();
	readonly #rate = new Rate();
	readonly #stopping = new AbortController();
	readonly #timers: NodeJS.Timeout[] = [];
	/** Sweeps that are taken part in, by their ids; null while they are made ready, and where they are refused. */
	readonly #places = new Map<string, Place | null>();
	/** Tasks that threads have, by the thread's token. */
	readonly #taken = new Map<string, Taken>();
	readonly #sleepers = new Set<() => void>();
	#loops: Promise<unknown> = Promise.resolve();
	#looking = false;
	#points = 0;
	#failures = 0;

	private constructor(connection: Connection, supplies: Supplies, options: QueueWorkerOptions, tell: Tell) {
		this.#connection = connection;
		this.#supplies = supplies;
		this.#lockMs = options.lockMs ?? LOCK_MS;
		this.#tell = tell;
		const { entry = evaluationWorker, threads } = options;
		this.#slots = Array.from({ length: threads }, (_, i) => new Slot(`${this.name}-${i}`, entry));
	}

	/** @throws {OptionError} when nobody answers at the address, the cache can't be written, or a loss can't be read */
	static async start(options: QueueWorkerOptions): Promise<QueueWorker> {
		checkCall(options, checks);
		const { address, cache = usualCache(), cacheBytes = CACHE_BYTES, losses = [], jobs } = options;
		const tell = options.onNotice ?? (() => undefined);
		const supplies = {
			cache: jobs === undefined ? await PayloadCache.open(cache, cacheBytes) : undefined,
			losses: installedLosses(losses),
			jobs,
		};
		const connection = await Connection.open(address, tell);
		const worker = new QueueWorker(connection, supplies, options, tell);
		await worker.#begin();
		return worker;
	}

	get report(): QueueWorkerReport {
		return {
			name: this.name,
			sweeps: this.#open().length,
			points: this.#points,
			pointsPerSecond: this.#rate.perSecond,
			failures: this.#failures,
		};
	}

	async #begin(): Promise<void> {
		for (const slot of this.#slots) slot.start();
		await this.#beat();
		const every = (milliseconds: number, work: () => Promise<void>) =>
			this.#timers.push(setInterval(() => void work().catch(() => undefined), milliseconds));
		every(SIGN_MS, () => this.#beat());
		every(SIGN_MS / 2, () => this.#look());
		every(this.#lockMs / 3, () => this.#renew());
		const news = this.#connection.another();
		news.on("message", () => {
			void this.#look().catch(() => undefined);
			this.#wake();
		});
		await news.subscribe(keys.news);
		await this.#look();
		this.#loops = Promise.all(this.#slots.map((slot, i) => this.#loop(slot, i)));
	}

	#open(): Place[] {
		return [...this.#places.values()].filter((place) => place !== null);
	}

	/** A sign of life. */
	async #beat(): Promise<void> {
		const { name, points, pointsPerSecond, failures } = this.report;
		await giveWorkerSign(this.#connection.redis, {
			name,
			host: hostname(),
			pid: process.pid,
			since: this.#since,
			threads: this.#slots.length,
			version,
			node: process.version,
			arch: process.arch,
			points,
			pointsPerSecond,
			failures,
			sweeps: this.#open().map(({ id }) => id),
		});
	}

	/** Looks which sweeps there are: takes part in new ones, and leaves those that are over. */
	async #look(): Promise<void> {
		if (this.#looking || this.#stopping.signal.aborted) return;
		this.#looking = true;
		try {
			const { redis } = this.#connection;
			const { signs, gone } = await readSweeps(redis);
			// A coordinator that is gone for good can't take its sweep away.
			for (const id of gone) await removeSweep(redis, id);
			for (const id of [...this.#places.keys()]) if (!signs.some((sign) => sign.id === id)) await this.#leave(id, true);
			const { jobs } = this.#supplies;
			for (const sign of signs) {
				if (jobs !== undefined && jobs(sign.id) === undefined) continue;
				if (!this.#places.has(sign.id)) void this.#enter(sign);
				else if (await redis.hexists(keys.refusals(sign.id), this.name)) await this.#leave(sign.id, false);
			}
		} finally {
			this.#looking = false;
		}
	}

	async #leave(id: string, over: boolean): Promise<void> {
		const place = this.#places.get(id);
		if (over) this.#places.delete(id);
		else this.#places.set(id, null);
		if (place === null || place === undefined) return;
		await place.close(over);
		this.#tell(`sweep ${id} is ${over ? "over" : "left: its coordinator takes nothing more from here"}`);
	}

	async #enter(sign: Parameters<typeof Place.open>[1]): Promise<void> {
		const { id } = sign;
		this.#places.set(id, null);
		const { signal } = this.#stopping;
		const settings = { lockMs: this.#lockMs, signal };
		const place = await Place.open(this.#connection, sign, this.#supplies, settings).catch((error: unknown) =>
			signal.aborted ? undefined : `failed with "${error instanceof Error ? error.message : error}"`,
		);
		if (place === undefined) return;
		if (typeof place === "string") {
			this.#tell(`sweep ${id} (${sign.name}) is refused: this worker ${place}`);
			await this.#connection.redis.hset(keys.refusals(id), this.name, place);
			return;
		}
		// It may have ended meanwhile.
		if (signal.aborted || !this.#places.has(id)) return place.close(!signal.aborted);
		this.#places.set(id, place);
		this.#tell(`sweep ${id} (${sign.name}) from ${sign.host}: ${sign.points} points`);
		this.#wake();
	}

	async #loop(slot: Slot, number: number): Promise<void> {
		let idle = LEAST_IDLE_MS;
		while (!this.#stopping.signal.aborted) {
			const taken = await this.#next(slot, number).catch(() => undefined);
			if (taken === undefined || taken === "left") {
				// Whoever has left a task to others looks again later than they do; and in no step with them.
				if (taken === "left") idle = 2 * MOST_IDLE_MS;
				await this.#sleep(idle * (0.75 + Math.random() / 2));
				idle = Math.min(2 * idle, MOST_IDLE_MS);
				continue;
			}
			idle = LEAST_IDLE_MS;
			await this.#carryOut(slot, taken.place, taken.task).catch(() => undefined);
		}
	}

	/**
	 * A task of the sweep whose turn it is with a thread, or of the next that has one; "left" where there was but one for other workers. Of
	 * several threads each begins with another.
	 */
	async #next(
		slot: Slot,
		number: number,
	): Promise<{ readonly place: Place; readonly task: Taken } | "left" | undefined> {
		const places = this.#open();
		let left = false;
		const from = number + Math.floor(performance.now() / TURN_MS);
		for (let i = 0; i < places.length; i++) {
			const place = places[(from + i) % places.length];
			const task = await place?.take(slot.token);
			if (place === undefined || task === undefined) continue;
			// One that has taken too many workers with it comes once more, to be ended.
			if (task.deferredFailure) {
				await task.moveToFailed(new UnrecoverableFailure(task.deferredFailure), slot.token, false);
				continue;
			}
			if (task.data.not !== this.name) return { place, task };
			await task.moveToDelayed(Date.now() + LEFT_TO_OTHERS_MS, slot.token);
			left = true;
		}
		return left ? "left" : undefined;
	}

	async #carryOut(slot: Slot, place: Place, task: Taken): Promise<void> {
		const { first, count, not } = task.data;
		this.#taken.set(slot.token, task);
		const started = performance.now();
		try {
			const result = await slot.evaluate(place, { first, count });
			const facts = { worker: this.name, host: hostname(), second: not !== undefined };
			const elapsed = performance.now() - started;
			await place.handIn(packResult(place.origin, result, { ...facts, elapsed }));
			this.#points += count;
			this.#rate.add(count);
			// Where somebody else has it by now, its result comes twice and is taken once.
			await task.moveToCompleted(null, slot.token, false).catch(() => undefined);
		} catch (error) {
			if (this.#stopping.signal.aborted) return;
			this.#failures++;
			const failure = wordsOf(error);
			this.#tell(`a task of sweep ${place.id} failed: ${failure}`);
			await place.handIn(packFailure({ worker: this.name, first, count, failure }));
			await task.moveToFailed(new Error(failure), slot.token, false).catch(() => undefined);
		} finally {
			if (!this.#stopping.signal.aborted) this.#taken.delete(slot.token);
		}
	}

	/** Says that this process still has its tasks. */
	async #renew(): Promise<void> {
		await Promise.all(
			[...this.#taken].map(([token, task]) => task.extendLock(token, this.#lockMs).catch(() => undefined)),
		);
	}

	#sleep(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#sleepers.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, milliseconds);
			this.#sleepers.add(wake);
		});
	}

	#wake(): void {
		for (const wake of [...this.#sleepers]) wake();
	}

	/** Gives back the tasks that threads have, which others do then, and ends. */
	async stop(): Promise<void> {
		if (this.#stopping.signal.aborted) return;
		this.#stopping.abort();
		for (const timer of this.#timers) clearInterval(timer);
		this.#wake();
		const given = [...this.#taken].map(([token, task]) => task.moveToWait(token));
		await within(ENDING_MS, Promise.allSettled(given));
		await Promise.all(this.#slots.map((slot) => slot.close()));
		await within(ENDING_MS, this.#loops);
		await within(ENDING_MS, Promise.all(this.#open().map((place) => place.close(false))));
		await within(ENDING_MS, takeWorkerSign(this.#connection.redis, this.name));
		await this.#connection.close();
	}
}

/** What BullMQ does not try again, by the name it knows such errors by. */
class UnrecoverableFailure extends Error {
	override readonly name = "UnrecoverableError";
}

function wordsOf(error: unknown): string {
	// A pool's error wraps that of the thread in words about points that are kept, which no thread has.
	const cause = error instanceof WorkerError ? error.cause : error;
	return cause instanceof Error ? cause.message : String(cause);
}
