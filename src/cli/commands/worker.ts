import { usualQueueAddress } from "../../check/queue-address.js";
import { QueueWorker } from "../../index.js";
import { listed } from "../../options/kinds.js";
import { usualCacheSize, usualLock, type WorkerCommandOptions, workerOptions } from "../../options/queue.js";
import { machineThreads } from "../../options/shared.js";
import { defineCommand } from "../command.js";
import { interruptible } from "../interrupt.js";
import { tell } from "../print.js";

/** How often it says what it does. */
const REPORT_MS = 60_000;

export const workerCommand = defineCommand<WorkerCommandOptions>({
	name: "worker",
	summary: "Takes part in the sweeps of a queue with this machine's threads, until it is stopped.",
	options: workerOptions,
	examples: [
		"--queue redis://127.0.0.1:6379",
		"--threads 8 --cache /scratch/isoloss --cache-size 20000",
		"--loss ./my-loss.js",
	],
	notes: "Ctrl-C gives its tasks back to the queue and ends it.",
	run: ({ options }) => interruptible({}, (signal) => run(options, signal)),
});

async function run({ quiet = false, ...options }: WorkerCommandOptions, signal: AbortSignal): Promise<void> {
	const say = (line: string) => {
		if (!quiet) tell(`${new Date().toTimeString().slice(0, 8)} ${line}`);
	};
	const threads = Math.min(options.threads ?? machineThreads, machineThreads);
	const worker = await QueueWorker.start({
		address: options.queue ?? usualQueueAddress,
		threads,
		...(options.cache !== undefined && { cache: options.cache }),
		cacheBytes: (options.cacheSize ?? usualCacheSize) * 2 ** 20,
		losses: listed(options.loss),
		lockMs: (options.lock ?? usualLock) * 1000,
		onNotice: say,
	});
	say(`worker ${worker.name}, ${threads} thread${threads === 1 ? "" : "s"}: waiting for sweeps`);
	const timer = setInterval(() => say(reported(worker)), REPORT_MS);
	await aborted(signal);
	clearInterval(timer);
	await worker.stop();
	say(`ended; ${reported(worker)}`);
}

function reported(worker: QueueWorker): string {
	const { sweeps, points, pointsPerSecond, failures } = worker.report;
	const counts = [
		`${sweeps} sweep${sweeps === 1 ? "" : "s"}`,
		`${points} points`,
		`${pointsPerSecond.toPrecision(3)} points/s`,
	];
	return [...counts, ...(failures > 0 ? [`${failures} failures`] : [])].join(", ");
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve());
	});
}
