import { spawn, spawnSync } from "node:child_process";
import type { ExecutionContext } from "ava";
import { collect, type Finished } from "./fixtures.js";

/** `script` of util-linux makes a terminal; others of that name take other options. */
const canMake = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

/** Says in a line that a test was left out, where there is nothing that makes a terminal. */
export function withoutTerminal(t: ExecutionContext): boolean {
	if (!canMake) t.log("left out: there is no script of util-linux to make a terminal");
	if (!canMake) t.pass();
	return !canMake;
}

/** How a terminal is, and what it says of itself. */
export interface Terminal {
	readonly columns: number;
	readonly cwd: string;
	readonly environment?: NodeJS.ProcessEnv;
	/** Commands of the shell before ours, such as one that makes the terminal narrower after a while. */
	readonly before?: string;
}

/** Runs Node in a terminal of its own; what both outputs have written stands in `stdout`. */
export function runInTerminal(
	args: readonly string[],
	{ columns, cwd, environment = {}, before = "" }: Terminal,
): Promise<Finished> {
	const words = [process.execPath, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
	const command = `stty cols ${columns} rows 40; ${before} exec ${words.join(" ")}`;
	// Of whoever runs the tests nothing that says something of terminals is handed on: Node reads CI, TMUX and others for colours.
	const { PATH, HOME, TMPDIR } = process.env;
	const env = { PATH, HOME, TMPDIR, TERM: "xterm-256color", ...environment };
	return collect(spawn("script", ["-qec", command, "/dev/null"], { cwd, env })).finished;
}

/** What was drawn over, again and again, in one line: each state without the codes between. */
export function framesOf(output: string): string[] {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: codes of terminals begin with one
	return output.split(/[\r\n]+/).map((frame) => frame.replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, ""));
}
