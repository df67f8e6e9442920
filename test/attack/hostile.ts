import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../fixtures.js";
import { fuzz, targets } from "../formats/fuzz.js";
import type { Arena, Attack } from "./arena.js";

const [MOST_BYTES, MOST_MS] = [256e6, 5000];

/** Files that ask for much, and those of a folder: one line, within 5 s and max(256 MB, 4 × the file). */
export const hostile: Attack = async function* (arena, { folder }) {
	// Made in a process of its own: what a child is said to have used begins with what its parent had.
	const made = arena.path("bombs");
	spawnSync(process.execPath, [join(root, "dist", "test", "attack", "bombs.js"), made], { stdio: "inherit" });
	yield* attackWith(arena, made, "small files that ask for much");
	if (folder !== undefined && existsSync(folder)) yield* attackWith(arena, folder, "hostile files of a folder");
};

async function* attackWith(arena: Arena, folder: string, attack: string): ReturnType<Attack> {
	const bad: string[] = [];
	let [slowest, largest] = [0, 0];
	const names = readdirSync(folder).filter((name) => !name.endsWith(".md"));
	for (const name of names) {
		const { status, stderr, ms, bytes } = readOnce(arena, join(folder, name));
		const isLine = status === 0 || (status === 2 && stderr.trim().split("\n").length === 1 && stderr.length < 12_000);
		const most = Math.max(MOST_BYTES, 4 * statSync(join(folder, name)).size);
		if (!isLine || ms > MOST_MS || bytes > most)
			bad.push(`${name}: ${status} in ${Math.round(ms)} ms with ${Math.round(bytes / 1e6)} MB, ${stderr.slice(0, 80)}`);
		slowest = Math.max(slowest, ms);
		largest = Math.max(largest, bytes);
	}
	const note = `slowest ${(slowest / 1000).toFixed(1)} s, largest ${Math.round(largest / 1e6)} MB`;
	yield { attack: `${attack}: one line in 5 s`, count: names.length, bad, note };
}

interface Reading {
	readonly status: number | null;
	readonly stderr: string;
	readonly ms: number;
	/** The most memory that the process had. */
	readonly bytes: number;
}

function readOnce(arena: Arena, path: string): Reading {
	const tell = arena.path("memory.mjs");
	writeFileSync(
		tell,
		`import { writeSync } from "node:fs";
process.on("exit", () => writeSync(3, String(1024 * process.resourceUsage().maxRSS)));`,
	);
	const command = path.endsWith(".msgpack") ? ["render.js", path, "--out", arena.path("drawn")] : ["inspect.js", path];
	const nowhere = openSync("/dev/null", "w");
	const started = performance.now();
	const { status, stderr, output } = spawnSync(
		process.execPath,
		["--import", pathToFileURL(tell).href, join(root, "scripts", command[0] ?? ""), ...command.slice(1)],
		{ encoding: "utf8", timeout: 60_000, stdio: ["ignore", nowhere, "pipe", "pipe"] },
	);
	closeSync(nowhere);
	return { status, stderr, ms: performance.now() - started, bytes: Number(output[3]) || Number.POSITIVE_INFINITY };
}

/** Files of every format damaged at random: refused with an error of ours, or read, within 5 s. */
export const damaged: Attack = async function* (_arena, { mutations }) {
	for (const target of targets()) {
		const { failures, slowest } = fuzz(target, mutations);
		const note = `slowest ${Math.round(slowest)} ms`;
		const bad = slowest > MOST_MS ? [...failures, "one took longer than 5 s"] : failures;
		yield { attack: `damaged files: ${target.name}`, count: mutations, bad, note };
	}
};
