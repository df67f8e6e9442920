import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { root, run, start, temporaryDirectory } from "../fixtures.js";
import { onnxFile } from "../formats/onnx/onnx-file.js";

/** For tests that look at run files alone. */
const undrawn = ["--no-pictures", "--no-viewer", "--quiet"];
const small = ["--samples", "4", "--x=-1:1:31", "--y=-1:1:11", "--threads", "2", ...undrawn];
const posix = process.platform === "win32" ? test.skip : test.serial;

posix(
	"a file that may grow no further ends a sweep with one line, and what it holds goes on to the same digest",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const script = join(root, "scripts", "sweep.js");
		const limited = (blocks: number) =>
			spawnSync(
				"bash",
				["-c", `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, script, ...small, "--out", "cut"],
				{
					cwd,
					encoding: "utf8",
				},
			);
		for (const blocks of [2, 3, 5]) {
			const { status, stderr } = limited(blocks);
			t.is(status, 1);
			t.is(stderr, "cut/run.msgpack: larger than a file may be here; what was kept before is usable\n");
			await readRun(join(cwd, "cut", "run.msgpack"));
			t.deepEqual(await readdir(join(cwd, "cut")), ["run.msgpack"]);
		}
		t.is((await run("sweep.js", [...small, "--out", "cut"], cwd)).code, 0);
		t.is((await run("sweep.js", [...small, "--out", "whole"], cwd)).code, 0);
		const [cut, whole] = await Promise.all(["cut", "whole"].map((name) => readRun(join(cwd, name, "run.msgpack"))));
		t.is(cut && surfaceDigest(cut.surface), whole && surfaceDigest(whole.surface));
	},
);

/** Waits until a file is there. */
async function appears(path: string): Promise<void> {
	while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.serial("of two sweeps in one directory the second says who works there, and loses nothing", async (t) => {
	const cwd = await temporaryDirectory(t);
	// Three times as long as another takes to find it.
	const slow = ["--samples", "64", "--y=-1:1:9", "--threads", "1", ...undrawn, "--fresh", "--out", "both"];
	const first = start("sweep.js", slow, cwd);
	await appears(join(cwd, "both", "run.msgpack"));
	const second = await run("sweep.js", slow, cwd);
	t.is(second.code, 1);
	t.regex(
		second.stderr,
		new RegExp(`^both/run.msgpack: process ${first.child.pid} on ${hostname()} has been writing it since 20.*\n$`),
	);
	const { code } = await first.finished;
	t.is(code, 0);
	t.true((await readRun(join(cwd, "both", "run.msgpack"))).surface.done.every((mark) => mark === 1));
	t.false((await readdir(join(cwd, "both"))).some((name) => name.endsWith(".lock")));
});

test.serial("what killed processes left, a lock and unfinished files, is cleared away, and nothing else", async (t) => {
	const cwd = await temporaryDirectory(t);
	const directory = join(cwd, "left");
	await mkdir(directory);
	const gone = spawnSync(process.execPath, ["--version"]).pid;
	const since = new Date(0).toISOString();
	await writeFile(join(directory, "run.msgpack.lock"), JSON.stringify({ pid: gone, host: hostname(), since }));
	for (const name of ["run.msgpack", "surface.csv", "heatmap.png", "mine.txt"])
		await writeFile(join(directory, `${name}.${gone}.tmp`), "half");
	const { code, stderr } = await run("sweep.js", [...small, "--out", "left"], cwd);
	t.is(code, 0, stderr);
	const left = (await readdir(directory)).filter((name) => name.endsWith(".tmp") || name.endsWith(".lock"));
	t.deepEqual(left, [`mine.txt.${gone}.tmp`]);
});

test.serial("a lock that says nothing, of a process killed before it could, keeps nobody out for long", async (t) => {
	const cwd = await temporaryDirectory(t);
	await mkdir(join(cwd, "run"));
	const lock = join(cwd, "run", "run.msgpack.lock");
	await writeFile(lock, "");
	const args = ["--samples", "4", "--x=-1:1:3", "--y", "none", "--threads", "1", "--quiet", "--out", "run"];
	const soon = await run("sweep.js", args, cwd);
	t.is(soon.code, 1);
	t.regex(soon.stderr, /run\.msgpack: another process has been writing it/);
	await utimes(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
	t.is((await run("sweep.js", args, cwd)).code, 0);
});

test.serial("a lock of another machine is kept to", async (t) => {
	const cwd = await temporaryDirectory(t);
	await mkdir(join(cwd, "far"));
	const lock = join(cwd, "far", "run.msgpack.lock");
	const text = JSON.stringify({ pid: 1, host: "elsewhere.example", since: new Date(0).toISOString() });
	await writeFile(lock, text);
	const { code, stderr } = await run("sweep.js", [...small, "--out", "far"], cwd);
	t.is(code, 1);
	t.regex(
		stderr,
		/process 1 on elsewhere.example has been writing it since 1970-.*remove far\/run.msgpack.lock if it is gone/,
	);
	t.is(await readFile(lock, "utf8"), text);
});

posix("a directory taken away during a sweep is an error, not a success without files", async (t) => {
	const cwd = await temporaryDirectory(t);
	const { finished } = start(
		"sweep.js",
		["--samples", "64", "--y=-1:1:5", "--threads", "1", ...undrawn, "--out", "gone"],
		cwd,
	);
	await appears(join(cwd, "gone", "run.msgpack"));
	await rm(join(cwd, "gone"), { recursive: true });
	const { code, stderr } = await finished;
	t.is(code, 1);
	t.is(stderr, "gone/run.msgpack: no such file; what was kept before is usable\n");
	t.deepEqual(await readdir(cwd), []);
});

test("names in files of others move no cursor and turn no text, on standard output either", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeFile(join(cwd, "t.csv"), "a,y\n1,\x1b[31mred\n2,\u202edet\u009b\n");
	const { code, stdout } = await run("inspect.js", ["t.csv"], cwd);
	t.is(code, 0);
	t.true(stdout.includes("2 classes: \\x1b[31mred (1), \\u202edet\\x9b (1)"), stdout);
	const json = (await run("inspect.js", ["t.csv", "--json"], cwd)).stdout;
	t.notRegex(json.replaceAll(/[\n\t]/g, ""), /[\p{Cc}\u202e]/u);
	t.is((JSON.parse(json) as { classes: { name: string }[] }).classes[1]?.name, "\u202edet\u009b");
	await writeFile(join(cwd, "net.onnx"), onnxFile([4], [{ op: "Relu", inputs: ["x"], outputs: ["\x1b]0;title\x07"] }]));
	t.true((await run("inspect.js", ["net.onnx"], cwd)).stdout.includes("\\x1b]0;title\\x07"));
});

posix("a run file that is a directory, and a device that takes nothing, end with one line and exit 1", async (t) => {
	const cwd = await temporaryDirectory(t);
	await mkdir(join(cwd, "run", "run.msgpack"), { recursive: true });
	const directory = await run("sweep.js", [...small, "--out", "run"], cwd);
	t.is(directory.code, 1);
	t.is(directory.stderr, "run/run.msgpack: is a directory; expected a file; what was kept before is usable\n");
	const disk = join(cwd, "disk");
	await mkdir(disk);
	if (spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", disk]).status !== 0)
		return t.log("left out: a device that takes nothing, which only root can mount");
	t.teardown(() => spawnSync("umount", [disk]));
	const readOnly = await run("sweep.js", [...small, "--out", "disk/run"], cwd);
	t.is(readOnly.code, 1);
	t.is(readOnly.stderr, "disk/run: the file system is read-only; what was kept before is usable\n");
});
