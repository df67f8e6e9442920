import { answering } from "../src/compute/worker-task.js";
import type { Answer, Assignment } from "../src/sweep/pool.js";
import { evaluatorOf, type WorkEvaluator } from "../src/sweep/work.js";

/** What this thread works on: a pool does one job after another. */
let current: { readonly digest: string; readonly evaluator: WorkEvaluator } | undefined;

/** Evaluates a batch of points; null where this thread has not been sent their job. */
async function run({ digest, batch: { first, count }, job }: Assignment): Promise<Answer> {
	if (current?.digest !== digest) {
		if (job === undefined) return null;
		const before = current?.evaluator;
		current = undefined;
		current = { digest, evaluator: await evaluatorOf(job, before) };
	}
	const { evaluator } = current;
	const points: ArrayLike<number>[] = [];
	for (let point = first; point < first + count; point++) points.push(await evaluator.evaluate(point));
	const width = points[0]?.length ?? 0;
	const values = new Float64Array(width * count);
	for (const [i, point] of points.entries()) values.set(point, i * width);
	return { first, count, values };
}

export default answering(run);
