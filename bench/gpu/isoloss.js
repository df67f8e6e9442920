import { emptySurface } from "../../dist/src/surface/surface.js";
import { missing } from "../../dist/src/sweep/plan.js";
import { PoolExecutor } from "../../dist/src/sweep/pool.js";
import { LEAST } from "./surface.js";

/**
 * The surface of a task by isoloss on so many threads, as `computeSurface` has it of the others: each thread computes a point
 * before, then clocks run over the whole grid.
 */
export async function sweepSurface({ problem, grid, places }, threads, limit) {
	const executor = new PoolExecutor({ threads });
	const job = { digest: "task", grid, extras: [], problem };
	const one = (first) => ({ first: first % places.length, count: 1 });
	for await (const _ of executor.run(
		job,
		Array.from({ length: threads }, (_, i) => one(i)),
	));
	const ready = performance.now();
	const spent = () => performance.now() - ready;
	const whole = missing(emptySurface({ grid, extras: [], fields: [], anchors: [], provenance: {} }), threads);
	const values = [];
	for await (const { first, values: some } of executor.run(job, whole)) {
		for (const [i, value] of some.entries()) values[first + i] = value;
		if (spent() > limit * 1000) break;
	}
	const surface = spent();
	let points = countOf(values);
	const again = Math.ceil(Math.min(LEAST, limit * 1000) / surface) - 1;
	for await (const { count } of executor.run(job, Array.from({ length: again }, () => whole).flat())) points += count;
	const answer = { ready, surface, values, points, spent: spent() };
	await executor.close();
	return answer;
}

/** Those that there are: the array has holes where time ran out. */
const countOf = (values) => values.filter((value) => value !== undefined).length;
