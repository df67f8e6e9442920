import { answering } from "../src/compute/worker-task.js";
import { type Differences, differencesOf } from "../src/kernels/differences.js";
import { answerOf, type StretchTask } from "../src/section/sums.js";

let current: { readonly count: number; readonly most: number; readonly sums: Differences } | undefined;

/** Sums over a stretch of vectors. */
export default answering((task: StretchTask): Float64Array => {
	const { count, most } = task;
	if (current?.count !== count || current.most !== most) current = { count, most, sums: differencesOf(count, most) };
	return answerOf(current.sums, task);
});
