import { readRun } from "../../src/store/run.js";
import { type Attack, sweepArgs } from "./arena.js";

/** Two sweeps that begin in one directory at once. */
export const pairs: Attack = async function* (arena, { pairs }) {
	const bad: string[] = [];
	for (let round = 0; round < pairs; round++) {
		const args = [...sweepArgs, "--fresh", "--out", "both"];
		const both = await Promise.all([arena.start("sweep", args), arena.start("sweep", args)]);
		const codes = both.map(({ status }) => status).sort();
		const { surface } = await readRun(arena.path("both", "run.msgpack"));
		if (codes.join() !== "0,1" || surface.done.includes(0)) bad.push(`exit ${codes.join()}`);
	}
	yield { attack: "pairs of sweeps in one directory: one works, one is told", count: pairs, bad };
};
