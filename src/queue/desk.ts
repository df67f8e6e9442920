import type { Redis } from "ioredis";
import { OptionError, WorkerError } from "../errors.js";
import type { BatchResult } from "../surface/surface.js";
import type { Batch, Job } from "../sweep/executor.js";
import { nameOfBatch, type Work, widthOf } from "../sweep/work.js";
import type { Connection, Tell } from "./connection.js";
import { keys } from "./keys.js";
import { Ledger, type Task } from "./ledger.js";
import { Offer } from "./offer.js";
import { type FailureRecord, LONGEST_RECORD, RECORD_FACTS, unpackRecord } from "./record.js";
import type { Supplier } from "./supply.js";
import { activeTasks, failedTasks, missingTasks, TRIES } from "./tasks.js";
import { type Checked, Verification } from "./verification.js";

/** How long a result is waited for before other things are looked at, in seconds. */
const WAIT_S = 0.5;

/** Results that are taken at a time. */
const AT_ONCE = 100;

/** How often is looked for tasks that were lost, or that have failed for good. */
const AUDIT_MS = 2000;

/** A task that is out this many times as long as it should take, and at least so long, is handed out once more. */
const [OVERDUE_TIMES, OVERDUE_MS] = [10, 30_000];

/**
 * Where the results of one job come in. Each run of points is taken once, whatever comes twice, late, damaged or not at all: what is out
 * is looked for every two seconds, and handed out again where it is nowhere. Redis may lose all it has.
 */
export class Desk {
	readonly #job: Job<Work>;
	readonly #ledger: Ledger;
	readonly #offer: Offer;
	readonly #connection: Connection;
	readonly #incoming: Redis;
	readonly #verification: Verification;
	readonly #tell: Tell;
	/** Values a point. */
	readonly #width: number;
	/** Results that are good and on their way to whoever asked. */
	#ready: BatchResult[] = [];
	#nextAudit = performance.now() + AUDIT_MS;
	#begun = false;

	private constructor(
		job: Job<Work>,
		parts: {
			readonly ledger: Ledger;
			readonly offer: Offer;
			readonly connection: Connection;
			readonly verification: Verification;
			readonly tell: Tell;
			readonly width: number;
		},
	) {
		this.#job = job;
		this.#ledger = parts.ledger;
		this.#offer = parts.offer;
		this.#connection = parts.connection;
		this.#incoming = parts.connection.another();
		this.#verification = parts.verification;
		this.#tell = parts.tell;
		this.#width = parts.width;
	}

	/** @param verify how many points are computed twice */
	static async open(
		connection: Connection,
		supplier: Supplier,
		job: Job<Work>,
		batches: readonly Batch[],
		{ verify, tell }: { readonly verify: number; readonly tell: Tell },
	): Promise<Desk> {
		const width = await widthOf(job.problem);
		if (8 * width > LONGEST_RECORD - RECORD_FACTS)
			throw new OptionError(
				"queue",
				`expected at most ${Math.floor((LONGEST_RECORD - RECORD_FACTS) / 8)} values a result, got ${width}: compute such a network's derivatives on one machine`,
			);
		const ledger = new Ledger(batches);
		const verification = new Verification(batches, verify);
		const out = () => [...ledger.out, ...verification.out];
		const offer = await Offer.open(connection, supplier, job, { points: ledger.total, tell, out });
		return new Desk(job, { ledger, offer, connection, verification, tell, width });
	}

	/** Of the sweep. */
	get id(): string {
		return this.#offer.id;
	}

	get finished(): boolean {
		return this.#ledger.finished && this.#verification.finished && this.#ready.length === 0;
	}

	/**
	 * Hands tasks out, waits a while for results, and looks after what is out.
	 *
	 * @returns the results that have come, if any
	 * @throws {WorkerError} when a task has failed on every try, or two workers disagree
	 */
	async step(): Promise<BatchResult[]> {
		await this.#handOut();
		await this.#receive(WAIT_S);
		if (performance.now() >= this.#nextAudit) await this.#audit();
		await this.#handOut();
		const ready = this.#ready;
		this.#ready = [];
		return ready;
	}

	async #handOut(): Promise<void> {
		const idle = this.#ledger.out.length === 0;
		const tasks = this.#ledger.handOut(this.#offer.threads, performance.now());
		if (tasks.length === 0) return;
		await this.#offer.add(tasks);
		if (idle) await this.#offer.wake();
		if (!this.#begun && this.#offer.workers.length === 0)
			this.#tell(`no worker is at ${this.#connection.address} yet; isoloss worker --queue starts one`);
		this.#begun = true;
	}

	async #receive(seconds: number): Promise<void> {
		const list = keys.results(this.id);
		const first = seconds > 0 ? await this.#incoming.blpopBuffer(list, seconds) : null;
		const records = first === null ? [] : [first[1]];
		for (;;) {
			const more = await this.#incoming.lpopBuffer(list, AT_ONCE);
			if (more !== null) records.push(...more);
			if (more === null || more.length < AT_ONCE) break;
		}
		for (const record of records) await this.#take(record);
	}

