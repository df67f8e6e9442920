import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { root, run, temporaryDirectory } from "../fixtures.js";

/** A directory with runs in it: a plane, a line deeper down, and a file that is none. */
async function withRuns(t: ExecutionContext): Promise<string> {
	const cwd = await temporaryDirectory(t);
	const version1 = join(root, "test", "golden", "version-1");
	for (const [from, to] of [
		["plane", join("runs", "first")],
		["line", join("runs", "deeper", "second")],
	] as const) {
		await mkdir(join(cwd, to), { recursive: true });
		await cp(join(version1, `${from}.msgpack`), join(cwd, to, "run.msgpack"));
	}
	await mkdir(join(cwd, "runs", "damaged"));
	await writeFile(join(cwd, "runs", "damaged", "run.msgpack"), "nothing");
	return cwd;
}

async function dataOf(
	path: string,
): Promise<{ readonly kind: string; readonly runs: readonly { readonly name: string }[] }> {
	const html = await readFile(path, "utf8");
	return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? "");
}

test("open writes the page of a run beside it, and of several where it is told to", async (t) => {
	const cwd = await withRuns(t);
	const one = await run("open.js", [join("runs", "first"), "--no-browser"], cwd);
	t.is(one.code, 0, one.stderr);
	t.is(one.stdout, `${join("runs", "first", "viewer.html")}\n`);
	t.like(await dataOf(join(cwd, "runs", "first", "viewer.html")), { kind: "viewer" });
	const runs = [join("runs", "first"), join("runs", "deeper", "second", "run.msgpack")];
	const unsaid = await run("open.js", [...runs, "--no-browser"], cwd);
	t.is(unsaid.code, 2);
	t.regex(unsaid.stderr, /^--out: expected a file to write with several runs/);
	const two = await run("open.js", [...runs, "--no-browser", "--out", "beside.html"], cwd);
	t.is(two.code, 0, two.stderr);
	const { runs: shown } = await dataOf(join(cwd, "beside.html"));
	t.deepEqual(
		shown.map(({ name }) => name),
		["first", "second"],
	);
});

test("gallery finds runs at any depth, names what can't be read, and leaves it out", async (t) => {
	const cwd = await withRuns(t);
	const { code, stdout, stderr } = await run("gallery.js", ["runs", "--no-browser"], cwd);
	t.is(code, 0, stderr);
	t.is(stdout, `2 runs\n${join("runs", "gallery.html")}\n`);
	t.regex(stderr, /^left out: .*damaged.*not an isoloss run file/);
	const { kind, runs } = await dataOf(join(cwd, "runs", "gallery.html"));
	t.is(kind, "gallery");
	t.deepEqual(runs.map(({ name }) => name).sort(), [join("deeper", "second"), "first"]);
});

test("a directory without runs, and one that is not there, are refused by name", async (t) => {
	const cwd = await temporaryDirectory(t);
	const empty = await run("gallery.js", [".", "--no-browser"], cwd);
	t.is(empty.code, 2);
	t.regex(empty.stderr, /expected runs under it, found no run.msgpack that can be read/);
	const missing = await run("gallery.js", ["nowhere", "--no-browser"], cwd);
	t.is(missing.code, 2);
	t.regex(missing.stderr, /nowhere: expected a directory that can be read/);
	t.deepEqual(await readdir(cwd), []);
});

test("a port that can't be one is refused before anything is computed", async (t) => {
	const cwd = await temporaryDirectory(t);
	for (const port of ["80", "65536", "8080.5", "http"]) {
		const { code, stderr } = await run("sweep.js", ["--live", port], cwd);
		t.is(code, 2);
		t.is(stderr, `--live: expected a port from 1024 to 65535, got "${port}"\n`);
	}
	t.deepEqual(await readdir(cwd), []);
});
