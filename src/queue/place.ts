import type { Job as BullJob, Worker as BullWorker } from "bullmq";
import type { Redis } from "ioredis";
import { isA, isListOf, isNumber, isObject, isOneOf, isText, isWhole } from "../check/values.js";
import { shardKinds } from "../curvature/shard.js";
import { checkDataset } from "../data/dataset.js";
import { FileFormatError } from "../errors.js";
import { checkGraph } from "../network/check.js";
import { parameterLayout } from "../network/parameters.js";
import { checkSection } from "../section/section.js";
import type { Job } from "../sweep/executor.js";
import type { Problem } from "../sweep/problem.js";
import type { ShardProblem } from "../sweep/shards.js";
import { isShards, type SharedWork, shareWork, type Work } from "../sweep/work.js";
import type { PayloadCache } from "./cache.js";
import { type Connection, within } from "./connection.js";
import { fetchArrays } from "./fetch.js";
import { identityOf, refusal } from "./identity.js";
import { keys, LEFT_S } from "./keys.js";
import { type InstalledLosses, lossNamed } from "./losses.js";
import { arraysOf, assemble } from "./manifest.js";
import { LONGEST_MANIFEST, originOf } from "./offer.js";
import type { SweepSign } from "./sign.js";
import { type TaskData, TRIES } from "./tasks.js";

/** A task that this process has. */
export type Taken = BullJob<TaskData>;

const ENDING_MS = 500;

/** Where a worker gets what sweeps need. */
export interface Supplies {
	readonly cache: PayloadCache | undefined;
	readonly losses: InstalledLosses;
	/** Jobs that are in the memory of this process, by the ids of their sweeps. */
	readonly jobs: ((id: string) => Job<Work> | undefined) | undefined;
}

/** A sweep that a worker takes part in: its tasks, and the job once all of it is here. */
export class Place {
	readonly id: string;
	/** What the checks of its results begin with. */
	readonly origin: string;
	readonly job: Job<SharedWork>;
	readonly #tasks: BullWorker;
	readonly #redis: Redis;

	private constructor(sign: SweepSign, job: Job<SharedWork>, tasks: BullWorker, redis: Redis) {
		this.id = sign.id;
		this.origin = originOf(sign.id, sign.identity);
		this.job = job;
		this.#tasks = tasks;
		this.#redis = redis;
	}

	/**
	 * Gets all that a sweep needs; this may take minutes.
	 *
	 * @returns why it can't take part, in words, where it can't
	 */
	static async open(
		connection: Connection,
		sign: SweepSign,
		supplies: Supplies,
		{ lockMs, signal }: { readonly lockMs: number; readonly signal: AbortSignal },
	): Promise<Place | string> {
		const odd = refusal(sign.identity, await identityOf(sign.identity.precision));
		if (odd !== null) return odd;
		const job = await jobOf(connection.redis, sign, supplies, signal);
		if (typeof job === "string") return job;
		const shared = { ...job, digest: sign.id, problem: await shareWork(job.problem) };
		const tasks = connection.tasks(sign.id, lockMs, TRIES);
		await tasks.startStalledCheckTimer();
		return new Place(sign, shared, tasks, connection.redis);
	}

