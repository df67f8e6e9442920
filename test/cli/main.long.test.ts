import { execFile, spawn } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { oneLine } from "../../src/cli/report.js";
import { root, run, runIsoloss, temporaryDirectory } from "../fixtures.js";

const names = ["sweep", "render", "compare", "inspect", "train", "article"];

test("isoloss lists its commands, and each command's help names it as it was called", async (t) => {
	const { stdout, code } = await runIsoloss(["--help"], root);
	t.is(code, 0);
	for (const name of names) {
		t.regex(stdout, new RegExp(`^  ${name} `, "m"));
		t.regex((await runIsoloss([name, "--help"], root)).stdout, new RegExp(`^Usage: isoloss ${name} `));
		t.regex((await run(`${name}.js`, ["--help"], root)).stdout, new RegExp(`^Usage: node scripts/${name}.js `));
	}
	t.regex(stdout, /^Exit status: 0 done, 1 failed, 2 .*, 130 interrupted\.$/m);
	t.regex((await runIsoloss(["help", "train"], root)).stdout, /^Usage: isoloss train /);
});

test("help is no wider than 100 columns", async (t) => {
	for (const name of names) {
		const { stdout } = await runIsoloss([name, "--help"], root);
		t.deepEqual(
			stdout.split("\n").filter((line) => line.length > 100 && !line.includes("isoloss train ")),
			[],
			name,
		);
	}
});

for (const [what, args, message] of [
	["a command", ["swep"], 'isoloss: no such command "swep"; did you mean sweep?'],
	["a flag", ["sweep", "--sampels", "3"], "isoloss sweep: unknown option '--sampels'; did you mean --samples?"],
	[
		"a value",
		["sweep", "--norm", "filtre"],
		'--norm: expected one of filter, layer, weight, whole, none, got "filtre"; did you mean filter?',
	],
	["a shell", ["completion", "bsh"], 'completion: expected one of bash, zsh, fish, got "bsh"; did you mean bash?'],
] as const)
	test(`a typo in ${what} is answered with what was probably meant, and status 2`, async (t) => {
		const { code, stderr, stdout } = await runIsoloss(args, root);
		t.deepEqual({ code, stderr, stdout }, { code: 2, stderr: `${message}\n`, stdout: "" });
	});

test("who reads only the first line of help ends it quietly", async (t) => {
	for (const script of ["sweep.js", "train.js"]) {
		const child = spawn(process.execPath, [join(root, "scripts", script), "--help"]);
		let stderr = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			stderr += text;
		});
		child.stdout.destroy();
		const code = await new Promise((resolve) => child.on("close", resolve));
		t.deepEqual({ code, stderr }, { code: 0, stderr: "" });
	}
});

test("the version tells a program what is running", async (t) => {
	const { stdout } = await runIsoloss(["--version", "--json"], root);
	const { isoloss, node, platform, arch } = JSON.parse(stdout) as Record<string, string>;
	t.is(isoloss, (await runIsoloss(["--version"], root)).stdout.trim());
	t.deepEqual({ node, platform, arch }, { node: process.version, platform: process.platform, arch: process.arch });
});

const told = ["--no-pictures", "--quiet", "--json"];
const small = ["--samples", "4", "--x", "-1:1:3", "--y", "none", "--threads", "1", ...told];

test("a configuration file gives defaults, flags win over it, and --print-config says which is which", async (t) => {
	const cwd = await temporaryDirectory(t);
	const config = { sweep: { seed: 5, norm: "layer", x: "-1:1:3", y: null } };
	await writeFile(join(cwd, "isoloss.config.json"), JSON.stringify(config));
	const printed = JSON.parse((await runIsoloss(["sweep", "--seed", "7", "--print-config"], cwd)).stdout);
	t.deepEqual(printed, {
		sweep: { seed: 7, norm: "layer", x: { min: -1, max: 1, steps: 3 }, y: null },
		from: { seed: "flag", norm: "isoloss.config.json", x: "isoloss.config.json", y: "isoloss.config.json" },
	});
	const digest = async (args: readonly string[]) =>
		(JSON.parse((await runIsoloss(["sweep", ...args], cwd)).stdout) as { digest: string }).digest;
	const byFile = await digest(["--samples", "4", ...told, "--out", "a"]);
	await writeFile(join(cwd, "empty.json"), "{}");
	t.is(await digest([...small, "--seed", "5", "--norm", "layer", "--config", "empty.json", "--out", "b"]), byFile);
	t.not(await digest([...small, "--seed", "6", "--out", "c"]), byFile);
});

test("a configuration may be TypeScript", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeFile(
		join(cwd, "isoloss.config.ts"),
		"interface Sweep { threads: number }\nconst sweep: Sweep = { threads: 3 };\nexport default { sweep };\n",
	);
	const { stdout, stderr } = await runIsoloss(["sweep", "--print-config"], cwd);
	t.deepEqual(JSON.parse(stdout || stderr), { sweep: { threads: 3 }, from: { threads: "isoloss.config.ts" } });
});

