import { OptionError, QueueExecutor } from "../index.js";
import { machineThreads } from "../options/shared.js";

/** Who is to compute, as the command line says it. */
export interface Carriers {
	/** The queue's address. */
	readonly queue: string | undefined;
	readonly verify: number | undefined;
	/** Of this process that take part; with a queue none, unless it is said. */
	readonly threads: number | undefined;
	readonly tell: (line: string) => void;
}

/** Does what computes over a queue where there is one, and else with threads of its own. */
export async function overQueue<Result>(
	{ queue, verify, threads, tell }: Carriers,
	work: (carriers: { readonly executor?: QueueExecutor; readonly threads?: number }) => Promise<Result>,
): Promise<Result> {
	if (queue === undefined) {
		if (verify !== undefined && verify > 0)
			throw new OptionError("verify", "expected --queue with it, whose workers it compares");
		return work(threads === undefined ? {} : { threads });
	}
	const executor = await QueueExecutor.open({
		address: queue,
		...(threads !== undefined && { threads: Math.min(threads, machineThreads) }),
		...(verify !== undefined && { verify }),
		onNotice: tell,
	});
	try {
		return await work({ executor });
	} finally {
		await executor.close();
	}
}
