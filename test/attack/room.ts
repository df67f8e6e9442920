import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type Attack, sweepArgs } from "./arena.js";

/** No room for a file: by a limit on its size, and on a full disk, which gets room while the sweep runs or after it. */
export const room: Attack = async function* (arena) {
	if (process.platform === "win32") return;
	arena.run("sweep", [...sweepArgs, "--out", "roomy"]);
	const digest = await arena.digest("roomy");
	const bad: string[] = [];
	const limits = [1, 2, 3, 4, 6, 8];
	for (const limit of limits) {
		const { status, stderr } = arena.run("sweep", [...sweepArgs, "--out", "full"], `ulimit -f ${limit}`);
		if (status !== 1 || !/^full\/(run.msgpack|surface.csv): .*\n$/.test(stderr))
			bad.push(`${limit}: ${status} ${stderr}`);
	}
	arena.run("sweep", [...sweepArgs, "--out", "full"]);
	if ((await arena.digest("full")) !== digest) bad.push("another digest");
	yield { attack: "files that may grow no further, then may", count: limits.length, bad };

	const disk = arena.path("disk");
	mkdirSync(disk);
	const mount = (options: string) => spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk]).status === 0;
	if (!mount("size=1m")) {
		yield { attack: "a full disk", count: 0, bad: [], note: "left out: mounting one takes root" };
		return;
	}
	try {
		yield { attack: "a full disk that gets room after the sweep", ...(await fullDisk(false)) };
		yield { attack: "a full disk that gets room while the sweep runs", ...(await fullDisk(true)) };
	} finally {
		spawnSync("umount", [disk]);
	}

	async function fullDisk(meanwhile: boolean): Promise<{ count: number; bad: string[] }> {
		const wrong: string[] = [];
		// What is left of a megabyte is from nothing to most of what a sweep writes.
		const fillings = [1024, 1020, 1016, 1012, 1008, 1000, 980, 900, 800];
		for (const filling of fillings) {
			rmSync(arena.path("disk", "run"), { recursive: true, force: true });
			writeFileSync(arena.path("disk", "filling"), new Uint8Array(filling * 1024));
			const timer = setTimeout(() => rmSync(arena.path("disk", "filling"), { force: true }), 900);
			if (!meanwhile) clearTimeout(timer);
			const { status, stderr } = await arena.start("sweep", [...sweepArgs, "--out", "disk/run"]);
			clearTimeout(timer);
			// With room in time it may have got through; what it must not do is end well without all points.
			if (status === 1 ? !/^disk\/run\S*: no space left on the device.*\n$/.test(stderr) : status !== 0)
				wrong.push(`${filling}: ${status} ${stderr}`);
			if (status === 0 && (await arena.digest("disk/run")) !== digest) wrong.push(`${filling}: points are missing`);
			rmSync(arena.path("disk", "filling"), { force: true });
			const again = arena.run("sweep", [...sweepArgs, "--out", "disk/run"]);
			if (again.status !== 0 || (await arena.digest("disk/run")) !== digest) wrong.push(`${filling}: ${again.stderr}`);
		}
		return { count: fillings.length, bad: wrong };
	}
};
