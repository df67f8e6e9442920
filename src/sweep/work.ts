import { fieldsOf } from "../probe/index.js";
import { subjectOf } from "../probe/subject.js";
import { placeOf } from "../surface/surface.js";
import type { Batch, Job } from "./executor.js";
import { PointEvaluator } from "./point.js";
import { type Problem, type SharedProblem, shareProblem } from "./problem.js";
import { ShardEvaluator, type ShardProblem, type SharedShardProblem, shardWidth, shareShards } from "./shards.js";

/** What threads and machines can be given to do: points of a section, or parts of a computation's sums. */
export type Work = Problem | ShardProblem;

/** The same as the threads of one machine share it. */
export type SharedWork = SharedProblem | SharedShardProblem;

export function isShards<Points, Shards extends { readonly cuts: unknown }>(work: Points | Shards): work is Shards {
	return typeof work === "object" && work !== null && "cuts" in work;
}

/** Puts the arrays of some work into shared memory, each once however many threads there are. */
export function shareWork(work: Work): Promise<SharedWork> {
	return isShards(work) ? shareShards(work) : shareProblem(work);
}

/** How many values a point, or a part, has. */
export async function widthOf(work: Work): Promise<number> {
	return isShards(work) ? shardWidth(work) : fieldsOf(work.probes, await subjectOf(work)).length;
}

/** How errors call some of a job's points, or parts. */
export function nameOfBatch(job: Job<Work>, { first, count }: Batch): string {
	const { problem } = job;
	if (isShards(problem)) return `part ${first + 1} of ${problem.cuts.length - 1} of a ${problem.what}`;
	return `the batch of ${count} points from (${placeOf(job, first).join(", ")})`;
}

/** Carries out a job's points, or parts, in this thread. */
export interface WorkEvaluator {
	evaluate(number: number): Promise<ArrayLike<number>> | ArrayLike<number>;
	release(): void;
}

/**
 * @param before what has carried out another job, which is taken up where it serves this one too, and released where it does not
 */
export async function evaluatorOf(job: Job<SharedWork>, before?: WorkEvaluator): Promise<WorkEvaluator> {
	const { problem } = job;
	if (isShards(problem)) {
		const found = before instanceof ShardEvaluator && before.base === problem.base ? before : undefined;
		if (found === undefined) before?.release();
		const evaluator = found ?? (await ShardEvaluator.create(problem));
		evaluator.take(problem);
		return evaluator;
	}
	before?.release();
	const evaluator = await PointEvaluator.create(problem, problem.kernels);
	return { evaluate: (point) => evaluator.evaluate(placeOf(job, point)), release: () => evaluator.release() };
}
