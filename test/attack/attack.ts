import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { IsolossError } from "../../src/errors.js";
import { readRun } from "../../src/store/run.js";
import { parseRun } from "../../src/store/run-format.js";
import { readTrainingState, writeTrainingState } from "../../src/store/training-state.js";
import { readTrajectory } from "../../src/store/trajectory.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { root } from "../fixtures.js";
import { fuzz, targets } from "../formats/fuzz.js";
import { changedBits } from "../store/damage.js";

/**
 * Attacks on files and processes, with counts: too long for `npm test`, which has a short form of each.
 *
 *   node dist/test/attack/attack.js [--kills 30] [--mutations 2000] [--pairs 5] [--folder DIR, of hostile files]
 */
const { values } = parseArgs({
	options: {
		kills: { type: "string", default: "30" },
		mutations: { type: "string", default: "2000" },
		pairs: { type: "string", default: "5" },
		folder: { type: "string" },
	},
});

const directory = mkdtempSync(join(tmpdir(), "isoloss-attack-"));
const script = (name: string) => join(root, "scripts", `${name}.js`);
let failed = 0;

function tell(attack: string, count: number, bad: readonly string[], note = ""): void {
	failed += bad.length;
	const result = bad.length === 0 ? "none failed" : `${bad.length} FAILED: ${bad.slice(0, 3).join(" | ")}`;
	console.log(`${attack.padEnd(58)} ${String(count).padStart(7)}  ${result}${note && ` (${note})`}`);
}

function once(name: string, args: readonly string[], shell?: string) {
	const command = [process.execPath, script(name), ...args, "--quiet"];
	const options = { cwd: directory, encoding: "utf8" } as const;
	return shell === undefined
		? spawnSync(command[0] as string, command.slice(1), options)
		: spawnSync("bash", ["-c", `${shell}; exec "$@"`, "attack", ...command], options);
}

/** Starts a command, kills it after some time, again and again until it is done. */
async function withKills(name: string, args: readonly string[], kills: number, most: number): Promise<number> {
	for (let killed = 0; ; ) {
		const child = spawn(process.execPath, [script(name), ...args, "--quiet"], { cwd: directory, stdio: "ignore" });
		const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
		// Not from a generator of our own: when a kill comes is to differ from attack to attack.
		const timer = killed < kills ? setTimeout(() => child.kill("SIGKILL"), 300 + Math.random() * most) : undefined;
		const code = await ended;
		clearTimeout(timer);
		if (code !== null) return code === 0 ? killed : -1;
		killed += 1;
	}
}

const sweepArgs = ["--samples", "64", "--x=-1:1:21", "--y=-1:1:15", "--threads", "2"];
const trainArgs = ["--model", "mlp-32", "--samples", "4000", "--epochs", "6", "--snapshots", "20", "--threads", "2"];
const bytesOf = (name: string) => readFileSync(join(directory, name));

async function kills(): Promise<void> {
	const most = Number(values.kills);
	once("sweep", [...sweepArgs, "--out", "whole"]);
	const digest = surfaceDigest((await readRun(join(directory, "whole", "run.msgpack"))).surface);
	const bad: string[] = [];
	let killed = 0;
	for (let round = 0; killed < most; round++) {
		const count = await withKills("sweep", [...sweepArgs, "--out", `cut${round}`], Math.min(4, most - killed), 1500);
		if (count < 0) bad.push(`sweep ${round} failed`);
		else if (surfaceDigest((await readRun(join(directory, `cut${round}`, "run.msgpack"))).surface) !== digest)
			bad.push(`sweep ${round} has another digest`);
		killed += Math.max(1, count);
	}
	tell("sweeps killed with SIGKILL and gone on with: digest", killed, bad);
	once("train", [...trainArgs, "--out", "whole.safetensors"]);
	const wrong: string[] = [];
	let stopped = 0;
	for (let round = 0; stopped < most; round++) {
		const name = `cut${round}`;
		const count = await withKills(
			"train",
			[...trainArgs, "--out", `${name}.safetensors`],
			Math.min(4, most - stopped),
			2500,
		);
		if (count < 0) wrong.push(`training ${round} failed`);
		for (const ending of ["safetensors", "csv", "trajectory.msgpack"])
			if (count >= 0 && !bytesOf(`${name}.${ending}`).equals(bytesOf(`whole.${ending}`)))
				wrong.push(`training ${round}: other bytes in ${ending}`);
		stopped += Math.max(1, count);
	}
	tell("trainings killed with SIGKILL and gone on with: bytes", stopped, wrong);
}

/** Whether something is refused with one of our errors; what else it throws is a failure. */
async function believes(read: () => unknown): Promise<"refused" | "read" | Error> {
	try {
		await read();
		return "read";
	} catch (error) {
		return error instanceof IsolossError ? "refused" : (error as Error);
	}
}

