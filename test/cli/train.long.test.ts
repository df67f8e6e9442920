import { appendFile, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseSafetensors } from "../../src/formats/safetensors.js";
import { readTrajectory } from "../../src/store/trajectory.js";
import { killOnceThere, run, start, temporaryDirectory, writeIdxDirectory } from "../fixtures.js";

test.serial("training writes a checkpoint that a sweep takes, the same bytes for the same seed", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 40);
	const args = ["--data", "data", "--epochs", "1", "--batch-size", "16", "--seed", "5"];
	for (const out of ["a.safetensors", "b.safetensors"]) {
		const { code, stdout, stderr } = await run("train.js", [...args, "--out", out], cwd);
		t.is(code, 0, stderr);
		const name = out.replace(".safetensors", "");
		t.regex(
			stdout,
			new RegExp(`^digest {4}[0-9a-f]{64}\n${name}.safetensors\n${name}.csv\n${name}.svg\n${name}.png\n$`),
		);
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
		"--no-pictures",
	];
	t.is((await run("sweep.js", sweep, cwd)).code, 0);
});

const wrong: readonly [string, readonly string[], RegExp][] = [
	["an unknown optimiser", ["--optimizer", "lbfgs"], /--optimizer: expected one of adadelta, adam, .*sgd, got "lbfgs"/],
	["a learning rate of 0", ["--learning-rate", "0"], /--learning-rate: expected a positive number, got "0"/],
	["an unknown network", ["--model", "resnet-9"], /--model: expected one of mnist-cnn.*, got "resnet-9"/],
	["an unknown data set", ["--data", "cifar"], /--data: expected mnist, a directory.*, got "cifar"/],
	["a negative weight decay", ["--weight-decay", "-1"], /--weight-decay: expected a number from 0, got "-1"/],
	["an unknown schedule", ["--schedule", "linear"], /--schedule: expected one of constant, cosine, step, got "linear"/],
	[
		"a network that has no shortcuts to leave out",
		["--model", "vgg-small", "--no-skip"],
		/--no-skip: expected a network with shortcuts, such as resnet-20, got "vgg-small"/,
	],
	["no threads", ["--threads", "0"], /--threads: expected a whole number from 1, got "0"/],
	["no steps between snapshots", ["--snapshots", "0"], /--snapshots: expected a whole number from 1, got "0"/],
	[
		"a trajectory of terabytes",
		["--snapshots", "1", "--epochs", "100"],
		/--snapshots: expected at least \d+, for a trajectory below 2 GiB, got "1"/,
	],
	[
		"a warm-up longer than the training",
		["--samples", "64", "--warm-up", "9"],
		/--warm-up: expected fewer than the 3 steps there are, got "9"/,
	],
	["a place that can't be written", ["--out", "/dev/null/x.safetensors"], /--out: expected a file that can be written/],
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

const files = ["--snapshots", "7", "--formats", "svg", "--quiet"];
const small = ["--data", "data", "--model", "mlp-16", "--batch-size", "8", ...files];

/** The files of a training by what follows their name, but for pictures. */
async function filesOf(cwd: string, name: string) {
	const endings = ["safetensors", "csv", "trajectory.msgpack"];
	return Promise.all(endings.map((ending) => readFile(join(cwd, `${name}.${ending}`))));
}

test("killed with SIGKILL and started again, a training ends with the same bytes as one that ran through", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 400);
	const args = [...small, "--epochs", "8"];
	const whole = await run("train.js", [...args, "--out", "whole.safetensors"], cwd);
	t.is(whole.code, 0, whole.stderr);
	const killed = await killOnceThere(
		start("train.js", [...args, "--out", "cut.safetensors"], cwd),
		join(cwd, "cut.state.msgpack"),
	);
	t.is(killed.signal, "SIGKILL");
	// A record torn in the middle of its writing, as a kill may leave one.
	await appendFile(join(cwd, "cut.trajectory.msgpack"), Uint8Array.of(0x93, 0xce, 0x12));
	const other = await run("train.js", [...args, "--seed", "1", "--out", "cut.safetensors"], cwd);
	t.is(other.code, 2);
	t.is(
		other.stderr,
		"cut.state.msgpack: holds another training (seed: 0 there, 1 here); give another --out, or --fresh to start over\n",
	);
	const rest = await run("train.js", [...args.filter((arg) => arg !== "--quiet"), "--out", "cut.safetensors"], cwd);
	t.is(rest.code, 0, rest.stderr);
	t.regex(rest.stderr, /^going on after step \d+ of 400$/m);
	t.deepEqual(await filesOf(cwd, "cut"), await filesOf(cwd, "whole"));
	t.false((await readdir(cwd)).includes("cut.state.msgpack"));
});

test("a trajectory holds start, every K-th step and the end, the last being the network that is written", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 80);
	t.is((await run("train.js", [...small, "--epochs", "2", "--out", "a.safetensors"], cwd)).code, 0);
	const { snapshots, every } = await readTrajectory(join(cwd, "a.trajectory.msgpack"));
	t.is(every, 7);
	t.deepEqual(
		snapshots.map(({ step }) => step),
		[0, 7, 14, 20],
	);
	const { tensors } = parseSafetensors(await readFile(join(cwd, "a.safetensors")), "a");
	t.deepEqual([...(snapshots.at(-1)?.state.parameters.slice(-10) ?? [])], [...(tensors.get("fc2.bias")?.values ?? [])]);
});

test("one thread and two write the same files", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 40);
	for (const threads of ["1", "2"]) {
		const args = [...small, "--epochs", "2", "--threads", threads, "--out", `t${threads}.safetensors`];
		t.is((await run("train.js", args, cwd)).code, 0);
	}
	t.deepEqual(await filesOf(cwd, "t2"), await filesOf(cwd, "t1"));
});

test("an interrupted training says where it stopped, with status 130, and goes on", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 400);
	const args = [...small, "--epochs", "40", "--out", "a.safetensors"];
	const { child, finished } = start("train.js", args, cwd);
	const state = join(cwd, "a.state.msgpack");
	while ((await stat(state).catch(() => undefined)) === undefined && child.exitCode === null)
		await new Promise((resolve) => setTimeout(resolve, 5));
	child.kill("SIGINT");
	const { code, stderr } = await finished;
	t.is(code, 130);
	t.regex(stderr, /^interrupted after step \d+ of 2000; the same command goes on from there\n$/);
});
