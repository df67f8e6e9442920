import { answering } from "../src/compute/worker-task.js";
import { placeOf } from "../src/surface/surface.js";
import type { Job } from "../src/sweep/executor.js";
import { PointEvaluator } from "../src/sweep/point.js";
import type { Answer, Assignment } from "../src/sweep/pool.js";
import type { SharedProblem } from "../src/sweep/problem.js";

/** The job that this thread works on: a pool does one after another. */
let current: { readonly job: Job<SharedProblem>; readonly evaluator: PointEvaluator } | undefined;

async function take(job: Job<SharedProblem>): Promise<void> {
	current?.evaluator.release();
	current = undefined;
	current = { job, evaluator: await PointEvaluator.create(job.problem, job.problem.kernels) };
}

/** Evaluates a batch of points; null where this thread has not been sent their job. */
async function run({ digest, batch: { first, count }, job }: Assignment): Promise<Answer> {
	if (current?.job.digest !== digest) {
		if (job === undefined) return null;
		await take(job);
	}
	if (current === undefined) return null;
	const { job: known, evaluator } = current;
	const values: number[][] = [];
	for (let point = first; point < first + count; point++) values.push(await evaluator.evaluate(placeOf(known, point)));
	return { first, count, values: Float64Array.from(values.flat()) };
}

export default answering(run);
