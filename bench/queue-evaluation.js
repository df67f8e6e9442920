/** A worker thread's module for bench/queue.js: an evaluation of known duration, and nothing else. */
import { answering } from "../dist/src/compute/worker-task.js";

const milliseconds = Number(process.env.POINT_MS);
let digest;

export default answering(async ({ digest: wanted, batch: { first, count }, job }) => {
	if (wanted !== digest && job === undefined) return null;
	digest = wanted;
	if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds * count));
	return { first, count, values: new Float64Array(2 * count).fill(first) };
});
