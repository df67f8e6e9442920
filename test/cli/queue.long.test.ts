import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { type Finished, run, start, temporaryDirectory } from "../fixtures.js";
import { hasRedis, leftOut, RedisServer } from "../queue/redis.js";

/** Of a plane whose points take some milliseconds each. */
const small = ["--samples", "8", "--x=-1:1:21", "--y=-1:1:11", "--no-pictures", "--no-viewer", "--quiet"];

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const digestOf = async (cwd: string, out: string) =>
	surfaceDigest((await readRun(join(cwd, out, "run.msgpack"))).surface);

let known: string | undefined;

/** The digest of the same sweep without a queue. */
async function onOneMachine(t: ExecutionContext): Promise<string> {
	if (known !== undefined) return known;
	const cwd = await temporaryDirectory(t);
	const { code, stderr } = await run("sweep.js", [...small, "--out", "here"], cwd);
	t.is(code, 0, stderr);
	known = await digestOf(cwd, "here");
	return known;
}

/** A server with a password, a directory, and workers as processes of their own. */
async function farmFor(t: ExecutionContext) {
	const server = await RedisServer.start("--requirepass", "topsecret");
	t.teardown(() => server.stop());
	const cwd = await temporaryDirectory(t);
	const address = server.address.replace("redis://", "redis://:topsecret@");
	const worker = () => {
		const args = ["--queue", address, "--threads", "1", "--lock", "2", "--cache", "cache"];
		const started = start("worker.js", args, cwd);
		t.teardown(() => started.child.kill("SIGKILL"));
		return started;
	};
	return { address, cwd, worker };
}

/** Waits until a process has said something. */
async function said({ child }: ReturnType<typeof start>, pattern: RegExp): Promise<void> {
	let text = "";
	await new Promise<void>((resolve) =>
		child.stderr
			.on("data", (more: string) => {
				text += more;
				if (pattern.test(text)) resolve();
			})
			.on("end", resolve),
	);
}

if (!hasRedis) test.skip(leftOut, (t) => t.fail());
else {
	test.serial(
		"workers killed, paused and told to end, and a coordinator killed and called again, leave the digest as it is",
		async (t) => {
			const { address, cwd, worker } = await farmFor(t);
			const workers = [worker(), worker(), worker()] as const;
			const args = [...small.slice(0, -1), "--queue", address, "--verify", "2", "--out", "there"];
			const first = start("sweep.js", args, cwd);
			await said(first, /mnist-cnn/);
			await said(workers[0], /points\n/);
			workers[0].child.kill("SIGKILL");
			workers[1].child.kill("SIGSTOP");
			await later(300);
			first.child.kill("SIGKILL");
			await first.finished;
			const again = start("sweep.js", args, cwd);
			await later(2500);
			workers[1].child.kill("SIGCONT");
			const { code, stderr, stdout } = await again.finished;
			t.is(code, 0, stderr);
			t.regex(stderr, /^verified: 2 of 2 points have the same bits from two workers/m);
			t.is(await digestOf(cwd, "there"), await onOneMachine(t));
			// What a password was given for is told by nobody and kept nowhere.
			const kept = await readFile(join(cwd, "there", "run.msgpack"), "latin1");
			t.regex(kept, /--queue redis:\/\/\*\*\*@127\.0\.0\.1/);
			for (const text of [kept, stderr, stdout]) t.false(text.includes("topsecret"));
			for (const [i, signal] of (["SIGINT", "SIGTERM"] as const).entries()) workers[i + 1]?.child.kill(signal);
			const ends: Finished[] = [];
			for (const { finished } of workers.slice(1)) ends.push(await finished);
			for (const end of ends) {
				t.is(end.code, 0, end.stderr);
				t.regex(end.stderr, /^\d\d:\d\d:\d\d ended; .* points, .* points\/s/m);
				t.false(end.stderr.includes("topsecret"));
			}
		},
	);

	test.serial("a worker that is told to end in the middle gives its task back, and the sweep goes on", async (t) => {
		const { address, cwd, worker } = await farmFor(t);
		const [leaving, staying] = [worker(), worker()];
		const sweep = start("sweep.js", [...small, "--queue", address, "--json", "--out", "there"], cwd);
		await said(leaving, /points\n/);
		await later(300);
		leaving.child.kill("SIGTERM");
		const left = await leaving.finished;
		t.is(left.code, 0, left.stderr);
		const shown = await run("queue.js", ["--queue", address, "--json"], cwd);
		t.is(shown.code, 0, shown.stderr);
		const { sweeps, workers } = JSON.parse(shown.stdout);
		t.is(workers.length, 1);
		t.is(sweeps[0]?.name ?? "mnist-cnn", "mnist-cnn");
		const { code, stdout, stderr } = await sweep.finished;
		t.is(code, 0, stderr);
		t.is(JSON.parse(stdout).digest, await onOneMachine(t));
		const table = await run("queue.js", ["--queue", address], cwd);
		t.regex(
			table.stdout,
			/^redis:\/\/\*\*\*@127\.0\.0\.1:\d+: 0 sweeps, 1 worker with 1 thread; the server holds \d+ MB\n/,
		);
		staying.child.kill("SIGTERM");
		t.is((await staying.finished).code, 0);
	});
}

for (const [script, args, message] of [
	[
		"worker.js",
		["--queue", "redis://127.0.0.1:1"],
		/^--queue: expected a Redis server at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
	],
	[
		"queue.js",
		["--queue", "http://me:topsecret@host"],
		/^--queue: expected redis:\/\/HOST:PORT, or rediss:\/\/ with TLS.*, got "\*\*\*@host"$/,
	],
	["sweep.js", ["--verify", "3"], /^--verify: expected --queue with it/],
	["worker.js", ["--queue", "redis://127.0.0.1:1", "--loss", "none.js"], /^--loss: none\.js|none\.js: no such file/],
] as const)
	test(`${script} ${args.join(" ").replace(/\S*@/, "")} is answered with one line, and status 2`, async (t) => {
		const { code, stderr } = await run(script, args, await temporaryDirectory(t));
		t.is(code, 2, stderr);
		t.regex(stderr.trim(), message);
		t.is(stderr.trim().split("\n").length, 1);
		t.false(stderr.includes("topsecret"));
	});
