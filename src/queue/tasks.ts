import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Batch } from "../sweep/executor.js";
import { keys, LEFT_S } from "./keys.js";
import type { Task } from "./ledger.js";
import { isSweepId } from "./sign.js";

/** How often a task is tried, in all. */
export const TRIES = 3;

/** What a job of BullMQ holds. */
export interface TaskData extends Batch {
	/** The worker that is not to take it: who has computed the points before, where they are computed twice. */
	readonly not?: string;
}

/** Puts tasks where workers take them. */
export async function addTasks(
	queue: Queue,
	tasks: readonly (Task & Pick<TaskData, "not">)[],
	{ first = false }: { readonly first?: boolean } = {},
): Promise<void> {
	if (tasks.length === 0) return;
	await queue.addBulk(
		tasks.map(({ id, first: point, count, not }) => ({
			name: "points",
			data: { first: point, count, ...(not !== undefined && { not }) } satisfies TaskData,
			opts: { jobId: id, attempts: TRIES, removeOnComplete: true, removeOnFail: false, lifo: first },
		})),
	);
}

/**
 * Which of some tasks nobody has and nobody can take any more: those that are gone, and those of which Redis has lost all but themselves,
 * as where a worker that took a sweep for over has removed its lists.
 */
export async function missingTasks(
	redis: Redis,
	{ keys: ofQueue }: Queue,
	id: string,
	tasks: readonly string[],
): Promise<string[]> {
	if (tasks.length === 0) return [];
	// At one moment: a task that is taken goes from list to list.
	const moment = redis.multi();
	for (const task of tasks) moment.exists(jobKey(id, task));
	for (const list of ["wait", "active", "paused"]) moment.lrange(ofQueue[list] ?? "", 0, -1);
	for (const set of ["delayed", "prioritized", "failed"]) moment.zrange(ofQueue[set] ?? "", "0", "-1");
	const answers = ((await moment.exec()) ?? []).map(([, answer]) => answer);
	const listed = new Set(answers.slice(tasks.length).flat());
	return tasks.filter((task, i) => answers[i] === 0 || !listed.has(task));
}

/** The tasks that some worker has taken. */
export async function activeTasks(redis: Redis, { keys: ofQueue }: Queue): Promise<readonly string[]> {
	return redis.lrange(ofQueue.active ?? "", 0, -1);
}

function jobKey(id: string, task: string): string {
	return `${keys.tasks}:${id}:${task}`;
}

/** What of a sweep lies in Redis besides its sign of life goes by itself where nobody renews this any more. */
export async function renewTasks(
	redis: Redis,
	{ keys: ofQueue }: Queue,
	id: string,
	tasks: readonly string[],
): Promise<void> {
	const pipeline = redis.pipeline();
	// BullMQ has one that goes within a second, and looks for lost tasks when it has gone.
	const lasting = Object.entries(ofQueue).filter(([name]) => name !== "stalled-check");
	for (const key of [...lasting.map(([, key]) => key), keys.results(id), keys.refusals(id)])
		pipeline.expire(key, LEFT_S);
	for (const task of tasks) pipeline.expire(jobKey(id, task), LEFT_S);
	await pipeline.exec();
}

/** Tasks that nobody will try any more, and why. */
export async function failedTasks(queue: Queue): Promise<{ readonly id: string; readonly reason: string }[]> {
	const jobs = await queue.getFailed(0, 10);
	return jobs.flatMap((job) => (job?.id === undefined ? [] : [{ id: job.id, reason: job.failedReason ?? "" }]));
}

/** Takes all of a sweep out of Redis. */
export async function removeSweep(redis: Redis, id: string): Promise<void> {
	await redis.srem(keys.sweeps, id);
	await redis.unlink(keys.sweep(id), keys.results(id), keys.refusals(id));
	// What is none of our ids might be a pattern, which others' keys match.
	if (!isSweepId(id)) return;
	let cursor = "0";
	do {
		const [next, found] = await redis.scan(cursor, "MATCH", `${keys.tasks}:${id}:*`, "COUNT", 1000);
		if (found.length > 0) await redis.unlink(...found);
		cursor = next;
	} while (cursor !== "0");
}
