import { type SpawnSyncOptionsWithStringEncoding, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { root } from "../fixtures.js";

/** How often each attack is tried. */
export interface Counts {
	readonly kills: number;
	readonly mutations: number;
	readonly pairs: number;
	readonly signals: number;
	/** On a queue. */
	readonly faults: number;
	/** Of hostile files, besides those that are made here. */
	readonly folder: string | undefined;
}

/** What an attack finds: how many tries, and what went wrong. */
export interface Finding {
	readonly attack: string;
	readonly count: number;
	readonly bad: readonly string[];
	/** What was measured, or why it was left out. */
	readonly note?: string;
}

/** One way to hurt files or processes. It tells what it finds as it goes. */
export type Attack = (arena: Arena, counts: Counts) => AsyncIterable<Finding>;

export interface Ended {
	readonly status: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stderr: string;
}

/** An empty directory, and the commands of isoloss as real processes in it. */
export class Arena {
	readonly directory: string;

	constructor(directory: string) {
		this.directory = directory;
	}

	path(...parts: readonly string[]): string {
		return join(this.directory, ...parts);
	}

	bytes(name: string): Buffer {
		return readFileSync(this.path(name));
	}

	async digest(name: string): Promise<string> {
		return surfaceDigest((await readRun(this.path(name, "run.msgpack"))).surface);
	}

	/** @param before commands of bash that come first, such as `ulimit -f 4` */
	run(name: string, args: readonly string[], before?: string): Ended {
		const command = [process.execPath, this.script(name), ...args, "--quiet"];
		const options: SpawnSyncOptionsWithStringEncoding = { cwd: this.directory, encoding: "utf8" };
		return before === undefined
			? spawnSync(command[0] ?? "", command.slice(1), options)
			: spawnSync("bash", ["-c", `${before}; exec "$@"`, "attack", ...command], options);
	}

	/** Starts a command, and sends it a signal after some milliseconds where it still runs. */
	start(name: string, args: readonly string[], signal?: NodeJS.Signals, afterMs = 0): Promise<Ended> {
		const child = spawn(process.execPath, [this.script(name), ...args, "--quiet"], {
			cwd: this.directory,
			stdio: ["ignore", "ignore", "pipe"],
		});
		let stderr = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			stderr += text;
		});
		const timer = signal && setTimeout(() => child.kill(signal), afterMs);
		return new Promise((resolve) =>
			child.on("close", (status, signal) => {
				clearTimeout(timer);
				resolve({ status, signal, stderr });
			}),
		);
	}

	private script(name: string): string {
		return join(root, "scripts", `${name}.js`);
	}
}

export const sweepArgs = ["--samples", "64", "--x=-1:1:21", "--y=-1:1:15", "--threads", "2"];
export const trainArgs = [
	"--model",
	"mlp-32",
	"--samples",
	"4000",
	"--epochs",
	"6",
	"--snapshots",
	"20",
	"--threads",
	"2",
];
