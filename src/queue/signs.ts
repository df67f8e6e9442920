import type { Redis } from "ioredis";
import { isRecord } from "../check/record.js";
import { keys, SIGN_LASTS_S } from "./keys.js";
import { isSweepId, type SweepSign, type WorkerSign } from "./sign.js";

const sweepFacts = {
	id: "string",
	name: "string",
	host: "string",
	pid: "number",
	since: "string",
	identity: "object",
	manifest: "string",
	manifestBytes: "number",
	payloadBytes: "number",
	points: "number",
	done: "number",
	pointsPerSecond: "number",
	failures: "number",
} as const satisfies Record<keyof SweepSign, string>;

const workerFacts = {
	name: "string",
	host: "string",
	pid: "number",
	since: "string",
	threads: "number",
	version: "string",
	node: "string",
	arch: "string",
	points: "number",
	pointsPerSecond: "number",
	failures: "number",
	sweeps: "object",
} as const satisfies Record<keyof WorkerSign, string>;

/** Tells that a sweep is there. */
export async function giveSweepSign(redis: Redis, sign: SweepSign): Promise<void> {
	await redis
		.multi()
		.sadd(keys.sweeps, sign.id)
		.set(keys.sweep(sign.id), JSON.stringify(sign), "EX", SIGN_LASTS_S)
		.exec();
}

/** Tells that a worker is there. */
export async function giveWorkerSign(redis: Redis, sign: WorkerSign): Promise<void> {
	await redis
		.multi()
		.sadd(keys.workers, sign.name)
		.set(keys.worker(sign.name), JSON.stringify(sign), "EX", SIGN_LASTS_S)
		.exec();
}

export async function takeWorkerSign(redis: Redis, name: string): Promise<void> {
	await redis.multi().srem(keys.workers, name).unlink(keys.worker(name)).exec();
}

/** Signs of life that there are, and names of those who have stopped to give any. */
interface Signs<Sign> {
	readonly signs: readonly Sign[];
	readonly gone: readonly string[];
}

/** The sweeps that are handed out. */
export async function readSweeps(redis: Redis): Promise<Signs<SweepSign>> {
	const isSweep = (sign: unknown): sign is SweepSign =>
		isSign(sign, sweepFacts) && isRecord(sign.identity) && isSweepId(String(sign.id));
	return readSigns(redis, keys.sweeps, keys.sweep, isSweep);
}

/** The workers that are there; those who are gone are forgotten. */
export async function readWorkers(redis: Redis): Promise<readonly WorkerSign[]> {
	const isWorker = (sign: unknown): sign is WorkerSign => isSign(sign, workerFacts) && Array.isArray(sign.sweeps);
	const { signs, gone } = await readSigns(redis, keys.workers, keys.worker, isWorker);
	if (gone.length > 0) await redis.srem(keys.workers, ...gone);
	return signs;
}

async function readSigns<Sign>(
	redis: Redis,
	all: string,
	keyOf: (name: string) => string,
	isOne: (sign: unknown) => sign is Sign,
): Promise<Signs<Sign>> {
	const names = await redis.smembers(all);
	if (names.length === 0) return { signs: [], gone: [] };
	const texts = await redis.mget(names.map(keyOf));
	const signs = texts.map((text) => (text === null ? undefined : parsed(text))).filter(isOne);
	return { signs, gone: names.filter((_, i) => texts[i] === null) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Others may write to the same server: what is read from it is looked at first. */
function isSign(sign: unknown, facts: Readonly<Record<string, string>>): sign is Readonly<Record<string, unknown>> {
	return isRecord(sign) && Object.entries(facts).every(([name, type]) => typeof sign[name] === type);
}
