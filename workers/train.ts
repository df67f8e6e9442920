import { workerData } from "piscina";
import { answering } from "../src/compute/worker-task.js";
import type { TrainMemory } from "../src/train/memory.js";
import { type ShardResult, type ShardTask, ShardTrainer } from "../src/train/shard.js";

const trainer = await ShardTrainer.create(workerData as TrainMemory);

/** Computes loss and gradient of a part of a batch into shared memory. */
export default answering((task: ShardTask): ShardResult => trainer.run(task));
