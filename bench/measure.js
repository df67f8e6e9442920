import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

/** The middle one of some numbers. */
export function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Times competitors in turns, so that whatever else the machine does falls on all of them alike.
 *
 * @param {{name: string, run: () => unknown, repetitions?: number}[]} competitors
 * @param {number} repetitions rounds; a competitor with fewer of its own sits out the last ones
 * @param {number} turn milliseconds that a turn lasts at least: one that takes less runs several times, as it would in a sweep,
 *   and does not find the caches full of what the others left there
 * @returns {Promise<Map<string, number[]>>} each one's milliseconds a run, of all turns
 */
export async function turns(competitors, repetitions, turn = 0) {
	const times = new Map(competitors.map(({ name }) => [name, []]));
	const runs = new Map();
	for (const { name, run } of competitors) {
		runs.set(name, 1);
		if (turn === 0) continue;
		const start = performance.now();
		await run();
		runs.set(name, Math.max(1, Math.ceil(turn / (performance.now() - start))));
	}
	for (let round = 0; round < repetitions; round++) {
		for (const { name, run, repetitions: own = repetitions } of competitors) {
			if (round >= own) continue;
			const start = performance.now();
			for (let left = runs.get(name); left > 0; left--) await run();
			times.get(name).push((performance.now() - start) / runs.get(name));
		}
	}
	return times;
}

/**
 * The quickest of each one's turns: what the code takes. Where cores are shared with others, medians tell how busy those are, and
 * that slows code of many instructions more than native code of few.
 */
export async function quickest(competitors, repetitions, turn) {
	const times = await turns(competitors, repetitions, turn);
	return new Map([...times].map(([name, values]) => [name, Math.min(...values)]));
}

/** The median of each one's turns. */
export async function interleave(competitors, repetitions, turn) {
	const times = await turns(competitors, repetitions, turn);
	return new Map([...times].map(([name, values]) => [name, median(values)]));
}

/** Gives the engine's background compiler time to replace the code that was warmed up. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

export const machine = () => ({
	cpu: cpus()[0].model.trim(),
	cores: cpus().length,
	node: process.version,
	date: new Date().toISOString(),
});

/** Loaded before a command: says on descriptor 3, at its end, how much memory it held at most, in kB. */
const tellPeak = `
	import { writeSync } from "node:fs";
	import { isMainThread } from "node:worker_threads";
	if (isMainThread) process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));
`;

/**
 * Runs a command of the checkout to its end, as a user would.
 *
 * @param {string} name such as `sweep`
 * @param {readonly string[]} args
 * @param {string} directory where it is called
 * @returns {{seconds: number, peak: number}} how long it took, start and end included, and its peak RSS in MB
 */
export function runCommand(name, args, directory) {
	const script = fileURLToPath(new URL(`../scripts/${name}.js`, import.meta.url));
	const start = performance.now();
	const { status, output } = spawnSync(
		process.execPath,
		["--import", `data:text/javascript,${encodeURIComponent(tellPeak)}`, script, ...args],
		{ cwd: directory, stdio: ["ignore", "pipe", "pipe", "pipe"], encoding: "utf8" },
	);
	const seconds = (performance.now() - start) / 1000;
	if (status !== 0) throw new Error(`${name} ${args.join(" ")}: ${output[2]}`);
	return { seconds, peak: Number(output[3]) / 1024 };
}

/** Prints rows of equal keys as a table and writes them, with the machine and other facts, as JSON into results/. */
export function report(name, rows, facts = {}) {
	const columns = Object.keys(rows[0]);
	const text = [columns, ...rows.map((row) => columns.map((column) => format(row[column])))];
	const widths = columns.map((_, column) => Math.max(...text.map((line) => line[column].length)));
	for (const line of text)
		console.log(
			line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
		);
	mkdirSync(new URL("./results/", import.meta.url), { recursive: true });
	writeFileSync(
		new URL(`./results/${name}-${process.version}.json`, import.meta.url),
		`${JSON.stringify({ ...machine(), ...facts, rows }, null, "\t")}\n`,
	);
}

function format(value) {
	if (value === undefined || value === null) return "";
	if (typeof value !== "number") return String(value);
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
