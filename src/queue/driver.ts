import { OptionError } from "../errors.js";

/** What talks to a queue: two packages, 8 MB, that only those who have several machines need. */
export interface Driver {
	readonly bullmq: typeof import("bullmq");
	readonly Redis: typeof import("ioredis").Redis;
}

/** @throws {OptionError} when they are not installed */
export async function loadDriver(): Promise<Driver> {
	try {
		const [bullmq, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]);
		return { bullmq, Redis };
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
		throw new OptionError(
			"queue",
			"expected the packages bullmq and ioredis, which only a queue needs: npm install bullmq ioredis (-g where isoloss is)",
		);
	}
}
