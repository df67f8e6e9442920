import { WorkerPool } from "../compute/worker-pool.js";
import { SHARDS, type TrainMemory } from "./memory.js";
import { type ShardResult, type ShardTask, ShardTrainer } from "./shard.js";

/** Carries out the shards of a step, in this thread or in others; their slots are filled when it resolves. */
export interface ShardRunner {
	/** @throws {WorkerError} when a shard has failed on every try */
	run(tasks: readonly ShardTask[]): Promise<ShardResult[]>;
	close(): Promise<void>;
}

const trainingWorker = new URL("../../workers/train.js", import.meta.url);

/** @param threads more than there are shards are of no use */
export async function startShardRunner(memory: TrainMemory, threads: number): Promise<ShardRunner> {
	return threads === 1 ? inThisThread(memory) : inWorkers(memory, Math.min(threads, SHARDS));
}

async function inThisThread(memory: TrainMemory): Promise<ShardRunner> {
	const trainer = await ShardTrainer.create(memory);
	return {
		run: async (tasks) => tasks.map((task) => trainer.run(task)),
		close: async () => trainer.release(),
	};
}

/** A shard that is tried again gives the same values: it reads what no shard writes, and writes its own slot alone. */
function inWorkers(memory: TrainMemory, threads: number): ShardRunner {
	const pool = new WorkerPool<ShardTask, ShardResult>({ threads, entry: trainingWorker, workerData: memory });
	const name = ({ step, shard }: ShardTask) => `part ${shard + 1} of step ${step + 1}`;
	return {
		run: (tasks) => Promise.all(tasks.map((task) => pool.run(() => task, name(task)))),
		close: () => pool.close(),
	};
}
