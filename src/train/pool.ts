import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { SHARDS, type TrainMemory } from "./memory.js";
import { type ShardResult, type ShardTask, ShardTrainer } from "./shard.js";

/** Carries out the shards of a step, in this thread or in others; their slots are filled when it resolves. */
export interface ShardRunner {
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

function inWorkers(memory: TrainMemory, size: number): ShardRunner {
	const pool = new Piscina<ShardTask, ShardResult>({
		filename: fileURLToPath(trainingWorker),
		minThreads: size,
		maxThreads: size,
		workerData: memory,
	});
	return {
		run: (tasks) => Promise.all(tasks.map((task) => pool.run(task))),
		close: () => pool.destroy(),
	};
}
