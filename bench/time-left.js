/**
 * Whether the time left that a sweep shows is true: sweeps in a terminal, each moment's words beside the time that it then took. Of networks
 * whose points take 1 ms to a second, with statistics of batch normalisation measured anew, with eigenvalues at each point, on one
 * thread and on two, of planes and lines, and of a run that was stopped and taken up.
 *
 * usage: node bench/time-left.js [--only NAME]
 *
 * The bar is drawn only in a terminal; `script` of util-linux makes one, so this runs on Linux.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine, median, report } from "./measure.js";

const { values: options } = parseArgs({ options: { only: { type: "string" } } });

const corpus = (network) => {
	const folder = fileURLToPath(new URL(`../test/corpus/pytorch/${network}/`, import.meta.url));
	return [`--model=${folder}a.onnx`, `--data=${folder}data.npz`, "--samples=all"];
};
const plane = (steps) => [`--x=-1:1:${steps}`, `--y=-1:1:${steps}`];
const reestimated = ["--batch-norm=reestimate", "--calibration=all"];

/** A run that is taken up has been stopped so many seconds after its first points. */
const cases = [
	{ name: "default network, 25×25, 2 threads", args: [...plane(25), "--threads=2"] },
	{ name: "default network, 15×15, 1 thread", args: [...plane(15), "--threads=1"] },
	{ name: "default network, 25×25, taken up", args: [...plane(25), "--threads=2"], stopAfter: 8 },
	{ name: "1,000 samples, line of 41, 2 threads", args: ["--y=none", "--x=-1:1:41", "--samples=1000", "--threads=2"] },
	{
		name: "re-estimated ResNet-8, 31×31, 2 threads",
		args: [...corpus("resnet8"), ...reestimated, ...plane(31), "--threads=2"],
	},
	{ name: "transformer, 61×61, 1 thread", args: [...corpus("transformer"), ...plane(61), "--threads=1"] },
	{
		name: "eigenvalues of a VGG, 9×9, 2 threads",
		args: [...corpus("vgg"), ...plane(9), "--fields=loss,max-eigenvalue", "--threads=2"],
	},
];

/** Shares of the work from which on the words are judged, and seconds before the end at which whole seconds say no more. */
const [FROM, UNTIL] = [0.1, 3];

const folder = mkdtempSync(join(tmpdir(), "isoloss-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const { cpu, cores, node } = machine();
console.log(`${cpu}, ${cores} cores, Node ${node}\n`);
const rows = [];
for (const [i, { name, args, stopAfter }] of cases.entries()) {
	if (options.only !== undefined && !name.includes(options.only)) continue;
	const words = [...args, `--out=run-${i}`];
	if (stopAfter !== undefined) await shown(words, stopAfter);
	const before = loadavg()[0];
	const seen = await shown(words);
	// What else runs beside it begins and ends unforeseen.
	rows.push({ sweep: name, ...judged(seen), "load before": before, after: loadavg()[0] });
}
report("time-left", rows);

/** What a sweep shows: each state of its bar with the seconds from its start, and when it was taken away. */
function shown(args, stopAfter = Number.POSITIVE_INFINITY) {
	const script = fileURLToPath(new URL("../scripts/sweep.js", import.meta.url));
	const words = [process.execPath, script, ...args].map((word) => `'${word}'`).join(" ");
	const command = `stty cols 120 rows 40; exec ${words}`;
	const begin = performance.now();
	const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
	return new Promise((resolve, reject) => {
		const frames = [];
		let end;
		let all = "";
		terminal.on("error", reject);
		terminal.on("close", () => (frames.length > 0 ? resolve({ frames, end }) : reject(new Error(all))));
		terminal.stdout.on("data", (chunk) => {
			const text = String(chunk);
			const at = (performance.now() - begin) / 1000;
			all += text;
			for (const line of text.split("\r")) {
				const [, done, total] = /(\d+)\/(\d+) points/.exec(line) ?? [];
				if (total !== undefined) frames.push({ at, share: done / total, left: secondsOf(line) });
			}
			if (text.includes("\x1b[?25h")) end ??= at;
			const begun = frames.find(({ share }) => share > 0);
			// What runs in a terminal that goes away is hung up on.
			if (begun !== undefined && at > begun.at + stopAfter) terminal.kill("SIGKILL");
		});
	});
}

/** The seconds of "1 h 5 min left"; null where nothing is said of them. */
function secondsOf(line) {
	const [, hours = 0, minutes = 0, seconds = 0, left] =
		/(?:(\d+) h )?(?:(\d+) min ?)?(?:(\d+) s )?(left)/.exec(line) ?? [];
	return left === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** How far the words were off. */
function judged({ frames, end }) {
	const said = frames.filter(({ left }) => left !== null);
	const judged = said.filter(({ share, at }) => share >= FROM && end - at >= UNTIL);
	const factors = judged.map(({ left, at }) => Math.max(left, 0.5) / (end - at));
	const off = factors.map((factor) => Math.max(factor, 1 / factor));
	const silent = frames.filter(({ share, left }) => share >= FROM && left === null).length;
	return {
		"s in all": end - frames[0].at,
		"first said at, %": 100 * (said[0]?.share ?? Number.NaN),
		moments: off.length,
		"without words": silent,
		"median ×": median(off),
		"worst ×": Math.max(...off),
		"within 1.5, %": (100 * off.filter((factor) => factor <= 1.5).length) / off.length,
	};
}
