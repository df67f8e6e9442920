import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseSafetensors } from "../../src/model/safetensors.js";
import { run, temporaryDirectory, writeIdxDirectory } from "../fixtures.js";

test.serial("training writes a checkpoint that a sweep takes, the same bytes for the same seed", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 40);
	const args = ["--data", "data", "--epochs", "1", "--batch-size", "16", "--seed", "5"];
	for (const out of ["a.safetensors", "b.safetensors"]) {
		const { code, stdout, stderr } = await run("train.js", [...args, "--out", out], cwd);
		t.is(code, 0, stderr);
		t.is(stdout, `${out}\n`);
		t.regex(stderr, /^epoch 1 of 1: test accuracy \d+\.\d\d %, test loss \d\.\d{4}, \d+ s$/m);
	}
	const [a, b] = await Promise.all(["a", "b"].map((name) => readFile(join(cwd, `${name}.safetensors`))));
	t.deepEqual(a, b);
	t.like(parseSafetensors(a ?? new Uint8Array(), "a").metadata, {
		epochs: "1",
		seed: "5",
		samples: "40",
		epochsDone: "1",
	});
	const sweep = [
		"--weights",
		"a.safetensors",
		"--data",
		"data",
		"--samples",
		"4",
		"--x",
		"-1:1:2",
		"--y",
		"none",
		"--quiet",
	];
	t.is((await run("sweep.js", sweep, cwd)).code, 0);
});

const wrong: readonly [string, readonly string[], RegExp][] = [
	["an unknown optimiser", ["--optimizer", "lbfgs"], /--optimizer: expected one of adam, sgd, got "lbfgs"/],
	["a learning rate of 0", ["--learning-rate", "0"], /--learning-rate: expected a positive number, got "0"/],
	["no epochs", ["--epochs", "0"], /--epochs: expected a whole number from 1, got "0"/],
	[
		"a batch larger than the data",
		["--samples", "10", "--batch-size", "11"],
		/--batch-size: expected at most 10, got "11"/,
	],
];

for (const [name, args, message] of wrong) {
	test.serial(`one clear line and exit status 2 for ${name}`, async (t) => {
		const cwd = await temporaryDirectory(t);
		const { code, stderr } = await run("train.js", args, cwd);
		t.is(code, 2);
		t.regex(stderr, message);
		t.is(stderr.trim().split("\n").length, 1);
		t.deepEqual(await readdir(cwd), []);
	});
}
