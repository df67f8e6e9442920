import type { Queue, Worker } from "bullmq";
import type { Redis, RedisOptions } from "ioredis";
import { checkQueueAddress, shownAddress } from "../check/queue-address.js";
import { OptionError } from "../errors.js";
import { type Driver, loadDriver } from "./driver.js";
import { keys } from "./keys.js";

/** A line for people. */
export type Tell = (line: string) => void;

/** How long a server may take to answer at first. */
const CONNECT_MS = 5000;

/** A connection on which an answer is this long overdue is taken for cut off, and made anew. */
const SILENCE_MS = 15_000;

/** Between two tries to connect again, at most. */
const RETRY_MS = 1000;

/** How long ending may take where the server does not answer. */
const ENDING_MS = 500;

/** Events of BullMQ that a queue keeps: nothing here reads them. */
const EVENTS_KEPT = 10;

/**
 * A connection to Redis. One that is lost is tried again for ever, and what was asked meanwhile is asked then; both are told once. Names
 * and passwords come with the address or from ISOLOSS_QUEUE_USER and ISOLOSS_QUEUE_PASSWORD, and are told nowhere.
 */
export class Connection {
	readonly redis: Redis;
	/** As it can be shown. */
	readonly address: string;
	readonly #driver: Driver;
	readonly #tell: Tell;
	readonly #others = new Set<Redis>();
	#isClosing = false;

	private constructor(driver: Driver, redis: Redis, address: string, tell: Tell) {
		this.#driver = driver;
		this.redis = redis;
		this.address = address;
		this.#tell = tell;
		this.#watch(redis);
	}

	/**
	 * @throws {OptionError} when the address is none, nobody answers there, or the packages that a queue needs are not installed
	 */
	static async open(address: string, tell: Tell = () => undefined): Promise<Connection> {
		checkQueueAddress("queue", address);
		const driver = await loadDriver();
		const { ISOLOSS_QUEUE_USER: username = "", ISOLOSS_QUEUE_PASSWORD: password = "" } = process.env;
		let tried = false;
		const options: RedisOptions = {
			lazyConnect: true,
			connectTimeout: CONNECT_MS,
			maxRetriesPerRequest: null,
			maxLoadingRetryTime: RETRY_MS,
			socketTimeout: SILENCE_MS,
			// The first try is the only one: a wrong address is said at once.
			retryStrategy: (times) => (tried ? Math.min(50 * times, RETRY_MS) : null),
			...(username !== "" && { username }),
			...(password !== "" && { password }),
		};
		const redis = new driver.Redis(address, { ...options, replyMapping: "legacy" });
		let reason: unknown;
		redis.on("error", (error: unknown) => {
			reason ??= error;
		});
		try {
			await redis.connect();
			await redis.ping();
		} catch (error) {
			redis.disconnect();
			throw new OptionError("queue", `expected a Redis server at ${shownAddress(address)}: ${words(reason ?? error)}`);
		}
		tried = true;
		redis.removeAllListeners("error");
		return new Connection(driver, redis, shownAddress(address), tell);
	}

	#watch(redis: Redis): void {
		let lost = false;
		redis.on("error", () => undefined);
		redis.on("close", () => {
			if (!lost && !this.#isClosing) this.#tell(`queue: ${this.address} is lost, trying again`);
			lost = true;
		});
		redis.on("ready", () => {
			if (lost) this.#tell(`queue: ${this.address} is back`);
			lost = false;
		});
	}

	/** A connection of its own, for what keeps one waiting. */
	another(): Redis {
		const redis = this.redis.duplicate({ lazyConnect: false });
		// Its losses are those of the first.
		redis.on("error", () => undefined);
		this.#others.add(redis);
		return redis;
	}

	/** Ends such a connection. */
	end(redis: Redis): void {
		this.#others.delete(redis);
		redis.disconnect();
	}

	/** The tasks of a sweep, for who hands them out. */
	queue(id: string): Queue {
		const queue = new this.#driver.bullmq.Queue(id, {
			connection: this.redis,
			prefix: keys.tasks,
			skipVersionCheck: true,
			streams: { events: { maxLen: EVENTS_KEPT } },
		});
		queue.on("error", () => undefined);
		return queue;
	}

	/**
	 * The same for who takes them, one by one.
	 *
	 * @param lockMs how long a task stays with who has taken it and gives no sign of life
	 * @param tries  how often its taker may be lost
	 */
	tasks(id: string, lockMs: number, tries: number): Worker {
		const tasks = new this.#driver.bullmq.Worker(id, null, {
			connection: this.redis,
			prefix: keys.tasks,
			autorun: false,
			skipVersionCheck: true,
			lockDuration: lockMs,
			stalledInterval: Math.max(500, Math.ceil(lockMs / 4)),
			maxStalledCount: tries - 1,
		});
		tasks.on("error", () => undefined);
		return tasks;
	}

	async close(): Promise<void> {
		this.#isClosing = true;
		for (const redis of this.#others) redis.disconnect();
		await within(ENDING_MS, this.redis.quit());
		this.redis.disconnect();
	}
}

/** Waits for something that may never come; what goes wrong with it is nobody's business any more. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([work.catch(() => undefined), late]);
	clearTimeout(timer);
}

function words(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.message || ("code" in error ? String(error.code) : error.name);
}
