import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Queue } from "bullmq";
import { sha256 } from "../exact/digest.js";
import { isProcess } from "../files/lock.js";
import { describeLoss } from "../objective/module.js";
import type { Job } from "../sweep/executor.js";
import type { Work } from "../sweep/work.js";
import { type Connection, type Tell, within } from "./connection.js";
import { type Identity, identityOf, identityText } from "./identity.js";
import { keys, SIGN_MS } from "./keys.js";
import type { Task } from "./ledger.js";
import { dismantle, type NumberArray } from "./manifest.js";
import { Rate } from "./rate.js";
import type { SweepSign, WorkerSign } from "./sign.js";
import { giveSweepSign, readSweeps, readWorkers } from "./signs.js";
import type { Supplier } from "./supply.js";
import { addTasks, removeSweep, renewTasks } from "./tasks.js";

/** How long taking a sweep out of Redis may take where that does not answer: the rest goes by itself. */
const ENDING_MS = 700;

/** Bytes of the longest manifest. */
export const LONGEST_MANIFEST = 256 << 20;

/** What of a sweep's sign does not change. */
type SteadySign = Omit<SweepSign, "done" | "pointsPerSecond" | "failures">;

/** A job that is handed out: its place in Redis, kept alive until it ends. */
export class Offer {
	readonly id: string;
	readonly queue: Queue;
	/** What its results' checks begin with. */
	readonly origin: string;
	/** Workers that are there and take part or may. */
	workers: readonly WorkerSign[] = [];
	readonly rate = new Rate();
	done = 0;
	failures = 0;
	readonly #connection: Connection;
	readonly #supplier: Supplier;
	readonly #payloads: ReadonlyMap<string, NumberArray>;
	readonly #sign: SteadySign;
	readonly #tell: Tell;
	readonly #refused = new Map<string, string>();
	readonly #out: () => readonly Task[];
	#timer: NodeJS.Timeout | undefined;

	private constructor(
		connection: Connection,
		supplier: Supplier,
		payloads: ReadonlyMap<string, NumberArray>,
		sign: SteadySign,
		{ tell, out }: { readonly tell: Tell; readonly out: () => readonly Task[] },
	) {
		this.id = sign.id;
		this.#connection = connection;
		this.#supplier = supplier;
		this.#payloads = payloads;
		this.#sign = sign;
		this.#tell = tell;
		this.#out = out;
		this.origin = originOf(sign.id, sign.identity);
		this.queue = connection.queue(sign.id);
	}

	/**
	 * @param out the tasks that are out
	 */
	static async open(
		connection: Connection,
		supplier: Supplier,
		job: Job<Work>,
		{ points, tell, out }: { readonly points: number; readonly tell: Tell; readonly out: () => readonly Task[] },
	): Promise<Offer> {
		const { manifest, arrays } = dismantle(portable(job));
		const text = Buffer.from(manifest);
		const payloads = new Map<string, NumberArray>([...arrays, [sha256(text), text]]);
		const sign = {
			id: `${job.digest.slice(0, 8)}-${randomUUID().slice(0, 8)}`,
			name: job.problem.graph.name,
			host: hostname(),
			pid: process.pid,
			since: new Date().toISOString(),
			identity: await identityOf(job.problem.precision),
			manifest: sha256(text),
			manifestBytes: text.length,
			payloadBytes: [...payloads.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
			points,
		};
		const offer = new Offer(connection, supplier, payloads, sign, { tell, out });
		await offer.#retireDead();
		await supplier.offer(payloads);
		await offer.beat();
		offer.#timer = setInterval(() => void offer.beat().catch(() => undefined), SIGN_MS);
		return offer;
	}

	/** Hands tasks out. */
	async add(tasks: readonly (Task & { readonly not?: string })[], first = false): Promise<void> {
		if (tasks.length === 0) return;
		await addTasks(this.queue, tasks, { first });
		await renewTasks(
			this.#connection.redis,
			this.queue,
			this.id,
			tasks.map(({ id }) => id),
		);
	}

	/** Says that there are tasks, to those who wait for some. */
	async wake(): Promise<void> {
		await this.#connection.redis.publish(keys.news, this.id);
	}

	/** How many threads take tasks: 1 where nobody is there yet. */
	get threads(): number {
		return Math.max(
			1,
			this.workers.reduce((sum, { threads }) => sum + threads, 0),
		);
	}

	/** Takes no more from a worker. */
	async refuse(worker: string, reason: string): Promise<void> {
		if (this.#refused.has(worker)) return;
		this.#refused.set(worker, reason);
		this.workers = this.workers.filter(({ name }) => name !== worker);
		this.#tell(`worker ${worker} takes no part: it ${reason}`);
		await this.#connection.redis.hset(keys.refusals(this.id), worker, reason);
	}

	isRefused(worker: string): boolean {
		return this.#refused.has(worker);
	}

	/** A sign of life, and a look at those of others. */
	async beat(): Promise<void> {
		const { redis } = this.#connection;
		const facts = { done: this.done, pointsPerSecond: this.rate.perSecond, failures: this.failures };
		await giveSweepSign(redis, { ...this.#sign, ...facts });
		for (const [worker, reason] of Object.entries(await redis.hgetall(keys.refusals(this.id)))) {
			if (this.#refused.has(worker)) continue;
			this.#refused.set(worker, reason);
			this.#tell(`worker ${worker} takes no part: it ${reason}`);
		}
		this.workers = (await readWorkers(redis)).filter(({ name }) => !this.#refused.has(name));
		await renewTasks(
			redis,
			this.queue,
			this.id,
			this.#out().map(({ id }) => id),
		);
	}

	/** Ends what coordinators of this machine that were killed have left, so that nobody works on it for nothing. */
	async #retireDead(): Promise<void> {
		const { redis } = this.#connection;
		const { signs, gone } = await readSweeps(redis);
		const dead = signs.filter(({ host, pid }) => host === hostname() && !isProcess(pid));
		for (const id of [...gone, ...dead.map(({ id }) => id)]) await removeSweep(redis, id);
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#supplier.withdraw(this.#payloads);
		await within(ENDING_MS, removeSweep(this.#connection.redis, this.id));
		await within(ENDING_MS, this.queue.close());
	}
}

/** What the checks of a sweep's results begin with. */
export function originOf(id: string, identity: Identity): string {
	return `${id} ${identityText(identity)}`;
}

/** A job that other machines can be sent. A loss of one's own is named by the digest of its module: no code travels. */
function portable({ digest, grid, extras, problem }: Job<Work>): object {
	const { loss } = problem;
	const named = loss.startsWith("file:") ? describeLoss(loss) : loss;
	return { digest, grid, extras, problem: { ...problem, loss: named } };
}
