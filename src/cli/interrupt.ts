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

/** Does work that Ctrl-C, or a signal to end, stops in good order. */
export async function interruptible<T>(
	{ message, limitMs }: InterruptOptions,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	const stop = (signal: NodeJS.Signals) => {
		controller.abort(new Error(signal));
		if (limitMs === undefined) return;
		setTimeout(() => {
			if (message !== undefined) console.error(message);
			process.exit(130);
		}, limitMs).unref();
	};
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
	try {
		return await work(controller.signal);
	} catch (error) {
		if (!(error instanceof InterruptedError) || message === undefined) throw error;
		throw new InterruptedError(message, { cause: error });
	} finally {
		process.off("SIGINT", stop);
		process.off("SIGTERM", stop);
	}
}