	async #take(bytes: Uint8Array): Promise<void> {
		const received = unpackRecord(bytes, this.#offer.origin, this.#width);
		const worker = received.kind === "garbage" ? received.worker : received.record.worker;
		if (this.#offer.isRefused(worker)) return;
		if (received.kind === "garbage") return this.#refuse(worker, received.reason);
		if (received.kind === "failure") return this.#failed(received.record);
		const { record, values } = received;
		if (record.second) return this.#settle(this.#verification.compare(record));
		if (!this.#ledger.take(record, record.elapsed)) return;
		const { first, count } = record;
		this.#offer.done = this.#ledger.done;
		this.#offer.rate.add(count);
		const again = this.#verification.hold(record, { first, count, values });
		if (again === undefined) this.#ready.push({ first, count, values });
		else await this.#offer.add(again, true);
	}

	/** What a worker has sent is no result: nothing more is taken from it, and what it had is handed out again. */
	async #refuse(worker: string, reason: string): Promise<void> {
		this.#offer.failures++;
		await this.#offer.refuse(worker, `sent no result: ${reason}`);
		this.#nextAudit = performance.now();
	}

	#failed({ worker, failure, first, count }: FailureRecord): void {
		this.#offer.failures++;
		this.#tell(`${this.#nameOf({ first, count })} failed on ${worker}: ${failure}`);
		this.#nextAudit = performance.now();
	}

	/** @throws {WorkerError} when two workers have other bits */
	#settle(checked: Checked | undefined): void {
		if (checked === undefined) return;
		if (checked.kind === "agree") this.#ready.push(...checked.ready);
		else
			throw new WorkerError(
				this.#nameOf({ first: checked.point, count: 1 }),
				1,
				new Error(`${checked.workers.join(" and ")} have other bits: ${checked.values.join(" and ")}`),
			);
	}

	/** Looks for tasks that are nowhere, have failed for good, or are out for too long. */
	async #audit(): Promise<void> {
		const now = performance.now();
		this.#nextAudit = now + AUDIT_MS;
		const { redis } = this.#connection;
		const out = [...this.#ledger.out, ...this.#verification.out];
		const missing = await missingTasks(
			redis,
			this.#offer.queue,
			this.id,
			out.map(({ id }) => id),
		);
		await this.#failForGood(out);
		// Who has done a task puts the result there before the task goes: what is missing and has left none was lost.
		await this.#receive(0);
		const lost = out.filter(({ id }) => missing.includes(id));
		const overdue = await this.#overdue(now);
		const again = [...lost, ...overdue].flatMap(
			(task) => this.#verification.again(task) ?? this.#ledger.again(task, now) ?? [],
		);
		this.#offer.failures += again.length;
		await this.#offer.add(again, true);
		if (again.length > 0) await this.#offer.wake();
		this.#ready.push(...this.#verification.release(this.#offer.workers.map(({ name }) => name)));
	}

	/** Tasks that somebody has had for too long: it may hang. */
	async #overdue(now: number): Promise<Task[]> {
		const late = this.#ledger.overdue(now, OVERDUE_MS, OVERDUE_TIMES);
		if (late.length === 0) return [];
		const active = await activeTasks(this.#connection.redis, this.#offer.queue);
		// Once: a task that takes its worker with it must not find others without end.
		return late.filter(({ id }) => active.includes(id) && id.endsWith("-0"));
	}

	/** @throws {WorkerError} for a task that nobody will try any more */
	async #failForGood(out: readonly Task[]): Promise<void> {
		for (const { id, reason } of await failedTasks(this.#offer.queue)) {
			const task = out.find((each) => each.id === id);
			if (task === undefined) continue;
			const lost = /^job stalled more than/.test(reason);
			const words = lost ? "its worker was lost: killed, out of memory, or cut off" : reason;
			throw new WorkerError(this.#nameOf(task), TRIES, new Error(words));
		}
	}

	#nameOf(batch: Batch): string {
		return nameOfBatch(this.#job, batch);
	}

	/** Takes the job out of Redis; says what came of computing points twice. */
	async close(): Promise<void> {
		const told = this.#verification.summary();
		if (told !== undefined && this.finished) this.#tell(told);
		this.#connection.end(this.#incoming);
		await this.#offer.close();
	}
}
