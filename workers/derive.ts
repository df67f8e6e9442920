import { workerData } from "piscina";
import { answering } from "../src/compute/worker-task.js";
import type { CurvatureMemory } from "../src/curvature/memory.js";
import { ShardDeriver, type ShardResult, type ShardTask } from "../src/curvature/shard.js";

const deriver = await ShardDeriver.create(workerData as CurvatureMemory);

/** Computes derivatives of a part of the samples into shared memory. */
export default answering((task: ShardTask): ShardResult => deriver.run(task));
