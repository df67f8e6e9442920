import { checkQueueAddress, usualQueueAddress } from "../check/queue-address.js";
import { type Kind, positive, text, whole } from "./kinds.js";
import { json, quiet, threads } from "./shared.js";
import type { Option, OptionTable } from "./table.js";

/** Of `isoloss worker`. */
export interface WorkerCommandOptions {
	readonly queue?: string;
	readonly threads?: number;
	readonly cache?: string;
	readonly cacheSize?: number;
	readonly loss?: string | readonly string[];
	readonly lock?: number;
	readonly quiet?: boolean;
}

/** Of `isoloss queue`. */
export interface QueueCommandOptions {
	readonly queue?: string;
	readonly json?: boolean;
}

const address: Kind<string> = {
	placeholder: "redis://host:port",
	parse: checkQueueAddress,
	check: checkQueueAddress,
};

/** The queue that a command is about; of `sweep` none where nothing is said. */
export const queue = (fallback?: string): Option<string> => ({
	...address,
	help: "Redis server over which workers on any machine take part, rediss:// with TLS; ISOLOSS_QUEUE_USER and ISOLOSS_QUEUE_PASSWORD are for it",
	group: "Running",
	...(fallback !== undefined && { fallback }),
});

export const verify: Option<number> = {
	...whole(0),
	help: "points, drawn at random, that two workers of a queue compute and whose bits are compared",
	group: "Running",
	fallback: "0",
};

/** Megabytes of a worker's cache. */
export const usualCacheSize = 4096;

/** Seconds after which tasks of a worker that gives no sign of life go to others. */
export const usualLock = 20;

export const workerOptions: OptionTable<WorkerCommandOptions> = {
	queue: queue(usualQueueAddress),
	threads,
	cache: {
		...text("dir"),
		help: "where networks and data that come over the queue are kept",
		group: "Payloads",
		fallback: "isoloss in $XDG_CACHE_HOME or ~/.cache",
	},
	cacheSize: {
		...positive,
		placeholder: "mb",
		help: "megabytes of them; a sweep that has more is refused",
		group: "Payloads",
		fallback: String(usualCacheSize),
	},
	loss: {
		...text("file.js"),
		repeats: true,
		help: "a loss of your own that sweeps may ask for, by what its file holds: no code comes over the queue",
		group: "Payloads",
	},
	lock: {
		...positive,
		placeholder: "seconds",
		help: "after how long without a sign of life of this worker its tasks go to others",
		group: "Running",
		fallback: String(usualLock),
	},
	quiet,
};

export const queueOptions: OptionTable<QueueCommandOptions> = { queue: queue(usualQueueAddress), json };
