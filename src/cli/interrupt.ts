import { InterruptedError } from "../errors.js";

export interface InterruptOptions {
	/** What an interruption says, in place of its own words. */
	readonly message?: string;
	/**
	 * How long interrupted work may take to end: after that the process ends without it. For work whose results are on disk as
	 * they come; one that keeps its state last has all the time it needs.
	 */
	readonly limitMs?: number;
}

/** Ctrl-C, a request to end, and a terminal that is closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const STATUS = 130;

/** Ends the process; its words come last, after whatever takes leave of the terminal. */
function endNow(message: string): never {
	process.on("exit", () => console.error(message));
	process.exit(STATUS);
}

/** What a signal does at the moment: where there is nothing to stop yet, or no longer, it ends the process. */
let onSignal: (signal: NodeJS.Signals) => void = () => endNow("interrupted before it began");

/** Listens to signals from now on, so that one in the first moments has the words and the status of all others. */
export function listenToSignals(): void {
	for (const signal of signals) process.on(signal, (received) => onSignal(received));
	// A closed terminal takes no more words; what is to be kept still is.
	process.stderr.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code !== "EIO" && error.code !== "EPIPE") throw error;
	});
}

/** From now on there is something that a signal ends, if only at once. */
export function beginWork(): void {
	onSignal = () => endNow("interrupted");
}

/** Does work that a signal stops in good order; a second one ends the process at once. */
export async function interruptible<T>(
	{ message, limitMs }: InterruptOptions,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	onSignal = (signal) => {
		if (controller.signal.aborted) endNow("interrupted again, and ended at once; what is on disk is kept");
		controller.abort(new Error(signal));
		if (limitMs !== undefined) setTimeout(() => endNow(message ?? "interrupted"), limitMs).unref();
	};
	try {
		return await work(controller.signal);
	} catch (error) {
		if (!(error instanceof InterruptedError) || message === undefined) throw error;
		throw new InterruptedError(message, { cause: error });
	} finally {
		if (!controller.signal.aborted) onSignal = () => endNow("interrupted when all was done");
	}
}
