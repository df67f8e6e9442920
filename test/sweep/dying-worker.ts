import type { Assignment } from "../../src/sweep/pool.js";
import type { SharedProblem } from "../../src/sweep/problem.js";
import evaluate from "../../workers/evaluate.js";

/** How often a worker has died on row 1 so far, counted in memory that all workers share. */
interface Deaths {
	readonly deaths: Int32Array;
	readonly limit: number;
}

let counted: Deaths | undefined;

/** The real worker, but for the first tries at row 1 of seven points, on which it ends its thread. */
export default function run(assignment: Assignment): ReturnType<typeof evaluate> {
	if (assignment.job !== undefined) counted = assignment.job.problem as SharedProblem & Deaths;
	const { first } = assignment.batch;
	if (counted !== undefined && first === 7 && Atomics.add(counted.deaths, 0, 1) < counted.limit) process.exit(7);
	return evaluate(assignment);
}