async function flips(): Promise<void> {
	once("sweep", ["--samples", "4", "--x=-1:1:5", "--y=-1:1:5", "--threads", "1", "--out", "small"]);
	const run = bytesOf("small/run.msgpack");
	const plan = { model: "m" };
	const floats = new Float32Array(200).fill(0.5);
	await writeTrainingState(join(directory, "kept.msgpack"), plan, {
		resume: { step: 1, state: { parameters: floats, statistics: floats }, optimizer: { step: 1, vectors: [floats] } },
		history: { losses: [1], accuracies: [0.5], epochs: [] },
	});
	once("train", [
		"--model",
		"mlp-1",
		"--samples",
		"64",
		"--epochs",
		"1",
		"--snapshots",
		"1",
		"--batch-size",
		"64",
		"--out",
		"small.safetensors",
	]);
	const trajectory = bytesOf("small.trajectory.msgpack");
	const path = join(directory, "changed.msgpack");
	const reading = (bytes: Uint8Array, read: (path: string) => Promise<unknown>) => () => {
		writeFileSync(path, bytes);
		return read(path);
	};
	const kinds: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => () => unknown])[] = [
		["run", run, (bytes) => () => parseRun(bytes, "run")],
		["trajectory", trajectory, (bytes) => reading(bytes, readTrajectory)],
		["training's state", bytesOf("kept.msgpack"), (bytes) => reading(bytes, (at) => readTrainingState(at, plan))],
	];
	for (const [kind, bytes, read] of kinds) {
		const changed = changedBits(bytes.subarray(0, bytes.length));
		// Of a long file every bit of the first and last kilobytes, and every 97th between.
		const tried = changed.filter(([bit]) => bit < 65_536 || bit > changed.length - 65_536 || bit % 97 === 0);
		const bad: string[] = [];
		for (const [bit, each] of tried) {
			const outcome = await believes(read(each));
			if (outcome !== "refused") bad.push(`bit ${bit}: ${outcome instanceof Error ? outcome.message : outcome}`);
		}
		tell(`bits of a ${kind} changed, one by one: refused`, tried.length, bad);
		const cuts: string[] = [];
		for (let length = 0; length < bytes.length; length += 7) {
			const outcome = await believes(read(bytes.subarray(0, length)));
			if (outcome instanceof Error) cuts.push(`cut at ${length}: ${outcome.message}`);
		}
		tell(`a ${kind} cut off: refused, or read up to there`, Math.ceil(bytes.length / 7), cuts);
	}
}

async function noRoom(): Promise<void> {
	if (process.platform === "win32") return console.log("limits of files: left out, as Windows has none");
	const bad: string[] = [];
	const blocks = [1, 2, 3, 4, 6, 8];
	for (const limit of blocks) {
		const { status, stderr } = once("sweep", [...sweepArgs, "--out", "full"], `ulimit -f ${limit}`);
		if (status !== 1 || !/^full\/(run.msgpack|surface.csv): .*\n$/.test(stderr))
			bad.push(`${limit}: ${status} ${stderr}`);
	}
	const whole = surfaceDigest((await readRun(join(directory, "whole", "run.msgpack"))).surface);
	once("sweep", [...sweepArgs, "--out", "full"]);
	if (surfaceDigest((await readRun(join(directory, "full", "run.msgpack"))).surface) !== whole)
		bad.push("another digest");
	tell("files that may grow no further, then may", blocks.length, bad);
}

async function pairs(): Promise<void> {
	const bad: string[] = [];
	const most = Number(values.pairs);
	for (let round = 0; round < most; round++) {
		const args = [script("sweep"), ...sweepArgs, "--fresh", "--out", "both", "--quiet"];
		const both = [0, 1].map(
			() =>
				new Promise<number | null>((resolve) =>
					spawn(process.execPath, args, { cwd: directory, stdio: "ignore" }).on("exit", resolve),
				),
		);
		const codes = (await Promise.all(both)).sort();
		const { surface } = await readRun(join(directory, "both", "run.msgpack"));
		if (codes.join() !== "0,1" || surface.done.includes(0)) bad.push(`exit ${codes.join()}`);
	}
	tell("pairs of sweeps in one directory: one works, one is told", most, bad);
}

function hostile(): void {
	for (const target of targets()) {
		const { failures, slowest } = fuzz(target, Number(values.mutations));
		tell(`damaged files: ${target.name}`, Number(values.mutations), failures, `slowest ${Math.round(slowest)} ms`);
	}
	const { folder } = values;
	if (folder === undefined || !existsSync(folder)) return;
	const bad: string[] = [];
	const files = readdirSync(folder).filter((name) => !name.endsWith(".md"));
	for (const name of files) {
		const command = name.endsWith(".msgpack") ? "render" : "inspect";
		const { status, stderr, signal } = spawnSync(process.execPath, [script(command), join(folder, name)], {
			encoding: "utf8",
			timeout: 5000,
		});
		const isLine = status === 0 || (status === 2 && stderr.trim().split("\n").length === 1);
		if (!isLine) bad.push(`${name}: ${status ?? signal} ${stderr.slice(0, 80)}`);
	}
	tell("hostile files: one line, within 5 s", files.length, bad);
}

console.log(`${"attack".padEnd(58)} ${"count".padStart(7)}  result`);
try {
	await kills();
	await flips();
	await noRoom();
	await pairs();
	hostile();
} finally {
	rmSync(directory, { recursive: true });
}
process.exitCode = failed === 0 ? 0 : 1;
