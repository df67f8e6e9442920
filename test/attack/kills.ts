import { type Arena, type Attack, sweepArgs, trainArgs } from "./arena.js";

/** Sweeps and trainings killed with SIGKILL at random moments, and gone on with until they are done. */
export const kills: Attack = async function* (arena, { kills }) {
	arena.run("sweep", [...sweepArgs, "--out", "whole"]);
	const digest = await arena.digest("whole");
	const other: string[] = [];
	let killed = 0;
	for (let round = 0; killed < kills; round++) {
		const out = `cut${round}`;
		const count = await untilDone(arena, "sweep", [...sweepArgs, "--out", out], Math.min(4, kills - killed), 1500);
		if (count === undefined) other.push(`sweep ${round} failed`);
		else if ((await arena.digest(out)) !== digest) other.push(`sweep ${round} has another digest`);
		killed += Math.max(1, count ?? 0);
	}
	yield { attack: "sweeps killed and gone on with: digest", count: killed, bad: other };

	arena.run("train", [...trainArgs, "--out", "whole.safetensors"]);
	const changed: string[] = [];
	let stopped = 0;
	for (let round = 0; stopped < kills; round++) {
		const args = [...trainArgs, "--out", `cut${round}.safetensors`];
		const count = await untilDone(arena, "train", args, Math.min(4, kills - stopped), 2500);
		if (count === undefined) changed.push(`training ${round} failed`);
		else
			for (const ending of ["safetensors", "csv", "trajectory.msgpack"])
				if (!arena.bytes(`cut${round}.${ending}`).equals(arena.bytes(`whole.${ending}`)))
					changed.push(`training ${round}: other bytes in ${ending}`);
		stopped += Math.max(1, count ?? 0);
	}
	yield { attack: "trainings killed and gone on with: bytes", count: stopped, bad: changed };
};

/** How often it was killed until it was done; undefined when it failed. */
async function untilDone(
	arena: Arena,
	name: string,
	args: readonly string[],
	most: number,
	longest: number,
): Promise<number | undefined> {
	for (let killed = 0; ; killed++) {
		// Not from a generator of our own: when a kill comes is to differ from attack to attack.
		const after = 300 + Math.random() * longest;
		const { status } = await (killed < most ? arena.start(name, args, "SIGKILL", after) : arena.start(name, args));
		if (status !== null) return status === 0 ? killed : undefined;
	}
}
