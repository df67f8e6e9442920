import type { Assignment } from "../../src/sweep/pool.js";
import evaluate from "../../workers/evaluate.js";

const POINT_MS = 150;

/** The real worker with points that take their time, though none of the processor's. */
export default async function run(assignment: Assignment): ReturnType<typeof evaluate> {
	await new Promise((resolve) => setTimeout(resolve, POINT_MS * assignment.batch.count));
	return evaluate(assignment);
}