test("what a configuration file can't say is refused by file and place", async (t) => {
	const cwd = await temporaryDirectory(t);
	const refused = async (content: string, message: RegExp) => {
		await writeFile(join(cwd, "c.json"), content);
		const { code, stderr } = await runIsoloss(["sweep", "--config", "c.json"], cwd);
		t.is(code, 2, stderr);
		t.regex(stderr, message);
		t.is(stderr.trim().split("\n").length, 1);
	};
	await refused('{ "sweep": { "sampels": 3 } }', /^c.json: sweep.sampels: no such option; did you mean samples\?$/m);
	await refused('{ "swep": {} }', /^c.json: swep: no such command; did you mean sweep\?$/m);
	await refused('{ "sweep": { "seed": -1 } }', /^c.json: sweep.seed: expected a whole number from 0, got "-1"$/m);
	await refused('{ "sweep": { "quiet": true } }', /^c.json: sweep.quiet: expected as a flag/);
	await refused("[1]", /^c.json: expected an object/);
	await refused("{", /^c.json: expected JSON/);
	const { code, stderr } = await runIsoloss(["sweep", "--config", "gone.json"], cwd);
	t.deepEqual({ code, stderr }, { code: 2, stderr: "gone.json: no such file\n" });
});

if (process.platform !== "win32")
	test("completion scripts are understood by their shells, and complete commands, flags and names", async (t) => {
		const { stdout } = await runIsoloss(["completion", "bash"], root);
		const cwd = await temporaryDirectory(t);
		await writeFile(join(cwd, "isoloss.bash"), stdout);
		const complete = async (...words: string[]) => {
			const script = `source isoloss.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _isoloss; echo "\${COMPREPLY[@]}"`;
			return (await promisify(execFile)("bash", ["-c", script], { cwd })).stdout.trim();
		};
		t.is(await complete("isoloss", "sw"), "sweep");
		t.is(await complete("isoloss", "sweep", "--batch"), "--batch-norm");
		t.is(await complete("isoloss", "sweep", "--norm", "l"), "layer");
		t.is(await complete("isoloss", "train", "--optimizer", "adad"), "adadelta");
		for (const shell of ["zsh", "fish"])
			t.regex((await runIsoloss(["completion", shell], root)).stdout, /--batch-norm|-l batch-norm/);
	});

test("errors are one line, without what moves a terminal's cursor, and not longer than anyone reads", (t) => {
	t.is(oneLine("a\n  b\u001b[2Jc\r"), "a b\\x1b[2Jc\\x0d");
	t.is(oneLine("x".repeat(5000)).length, 1004);
});

test("inspect of a network and data evaluates it once, as a sweep does at its origin", async (t) => {
	const cwd = join(root, "test", "corpus", "cases", "targets-float-classes");
	const args = ["net.onnx", "--data", "data.npz", "--samples", "all"];
	const { code, stdout } = await run("inspect.js", args, cwd);
	t.is(code, 0);
	t.regex(
		stdout,
		/a sweep can run\n\non 24 samples:\nloss {6}1\.07992\naccuracy {2}37\.50 %\nassumed: targets are one class/,
	);
	const { evaluation } = JSON.parse((await run("inspect.js", [...args, "--json"], cwd)).stdout) as {
		evaluation: { fields: { name: string; value: number }[] };
	};
	t.true(Math.abs((evaluation.fields[0]?.value ?? 0) - 1.0799201704) < 1e-7);
	const several = await run("inspect.js", ["../two-outputs-first-taken/net.onnx"], cwd);
	t.regex(several.stdout, /\n2 outputs: onnx::Gemm_6, 7; --output picks the one that is shown\n$/);
	const open = ["../onnx-open-axes/net.onnx", "--dim", "axis2=6", "--dim", "axis3=6"];
	t.regex((await run("inspect.js", open, cwd)).stdout, /^input x \[6,6,\d+\] float32/m);
	t.regex(
		(await run("inspect.js", [...open.slice(0, 2), "axis2=0"], cwd)).stderr,
		/^--dim: expected NAME=N with a whole/,
	);
	const refused = await run("inspect.js", [...args, "--metric", "r2"], cwd);
	t.is(refused.code, 2);
	t.regex(refused.stderr, /^data.npz: the targets are one class a sample, of which r2 says nothing/);
});

test("one step is the network itself: a run of one point, without pictures", async (t) => {
	const cwd = await temporaryDirectory(t);
	const args = ["--samples", "8", "--x", "0:0:1", "--out", "one", "--quiet"];
	const { code, stdout } = await run("sweep.js", args, cwd);
	t.is(code, 0);
	t.regex(stdout, /^loss {6}0\.\d+ ± 0\.\d+\naccuracy {2}\d+\.\d\d %\n±: 95 % interval .* of 8 samples\n1 point in/);
	t.deepEqual((await readdir(join(cwd, "one"))).sort(), ["run.msgpack", "surface.csv"]);
	t.is((await run("sweep.js", args, cwd)).code, 0);
	t.regex(
		(await run("sweep.js", ["--x", "0:1:1"], cwd)).stderr,
		/^--x: expected min:max:steps with at least 2 whole steps \(or min and max alike, for one\)/,
	);
});
