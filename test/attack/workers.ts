import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { WorkerPool } from "../../src/compute/worker-pool.js";
import { WorkerError } from "../../src/errors.js";
import { ends } from "../compute/worker-ends.js";
import type { Attack } from "./arena.js";

/** Besides those of the tests, which are quick: a worker that takes all memory, and one that calls itself for ever. */
const slowEnds = [
	["takes all memory", "export default () => { const all = []; for (;;) all.push(new Array(1e6).fill({})); };"],
	["calls itself without end", "const f = () => f() + 1;\nexport default () => f();"],
] as const;

/** Workers that die in every way: each task ends in one WorkerError, and the process goes on. */
export const workers: Attack = async function* (arena) {
	const bad: string[] = [];
	const all = [...ends.map(([name, module]) => [name, module] as const), ...slowEnds];
	for (const [number, [name, module]] of all.entries()) {
		const path = arena.path(`worker${number}.mjs`);
		writeFileSync(path, module);
		const pool = new WorkerPool<object, unknown>({ threads: 2, entry: pathToFileURL(path) });
		const tasks = Array.from({ length: 2 }, () => pool.run(() => ({}), "a task"));
		for (const outcome of await Promise.allSettled(tasks))
			if (outcome.status !== "rejected" || !(outcome.reason instanceof WorkerError))
				bad.push(`${name}: ${outcome.status === "rejected" ? outcome.reason : "done"}`);
		await pool.close();
	}
	yield { attack: "ways for workers to die: one WorkerError a task", count: all.length, bad };
};
