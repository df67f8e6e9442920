import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { collect, root, start, temporaryDirectory, writeIdxDirectory } from "../fixtures.js";

const posix = process.platform === "win32" ? test.skip : test.serial;
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
	posix(`${signal} in any moment of a sweep ends it with one line and status 130`, async (t) => {
		const cwd = await temporaryDirectory(t);
		for (const moment of [150, 400, 1500]) {
			const { child, finished } = start("sweep.js", ["--threads", "2", "--quiet", "--out", "run"], cwd);
			await later(moment);
			child.kill(signal);
			const { code, stderr } = await finished;
			// Before Node has begun to run us, a signal ends the process as it ends any other.
			if (code === null) continue;
			t.is(code, 130, stderr);
			t.regex(stderr, /^interrupted(;| before it began).*\n$/, `after ${moment} ms`);
		}
	});

posix("a terminal that is closed stops a training as Ctrl-C does: its state is kept", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 400);
	const args = [
		"--data",
		"data",
		"--model",
		"mlp-16",
		"--batch-size",
		"8",
		"--epochs",
		"200",
		"--quiet",
		"--out",
		"a.safetensors",
	];
	const { child, finished } = start("train.js", args, cwd);
	while (!existsSync(join(cwd, "a.safetensors")) && child.exitCode === null) await later(5);
	child.kill("SIGHUP");
	const { code, stderr } = await finished;
	t.is(code, 130, stderr);
	t.regex(stderr, /^interrupted after step \d+ of 10000; the same command goes on from there\n$/);
	t.true(existsSync(join(cwd, "a.state.msgpack")));
});

/** A program whose work takes no notice of being stopped. */
const deaf = `
	import { interruptible, listenToSignals } from ${JSON.stringify(pathToFileURL(join(root, "dist", "src", "cli", "interrupt.js")).href)};
	listenToSignals();
	process.on("SIGTERM", () => console.log("received"));
	await interruptible({}, () => new Promise(() => setInterval(() => undefined, 1000) && console.log("ready")));
`;

posix("a second signal ends at once what the first could not stop", async (t) => {
	const { child, finished } = collect(spawn(process.execPath, ["--input-type=module", "--eval", deaf]));
	const said = () => new Promise((resolve) => child.stdout.once("data", resolve));
	await said();
	const received = said();
	child.kill("SIGTERM");
	await received;
	t.is(child.exitCode, null);
	child.kill("SIGINT");
	const { code, stderr } = await finished;
	t.is(code, 130);
	t.is(stderr, "interrupted again, and ended at once; what is on disk is kept\n");
});
