import type { Assignment } from "../../src/sweep/pool.js";
import evaluate from "../../workers/evaluate.js";

/** The real worker with an error in the last place of every value, as of broken hardware. */
export default async function run(assignment: Assignment): ReturnType<typeof evaluate> {
	const answer = await evaluate(assignment);
	if ("result" in answer && answer.result !== null) {
		const bits = new BigInt64Array(answer.result.values.buffer);
		for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0n) ^ 1n;
	}
	return answer;
}