	/** A task, where there is one. */
	async take(token: string): Promise<Taken | undefined> {
		return (await this.#tasks.getNextJob(token, { block: false })) as Taken | undefined;
	}

	/** Hands in what came of a task: first the record, and only then is the task gone. Where its sweep is over, the record goes by itself. */
	async handIn(record: Buffer): Promise<void> {
		const list = keys.results(this.id);
		await this.#redis.multi().rpush(list, record).expire(list, LEFT_S).exec();
	}

	/** @param over whether the sweep is: then what this process may have left of it goes too */
	async close(over: boolean): Promise<void> {
		const { keys: ofQueue } = this.#tasks;
		await within(ENDING_MS, this.#tasks.close(true));
		if (over) await within(ENDING_MS, this.#redis.unlink(...Object.values(ofQueue)));
	}
}

async function jobOf(
	redis: Redis,
	sign: SweepSign,
	{ cache, losses, jobs }: Supplies,
	signal: AbortSignal,
): Promise<Job<Work> | string> {
	const here = jobs?.(sign.id);
	if (here !== undefined || cache === undefined) return here ?? "has none of its payloads";
	const { manifest: digest, manifestBytes, payloadBytes } = sign;
	if (manifestBytes > LONGEST_MANIFEST) return `takes no manifest of ${megabytes(manifestBytes)}`;
	if (payloadBytes > cache.limit)
		return `keeps ${megabytes(cache.limit)}, where the sweep has ${megabytes(payloadBytes)}; --cache-size allows more`;
	const text = { kind: "Uint8Array", digest, length: manifestBytes, byteLength: manifestBytes } as const;
	const manifest = await fetchArrays(redis, cache, [text], signal);
	const json = Buffer.from(Uint8Array.from(manifest.get(digest) ?? [])).toString("utf8");
	const named = arraysOf(json);
	const bytes = named.reduce((sum, { byteLength }) => sum + byteLength, manifestBytes);
	if (bytes > payloadBytes) return `takes no manifest that names more than its sweep says`;
	const arrays = await fetchArrays(redis, cache, named, signal);
	const job = assemble(json, (each) => {
		const array = arrays.get(each.digest);
		if (array === undefined || array.length !== each.length) throw new FileFormatError("queue", "expected an array");
		return array;
	});
	return checked(job, losses);
}

/** What has come over the network is what it says it is, before any thread sees it. */
function checked(value: unknown, installed: InstalledLosses): Job<Work> | string {
	isObject("a job", {
		digest: isText,
		grid: isObject("a grid", {}),
		extras: isListOf(isListOf(isNumber)),
		problem: isObject("a problem", { loss: isText, precision: isText }),
	})("job", value);
	const job = value as Job<Work>;
	const { problem } = job;
	checkGraph("job.problem.graph", problem.graph);
	checkDataset("job.problem.data", problem.data);
	if (isShards(problem)) checkShards(problem);
	else checkPoints(problem);
	const loss = lossNamed(problem.loss, installed);
	if (loss === undefined) return `has no loss ${String(problem.loss).slice(0, 12)}…; --loss FILE.js installs one`;
	return { ...job, problem: { ...problem, loss } };
}

function checkPoints(problem: Problem): void {
	isObject("a problem", { probes: isListOf(isText, 1), batchNorm: isText })("job.problem", problem);
	checkSection("job.problem.section", problem.section);
	if (problem.calibrationData !== undefined) checkDataset("job.problem.calibrationData", problem.calibrationData);
}

function checkShards(problem: ShardProblem): void {
	const { length } = parameterLayout(problem.graph);
	const isVector = isA(`${length} parameters`, (value) => value instanceof Float32Array && value.length === length);
	const isStatistics = isA("a Float32Array", (value) => value instanceof Float32Array);
	isObject("parts of sums", {
		what: isOneOf(shardKinds),
		base: isText,
		still: isListOf(isText),
		cuts: isListOf(isWhole(0), 2),
		state: isObject("a state", { parameters: isVector, statistics: isStatistics }),
		vector: isA(
			`none, or ${length} numbers`,
			(value) => value instanceof Float32Array && [0, length].includes(value.length),
		),
	})("job.problem", problem);
	const { cuts, data } = problem;
	const odd = cuts.some((cut, i) => cut > data.samples || cut < (cuts[i - 1] ?? 0));
	if (odd)
		throw new FileFormatError("queue", `expected parts of ${data.samples} samples, got cuts at ${cuts.join(", ")}`);
}

function megabytes(bytes: number): string {
	return `${Math.ceil(bytes / 2 ** 20)} MB`;
}
