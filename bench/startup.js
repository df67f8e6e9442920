/**
 * How long a user of the command looks at nothing, and what a wrong number of threads costs: the time from the start of
 * `node scripts/sweep.js --threads N` to the first points shown in a terminal, for 1, 2 and 16 threads; then the default sweep
 * as a whole on 2 and on 16 threads, in turns.
 *
 * usage: node bench/startup.js [--rounds 3] [--starts 3] [--few 2] [--many 16] [--grid 25]
 *
 * The bar of progress is drawn only in a terminal; `script` of util-linux makes one, so that part runs on Linux.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine, median, report, runCommand } from "./measure.js";

const { values: options } = parseArgs({
	options: {
		rounds: { type: "string", default: "3" },
		starts: { type: "string", default: "3" },
		few: { type: "string", default: "2" },
		many: { type: "string", default: "16" },
		grid: { type: "string", default: "25" },
	},
});
const axis = `-1:1:${options.grid}`;
const grid = [`--x=${axis}`, `--y=${axis}`];

/** What the terminal shows, in its order. */
const marks = {
	"network announced, s": /parameters, \d+ samples/,
	"bar drawn, s": /0\/\d+ points/,
	"first points shown, s": /[1-9]\d*\/\d+ points/,
};

const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
let runs = 0;

const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}; the default network, ${options.grid}×${options.grid} points\n`);
await reportStarts();
console.log();
reportWholes();

async function reportStarts() {
	const counts = [...new Set([1, Number(options.few), Number(options.many)])];
	const starts = new Map(counts.map((threads) => [threads, []]));
	for (let round = 0; round < Number(options.starts); round++)
		for (const threads of counts) starts.get(threads).push(await start(threads));
	report(
		"startup",
		counts.map((threads) => {
			const middle = (key) => median(starts.get(threads).map((seen) => seen[key]));
			const names = [...Object.keys(marks), "points shown at first"];
			return { threads, ...Object.fromEntries(names.map((name) => [name, middle(name)])) };
		}),
	);
}

/** Starts a sweep in a terminal and ends it when it has shown its first points: the seconds until each mark. */
function start(threads) {
	const script = fileURLToPath(new URL("../scripts/sweep.js", import.meta.url));
	const words = [process.execPath, script, `--threads=${threads}`, ...grid, `--out=run-${++runs}`];
	const command = `exec ${words.map((word) => `'${word}'`).join(" ")}`;
	const begin = performance.now();
	const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
	return new Promise((resolve, reject) => {
		const seen = {};
		let text = "";
		terminal.on("error", reject);
		terminal.on("close", () => {
			if ("points shown at first" in seen) resolve(seen);
			else reject(new Error(`no points were shown: ${text}`));
		});
		terminal.stdout.on("data", (chunk) => {
			text += chunk;
			for (const [name, mark] of Object.entries(marks))
				if (mark.test(text)) seen[name] ??= (performance.now() - begin) / 1000;
			const first = text.match(/([1-9]\d*)\/\d+ points/);
			if (first === null || "points shown at first" in seen) return;
			seen["points shown at first"] = Number(first[1]);
			// What runs in a terminal that goes away is hung up on.
			terminal.kill("SIGKILL");
		});
	});
}

function reportWholes() {
	const { few, many } = options;
	const results = new Map([few, many].map((threads) => [threads, []]));
	for (let round = 0; round < Number(options.rounds); round++)
		for (const threads of round % 2 === 0 ? [few, many] : [many, few]) {
			const args = [`--threads=${threads}`, ...grid, `--out=run-${++runs}`, "--quiet"];
			results.get(threads).push(runCommand("sweep", args, folder));
		}
	const middle = (threads, key) => median(results.get(threads).map((result) => result[key]));
	report(
		"startup-whole",
		[few, many].map((threads) => ({
			threads: Number(threads),
			"whole command, s": middle(threads, "seconds"),
			[`× ${few} threads`]: middle(threads, "seconds") / middle(few, "seconds"),
			"peak RSS, MB": middle(threads, "peak"),
		})),
	);
}
