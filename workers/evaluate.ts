import { workerData } from "piscina";
import { axisValue } from "../src/surface.js";
import { PointEvaluator } from "../src/sweep/evaluate.js";
import type { SweepMemory } from "../src/sweep/memory.js";
import type { Finished, Task } from "../src/sweep/pool.js";

const memory = workerData as SweepMemory;
const { x, y, values } = memory;
const evaluator = await PointEvaluator.create(memory, memory.kernels);

/** Evaluates the points of a segment into shared memory, or the origin. */
export default function run(task: Task): Finished {
	if (task === "origin") return { origin: evaluator.evaluate(0, 0) };
	const beta = y === null ? 0 : axisValue(y, task.row);
	for (let column = task.from; column < task.to; column++) {
		const index = task.row * x.steps + column;
		const { loss, accuracy } = evaluator.evaluate(axisValue(x, column), beta);
		values.loss[index] = loss;
		values.accuracy[index] = accuracy;
	}
	return task;
}
