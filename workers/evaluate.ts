import { axisValue } from "../src/surface/surface.js";
import type { SweepMemory } from "../src/sweep/memory.js";
import { PointEvaluator } from "../src/sweep/point.js";
import type { Assignment, Finished } from "../src/sweep/pool.js";

/** Of the sweep that this thread works on: a pool does one after another. */
let current: { readonly id: number; readonly evaluator: PointEvaluator } | undefined;

async function evaluatorOf(memory: SweepMemory): Promise<PointEvaluator> {
	if (current?.id === memory.id) return current.evaluator;
	current?.evaluator.release();
	current = undefined;
	const evaluator = await PointEvaluator.create(memory, memory.kernels);
	current = { id: memory.id, evaluator };
	return evaluator;
}

/** Evaluates the points of a segment into shared memory, or the origin. */
export default async function run({ memory, task }: Assignment): Promise<Finished> {
	const evaluator = await evaluatorOf(memory);
	if (task === "origin") return { origin: evaluator.evaluate(0, 0) };
	const { x, y, values } = memory;
	const beta = y === null ? 0 : axisValue(y, task.row);
	for (let column = task.from; column < task.to; column++) {
		const index = task.row * x.steps + column;
		const { loss, metric } = evaluator.evaluate(axisValue(x, column), beta);
		values.loss[index] = loss;
		values.metric[index] = metric;
	}
	return task;
}
