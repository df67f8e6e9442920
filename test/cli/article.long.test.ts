import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { run, start, temporaryDirectory } from "../fixtures.js";

test.serial(
	"one figure from scratch, interrupted and gone on with, and again without computing anything",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const args = ["--quick", "--only", "12", "--threads", "2", "--out", "a"];
		const interrupted = start("article.js", args, cwd);
		interrupted.child.stderr.on("data", (text: string) => {
			if (text.includes("surface of")) interrupted.child.kill("SIGINT");
		});
		const { code, stdout, stderr } = await interrupted.finished;
		t.is(code, 130, stderr);
		t.is(stdout, "");
		t.regex(stderr, /training of mnist-cnn-w0\.25, adam, batch size 64/);
		t.regex(stderr, /^interrupted; the same command goes on from there\n$/m);

		const first = await run("article.js", args, cwd);
		t.is(first.code, 0, first.stderr);
		t.notRegex(first.stderr, /training/);
		// The same function: a power of two rounds nothing, so filter normalisation leaves not even the last bit changed.
		t.regex(first.stdout, /^12\. The rescaling trap: borne out by this data\n/);
		t.regex(first.stdout, /with filter normalisation by 0 % at most; at the origin by 0 %\.$/m);
		t.regex(first.stdout, /\na.index\.html\n$/);
		const page = await readFile(join(cwd, "a", "index.html"), "utf8");
		t.true(page.includes('<section id="figure-12">'));
		t.is(page.match(/<img /g)?.length, 2);
		const networks = await readdir(join(cwd, "a", "networks"));
		t.is(networks.filter((name) => name.endsWith(".safetensors")).length, 2);
		const { mtimeMs } = await stat(join(cwd, "a", "networks", networks[0] ?? ""));

		const second = await run("article.js", args, cwd);
		t.is(second.code, 0, second.stderr);
		t.is(second.stderr, "");
		t.is(await readFile(join(cwd, "a", "index.html"), "utf8"), page);
		t.is((await stat(join(cwd, "a", "networks", networks[0] ?? ""))).mtimeMs, mtimeMs);
	},
);

const wrong: readonly [string, readonly string[], RegExp][] = [
	["a figure that there is not", ["--only", "1,16"], /^--only: expected figures from 1 to 15, got "16"/],
	["a figure that is no number", ["--only", "six"], /^--only: expected a whole number from 1, got "six"/],
	["no threads", ["--threads", "0"], /^--threads: expected a whole number from 1, got "0"/],
	["a seed that is no number", ["--seed", "-1"], /^--seed: expected a whole number from 0, got "-1"/],
	["a place that can't be written", ["--out", "/dev/null/x"], /^--out: expected a directory that can be written/],
	["an argument", ["12"], /too many arguments/],
];

for (const [name, args, message] of wrong) {
	test.serial(`one clear line and exit status 2 for ${name}`, async (t) => {
		const { code, stdout, stderr } = await run("article.js", ["--quick", ...args], await temporaryDirectory(t));
		t.is(code, 2, stderr);
		t.is(stdout, "");
		t.regex(stderr, message);
		t.is(stderr.trim().split("\n").length, 1, stderr);
	});
}
