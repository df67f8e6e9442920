import type { Assignment } from "../../src/sweep/pool.js";
import evaluate from "../../workers/evaluate.js";

/** The real worker, but for one point, at which it ends the whole process: as a system without memory does. */
export default function run(assignment: Assignment): ReturnType<typeof evaluate> {
	const { first, count } = assignment.batch;
	if (first <= 17 && 17 < first + count) process.kill(process.pid, "SIGKILL");
	return evaluate(assignment);
}
