import { Connection } from "./connection.js";
import { keys } from "./keys.js";
import type { SweepSign, WorkerSign } from "./sign.js";
import { readSweeps, readWorkers } from "./signs.js";

/** What there is on a queue. */
export interface QueueStatus {
	/** Of the server, without a password. */
	readonly address: string;
	readonly sweeps: readonly (Pick<
		SweepSign,
		"id" | "name" | "host" | "since" | "points" | "done" | "pointsPerSecond" | "failures" | "payloadBytes"
	> & {
		readonly precision: string;
		/** Names of workers that take part. */
		readonly workers: readonly string[];
		/** Why others don't, by their names. */
		readonly refusals: Readonly<Record<string, string>>;
	})[];
	readonly workers: readonly WorkerSign[];
	/** Bytes that the server's memory holds, of everybody. */
	readonly memory: number;
}

/**
 * Looks at a queue: sweeps and workers with their rates.
 *
 * @throws {OptionError} when the address is none, nobody answers there, or a package is not installed
 */
export async function readQueue(address: string): Promise<QueueStatus> {
	const connection = await Connection.open(address);
	try {
		const { redis } = connection;
		const [{ signs }, workers, info] = await Promise.all([readSweeps(redis), readWorkers(redis), redis.info("memory")]);
		const sweeps = await Promise.all(
			signs.map(async ({ identity, pid: _pid, manifest: _manifest, manifestBytes: _bytes, ...sign }) => ({
				...sign,
				precision: identity.precision,
				workers: workers.filter((worker) => worker.sweeps.includes(sign.id)).map(({ name }) => name),
				refusals: await redis.hgetall(keys.refusals(sign.id)),
			})),
		);
		const memory = Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
		return { address: connection.address, sweeps, workers, memory };
	} finally {
		await connection.close();
	}
}
