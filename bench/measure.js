import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

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
 * @returns {Promise<Map<string, number>>} the median of each one's milliseconds
 */
export async function interleave(competitors, repetitions) {
	const times = new Map(competitors.map(({ name }) => [name, []]));
	for (let round = 0; round < repetitions; round++) {
		for (const { name, run, repetitions: own = repetitions } of competitors) {
			if (round >= own) continue;
			const start = performance.now();
			await run();
			times.get(name).push(performance.now() - start);
		}
	}
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

/** Prints rows of equal keys as a table and writes them, with the machine, as JSON into results/. */
export function report(name, rows) {
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
		`${JSON.stringify({ ...machine(), rows }, null, "\t")}\n`,
	);
}

function format(value) {
	if (value === undefined || value === null) return "";
	if (typeof value !== "number") return String(value);
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
