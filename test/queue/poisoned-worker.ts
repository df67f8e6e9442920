import type { Assignment } from "../../src/sweep/pool.js";
import evaluate from "../../workers/evaluate.js";

/** The real worker, but for one point, at which it always fails. */
export default async function run(assignment: Assignment): ReturnType<typeof evaluate> {
	const { first, count } = assignment.batch;
	if (first <= 17 && 17 < first + count) return { failure: { message: "no memory for this point" } };
	return evaluate(assignment);
}
