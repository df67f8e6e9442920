import type { SweepMemory } from "../../src/sweep/memory.js";
import type { Assignment, Finished } from "../../src/sweep/pool.js";
import evaluate from "../../workers/evaluate.js";

/** How often a worker has died on row 1 so far, counted in memory that all workers share. */
interface Deaths {
	readonly deaths: Int32Array;
	readonly limit: number;
}

/** The real worker, but for the first tries at row 1, on which it ends its thread. */
export default function run(assignment: Assignment): Promise<Finished> {
	const { deaths, limit } = assignment.memory as SweepMemory & Deaths;
	const { task } = assignment;
	if (task !== "origin" && task.row === 1 && Atomics.add(deaths, 0, 1) < limit) process.exit(7);
	return evaluate(assignment);
}
