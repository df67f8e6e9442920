import { usualQueueAddress } from "../../check/queue-address.js";
import { type QueueStatus, readQueue } from "../../index.js";
import { type QueueCommandOptions, queueOptions } from "../../options/queue.js";
import { defineCommand } from "../command.js";
import { duration } from "../duration.js";
import { print, printJson } from "../print.js";
import { table } from "../table.js";

export const queueCommand = defineCommand<QueueCommandOptions>({
	name: "queue",
	summary: "Lists the sweeps that are handed out over a queue, and the workers that take part.",
	options: queueOptions,
	examples: ["--queue redis://127.0.0.1:6379", "--json"],
	async run({ options: { queue = usualQueueAddress, json = false } }) {
		const status = await readQueue(queue);
		if (json) printJson(status, "\t");
		else print(lines(status).join("\n"));
	},
});

function lines({ address, sweeps, workers, memory }: QueueStatus): string[] {
	const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
	return [
		`${address}: ${counted(sweeps.length, "sweep")}, ${counted(workers.length, "worker")} with ${counted(threads, "thread")}; the server holds ${Math.ceil(memory / 2 ** 20)} MB`,
		...(sweeps.length === 0 ? [] : ["", ...table([sweepHead, ...sweeps.map(sweepRow)])]),
		...(workers.length === 0 ? [] : ["", ...table([workerHead, ...workers.map(workerRow)])]),
		...sweeps.flatMap(({ id, refusals }) =>
			Object.entries(refusals).map(([worker, reason]) => `${worker} takes no part in ${id}: it ${reason}`),
		),
	];
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`;
}

const sweepHead = ["sweep", "network", "points", "of", "points/s", "workers", "failures", "left"];

function sweepRow(sweep: QueueStatus["sweeps"][number]): string[] {
	const { id, name, done, points, pointsPerSecond: rate, workers, failures } = sweep;
	const left = rate > 0 ? duration((points - done) / rate) : "";
	return [id, name, `${done}`, `${points}`, rate.toFixed(2), `${workers.length}`, `${failures}`, left];
}

const workerHead = ["worker", "threads", "sweeps", "points", "points/s", "failures", "isoloss", "node", "since"];

function workerRow(worker: QueueStatus["workers"][number]): string[] {
	const { name, threads, sweeps, points, pointsPerSecond: rate, failures, version, node, arch, since } = worker;
	const counts = [`${threads}`, `${sweeps.length}`, `${points}`, rate.toFixed(2), `${failures}`];
	return [name, ...counts, version, `${node} ${arch}`, since.slice(0, 19)];
}
