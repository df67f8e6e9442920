import { OptionError, QueueExecutor, type SweepOptions } from "../index.js";
import { machineThreads } from "../options/shared.js";

/** Who is to carry out a sweep, as the command line says it. */
export interface Carriers {
	/** The queue's address. */
	readonly queue: string | undefined;
	readonly verify: number | undefined;
	/** Of this process that take part in sweeps; with a queue none, unless it is said. */
	readonly threads: number | undefined;
	readonly tell: (line: string) => void;
}

/** Does what sweeps over a queue where there is one, and else with threads of its own. */
export async function overQueue<Result>(
	{ queue, verify, threads, tell }: Carriers,
	sweepWith: (options: Pick<SweepOptions, "executor" | "threads">) => Promise<Result>,
): Promise<Result> {
	if (queue === undefined) {
		if (verify !== undefined && verify > 0)
			throw new OptionError("verify", "expected --queue with it, whose workers it compares");
		return sweepWith(threads === undefined ? {} : { threads });
	}
	const executor = await QueueExecutor.open({
		address: queue,
		...(threads !== undefined && { threads: Math.min(threads, machineThreads) }),
		...(verify !== undefined && { verify }),
		onNotice: tell,
	});
	try {
		return await sweepWith({ executor });
	} finally {
		await executor.close();
	}
}
