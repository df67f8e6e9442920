/**
 * Where everything lies in Redis, all of it under `isoloss:`. Groups that share a server and want nothing of each other take a database
 * each, `redis://host:6379/1`.
 *
 *   isoloss:sweeps              set of the ids of sweeps
 *   isoloss:sweep:ID            what is to be known of one, as JSON; goes where its coordinator gives no sign of life
 *   isoloss:sweep:ID:results    list of results on their way
 *   isoloss:sweep:ID:refusals   hash of workers, and why they take no part
 *   isoloss:tasks:ID:*          BullMQ's queue of its tasks
 *   isoloss:workers             set of the names of workers
 *   isoloss:worker:NAME         what is to be known of one, as JSON; goes likewise
 *   isoloss:wanted              set of the digests of payloads that some worker waits for
 *   isoloss:payload:DIGEST:N    part N of one; goes after some minutes
 *   isoloss:news                channel on which a coordinator says that there are tasks
 */
export const keys = {
	sweeps: "isoloss:sweeps",
	sweep: (id: string) => `isoloss:sweep:${id}`,
	results: (id: string) => `isoloss:sweep:${id}:results`,
	refusals: (id: string) => `isoloss:sweep:${id}:refusals`,
	tasks: "isoloss:tasks",
	workers: "isoloss:workers",
	worker: (name: string) => `isoloss:worker:${name}`,
	wanted: "isoloss:wanted",
	payload: (digest: string, part: number) => `isoloss:payload:${digest}:${part}`,
	news: "isoloss:news",
} as const;

/** How often who takes part gives a sign of life, and for how long it counts: some may be late. */
export const [SIGN_MS, SIGN_LASTS_S] = [2000, 15];

/** For how long what a sweep has left in Redis stays there where nobody ends it: an hour. */
export const LEFT_S = 3600;
