import { checkQueueAddress } from "../check/queue-address.js";
import { type Check, checkCall, isFunction, isPerhaps, isWhole } from "../check/values.js";
import { InterruptedError } from "../errors.js";
import type { BatchResult } from "../surface/surface.js";
import type { Batch, Executor, Job } from "../sweep/executor.js";
import type { Work } from "../sweep/work.js";
import { Connection, type Tell } from "./connection.js";
import { Desk } from "./desk.js";
import { readWorkers } from "./signs.js";
import { Supplier } from "./supply.js";
import { QueueWorker } from "./worker.js";

export interface QueueOptions {
	/** The Redis server, `redis://host:6379`, or `rediss://` with TLS; name and password may be in the environment. */
	readonly address: string;
	/** How many threads of this process take part; none where nothing is said. */
	readonly threads?: number;
	/** How many points are computed by two workers and compared bit by bit; none where nothing is said. */
	readonly verify?: number;
	/** Told what happens on the queue, a line each. */
	readonly onNotice?: (line: string) => void;
}

const checks = {
	address: checkQueueAddress,
	threads: isPerhaps(isWhole(1)),
	verify: isPerhaps(isWhole(0)),
	onNotice: isPerhaps(isFunction),
} satisfies Record<keyof QueueOptions, Check>;

/**
 * Carries out sweeps on other machines, each of which runs `isoloss worker`: over a queue of BullMQ on Redis. The values are those of a
 * pool, to the bit. Needs the packages bullmq and ioredis.
 */
export class QueueExecutor implements Executor<Work> {
	readonly slots: number;
	readonly #connection: Connection;
	readonly #supplier: Supplier;
	readonly #verify: number;
	readonly #tell: Tell;
	/** What is being carried out, by its id on the queue: for the threads of this process. */
	readonly #jobs = new Map<string, Job<Work>>();
	#local: QueueWorker | undefined;

	private constructor(connection: Connection, slots: number, { verify = 0 }: QueueOptions, tell: Tell) {
		this.#connection = connection;
		this.#supplier = new Supplier(connection.redis);
		this.#verify = verify;
		this.#tell = tell;
		this.slots = slots;
	}

	/** @throws {OptionError} when the address is none, nobody answers there, or a package is not installed */
	static async open(options: QueueOptions): Promise<QueueExecutor> {
		checkCall(options, checks);
		const tell = options.onNotice ?? (() => undefined);
		const { address, threads = 0 } = options;
		const connection = await Connection.open(address, tell);
		const workers = await readWorkers(connection.redis);
		const remote = workers.reduce((sum, worker) => sum + worker.threads, 0);
		tell(
			`queue ${connection.address}: ${counted(workers.length, "worker")}, ${counted(remote, "thread")}${threads > 0 ? `, and ${threads} here` : ""}`,
		);
		const executor = new QueueExecutor(connection, Math.max(1, remote + threads), options, tell);
		if (threads > 0)
			executor.#local = await QueueWorker.start({ address, threads, jobs: (id) => executor.#jobs.get(id) });
		return executor;
	}

	async *run(job: Job<Work>, batches: readonly Batch[], signal?: AbortSignal): AsyncGenerator<BatchResult> {
		if (batches.length === 0) return;
		const interruption = interruptionBy(signal);
		const settings = { verify: this.#verify, tell: this.#tell };
		const opening = Desk.open(this.#connection, this.#supplier, job, batches, settings);
		let desk: Desk | undefined;
		try {
			desk = await Promise.race([opening, interruption.happens]);
			this.#jobs.set(desk.id, job);
			while (!desk.finished) {
				const step = desk.step();
				step.catch(() => undefined);
				yield* await Promise.race([step, interruption.happens]);
			}
		} finally {
			interruption.end();
			if (desk === undefined) opening.then((late) => late.close()).catch(() => undefined);
			else {
				this.#jobs.delete(desk.id);
				await desk.close();
			}
		}
	}

	/** Ends the threads of this process, and the connection; the workers elsewhere go on with what others want of them. */
	async close(): Promise<void> {
		await this.#local?.stop();
		await this.#supplier.close();
		await this.#connection.close();
	}
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A promise that fails when a signal stops the work, and never succeeds. */
function interruptionBy(signal: AbortSignal | undefined): { readonly happens: Promise<never>; end(): void } {
	let fail: (error: unknown) => void = () => undefined;
	const happens = new Promise<never>((_, reject) => {
		fail = reject;
	});
	happens.catch(() => undefined);
	const abort = () => fail(new InterruptedError(undefined, { cause: signal?.reason }));
	if (signal?.aborted) abort();
	signal?.addEventListener("abort", abort);
	return { happens, end: () => signal?.removeEventListener("abort", abort) };
}
