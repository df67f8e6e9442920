import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { Backend } from "../../src/compute/backend.js";
import { OptionError } from "../../src/errors.js";
import { root } from "../fixtures.js";

const library = pathToFileURL(join(root, "dist", "src", "index.js")).href;

/** A program of a user, after a sweep; what it prints, and how it ends. */
function programAfterSweep(lines: string) {
	const path = join(mkdtempSync(join(tmpdir(), "isoloss-")), "program.mjs");
	const sweep = "await sweep({ samples: 4, threads: 1, x: { min: 0, max: 1, steps: 2 }, y: null });";
	writeFileSync(
		path,
		`import { sweep, choosePrecision } from "${library}";\n${sweep}\nawait choosePrecision("fast");\n${lines}\n`,
	);
	return { path, ...spawnSync(process.execPath, [path], { encoding: "utf8" }) };
}

test("a program's own crash prints as its own", (t) => {
	const { status, stderr, path } = programAfterSweep('const fall = () => { throw new Error("my own"); };\nfall();');
	t.is(status, 1);
	t.regex(stderr, /program\.mjs:4\n.*my own.*\n\s+\^/, "the line of the program, marked");
	t.regex(stderr, /Error: my own\n\s+at fall \(/);
	t.true(stderr.startsWith(pathToFileURL(path).href), stderr);
});

test("a promise that nobody catches ends a program as without isoloss", (t) => {
	const { status, stderr } = programAfterSweep('Promise.reject(new Error("nobody"));\nawait new Promise(() => {});');
	t.is(status, 1);
	t.regex(stderr, /Error: nobody/);
	t.notRegex(stderr, /tfjs/);
});

test("nothing listens to the process after a sweep, but what the program itself has added", (t) => {
	const { stdout } = programAfterSweep(
		'process.on("uncaughtException", () => {});\nconsole.log(["uncaughtException", "unhandledRejection"].map((event) => process.listenerCount(event)).join());',
	);
	t.is(stdout.trim(), "1,0");
});

test("a thread has one backend, which computes in the mode that was asked for last", async (t) => {
	const backend = await Backend.start();
	t.is(await Backend.start(), backend);
	t.deepEqual(backend.choose("exact"), { precision: "exact", reason: null });
	t.deepEqual(backend.choose("fast"), { precision: "fast", reason: null });
	t.notThrows(() => backend.use({ precision: "exact", gradients: true }));
	t.notThrows(() => backend.use({ precision: "fast" }));
});

test("relaxed is refused, and not replaced, where the engine has none", async (t) => {
	const backend = await Backend.start();
	const relaxed = () => backend.choose("relaxed");
	if (Number(process.versions.node.split(".")[0]) >= 22) t.deepEqual(relaxed(), { precision: "relaxed", reason: null });
	else t.throws(relaxed, { instanceOf: OptionError, message: /^precision: relaxed can't be had: / });
});
