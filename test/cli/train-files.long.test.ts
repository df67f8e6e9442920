import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseSafetensors } from "../../src/formats/safetensors.js";
import { readTrajectory } from "../../src/store/trajectory.js";
import { killOnceThere, root, run, start, temporaryDirectory } from "../fixtures.js";

const corpus = (...path: string[]) => join(root, "test", "corpus", ...path);
const pytorch = (name: string) => [
	"--model",
	corpus("pytorch", name, "a.onnx"),
	"--data",
	corpus("pytorch", name, "data.npz"),
	"--formats",
	"svg",
];

/** The columns of a training's table, by their names. */
async function history(path: string): Promise<Record<string, number[]>> {
	const [header = "", ...lines] = (await readFile(path, "utf8")).trim().split("\n");
	const rows = lines.map((line) => line.split(",").map(Number));
	return Object.fromEntries(header.split(",").map((name, column) => [name, rows.map((row) => row[column] ?? 0)]));
}

const kinds: readonly (readonly [string, string, string])[] = [
	["a dense network", "pytorch/mlp/a.onnx", "pytorch/mlp/data.npz"],
	["batch normalisation", "pytorch/resnet8/a.onnx", "pytorch/resnet8/data.npz"],
	["a regression", "pytorch/regression/a.onnx", "pytorch/regression/data.npz"],
	["tokens", "pytorch/transformer/a.onnx", "pytorch/transformer/data.npz"],
	["two inputs", "cases/onnx-two-inputs/net.onnx", "cases/onnx-two-inputs/data.npz"],
	["a .keras file", "keras3/sequences/model.keras", "keras3/sequences/data.npz"],
	["a model.json", "cases/keras-func/model.json", "cases/keras-func/data.npz"],
];

for (const [what, model, data] of kinds)
	test.serial(
		`${what}: training goes on from the file, lowers the loss, and sweep takes the result with that loss`,
		async (t) => {
			const cwd = await temporaryDirectory(t);
			const both = ["--model", corpus(model), "--data", corpus(data)];
			const few = ["--epochs", "3", "--learning-rate", "1e-4", "--batch-size", "8"];
			const { code, stderr } = await run(
				"train.js",
				[...both, ...few, "--formats", "svg", "--test-data", corpus(data), "--out", "out.safetensors"],
				cwd,
			);
			t.is(code, 0, stderr);
			t.true(stderr.includes(`assumed: starts at the parameters of ${corpus(model)}\n`), stderr);
			const { test_loss: losses = [] } = await history(join(cwd, "out.csv"));
			t.is(losses.length, 3);
			t.true((losses[2] ?? Number.NaN) < (losses[0] ?? Number.NaN), String(losses));
			const origin = [
				"--weights",
				"out.safetensors",
				"--samples",
				"all",
				"--x",
				"0:0:1",
				"--json",
				"--quiet",
				"--out",
				"run",
			];
			const swept = await run("sweep.js", [...both, ...origin], cwd);
			t.is(swept.code, 0, swept.stderr);
			t.is((JSON.parse(swept.stdout) as { loss: { origin: number } }).loss.origin, losses[2] ?? Number.NaN);
		},
	);

test.serial("where targets are values no accuracy is printed, written or drawn", async (t) => {
	const cwd = await temporaryDirectory(t);
	const args = [...pytorch("regression"), "--epochs", "2", "--validation", "0.2", "--out", "a.safetensors"];
	const { code, stderr } = await run("train.js", args, cwd);
	t.is(code, 0, stderr);
	t.regex(stderr, /^epoch 2 of 2: test R² 0\.\d+, test loss \d\.\d{4}, \d+ s$/m);
	const names = ["epoch", "step", "train_loss", "train_r2", "test_loss", "test_r2"];
	t.deepEqual(Object.keys(await history(join(cwd, "a.csv"))), names);
	const svg = await readFile(join(cwd, "a.svg"), "utf8");
	t.regex(svg, /R², test/);
	t.notRegex(stderr + svg, /NaN|accuracy/);
	const { metadata } = parseSafetensors(await readFile(join(cwd, "a.safetensors")), "a");
	t.deepEqual(
		Object.keys(metadata)
			.filter((name) => name.startsWith("test"))
			.sort(),
		["testLoss", "testR2"],
	);
});

test.serial("without test data there is the training alone, and a line says so", async (t) => {
	const cwd = await temporaryDirectory(t);
	const { code, stderr } = await run("train.js", [...pytorch("mlp"), "--epochs", "1", "--out", "a.safetensors"], cwd);
	t.is(code, 0, stderr);
	t.regex(stderr, /^assumed: no test: the data have no part for it; --validation 0\.1 holds a tenth out/m);
	t.regex(stderr, /^epoch 1 of 1: training accuracy \d+\.\d\d %, training loss \d\.\d{4}, \d+ s$/m);
	t.deepEqual(Object.keys(await history(join(cwd, "a.csv"))), ["epoch", "step", "train_loss", "train_accuracy"]);
	t.regex(await readFile(join(cwd, "a.svg"), "utf8"), /accuracy, training \(%\)/);
});

test.serial(
	"a network of the zoo starts at --weights, and a file's network from fresh parameters with --from-scratch",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const zoo = [
			"--model",
			"mlp-16",
			"--samples",
			"64",
			"--epochs",
			"1",
			"--learning-rate",
			"1e-30",
			"--optimizer",
			"sgd",
			"--quiet",
		];
		const tensors = async (name: string) =>
			parseSafetensors(await readFile(join(cwd, `${name}.safetensors`)), name).tensors;
		t.is((await run("train.js", [...zoo, "--seed", "5", "--out", "a.safetensors"], cwd)).code, 0);
		const again = [...zoo, "--seed", "6", "--weights", "a.safetensors", "--out", "b.safetensors"];
		t.is((await run("train.js", again, cwd)).code, 0);
		t.deepEqual(await tensors("b"), await tensors("a"));
		const fresh = [...pytorch("mlp"), "--from-scratch", "--epochs", "1", "--snapshots", "9", "--quiet"];
		for (const seed of ["1", "2"])
			t.is((await run("train.js", [...fresh, "--seed", seed, "--out", `s${seed}.safetensors`], cwd)).code, 0);
		const [one, two] = await Promise.all(
			["s1", "s2"].map((name) => readTrajectory(join(cwd, `${name}.trajectory.msgpack`))),
		);
		const first = one?.snapshots[0]?.state.parameters ?? new Float32Array();
		t.notDeepEqual(first, two?.snapshots[0]?.state.parameters);
		// PyTorch's start: no weight of the first layer, of 20 inputs, beyond 1/√20.
		t.true(first.subarray(0, 960).every((value) => Math.abs(value) <= 1 / Math.sqrt(20)));
	},
);

/** The files of a training by what follows their name, but for pictures. */
const filesOf = (cwd: string, name: string) =>
	Promise.all(["safetensors", "csv", "trajectory.msgpack"].map((ending) => readFile(join(cwd, `${name}.${ending}`))));

test.serial(
	"killed with SIGKILL and started again, a file's network ends with the same bytes, on two threads too",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const part = ["--freeze", "c.weight", "--label-smoothing", "0.1", "--validation", "0.1"];
		const args = [...pytorch("resnet8"), ...part, "--epochs", "4", "--batch-size", "16", "--snapshots", "5", "--quiet"];
		const whole = await run("train.js", [...args, "--out", "whole.safetensors"], cwd);
		t.is(whole.code, 0, whole.stderr);
		const killed = await killOnceThere(
			start("train.js", [...args, "--out", "cut.safetensors"], cwd),
			join(cwd, "cut.state.msgpack"),
		);
		t.is(killed.signal, "SIGKILL");
		const other = await run("train.js", [...args, "--freeze", "fc.bias", "--out", "cut.safetensors"], cwd);
		t.is(other.code, 2);
		t.regex(other.stderr, /holds another training \(still: c\.weight there, c\.weight,fc\.bias here\)/);
		const elsewhere = await run(
			"train.js",
			[...args, "--weights", corpus("pytorch", "resnet8", "b.pt"), "--out", "cut.safetensors"],
			cwd,
		);
		t.regex(elsewhere.stderr, /holds another training \(start: [0-9a-f]{8} there, [0-9a-f]{8} here\)/);
		const rest = await run(
			"train.js",
			[...args.filter((arg) => arg !== "--quiet"), "--threads", "2", "--out", "cut.safetensors"],
			cwd,
		);
		t.is(rest.code, 0, rest.stderr);
		t.regex(rest.stderr, /^going on after step \d+ of \d+$/m);
		t.deepEqual(await filesOf(cwd, "cut"), await filesOf(cwd, "whole"));
	},
);

const mlp = pytorch("mlp");
const wrong: readonly [string, readonly string[], RegExp][] = [
	[
		"data of other samples",
		[...mlp, "--data", corpus("pytorch", "resnet8", "data.npz")],
		/data\.npz: samples of shape \[3,16,16\] don't fit the input of a, \[20\]/,
	],
	[
		"test data of other samples",
		[...mlp, "--test-data", corpus("pytorch", "resnet8", "data.npz")],
		/samples of shape \[3,16,16\] don't fit/,
	],
	["no samples", [...mlp, "--samples", "0"], /--samples: expected a whole number from 1 or all, got "0"/],
	[
		"a loss that does not suit",
		[...mlp, "--loss", "mse"],
		/mse takes a value for each output.*losses that fit: .*softmax-cross-entropy/,
	],
	[
		"no shortcuts of a file",
		[...mlp, "--no-skip"],
		/--no-skip: expected a network by name, such as resnet-20, got the file/,
	],
	[
		"fresh parameters from a file",
		[...mlp, "--from-scratch", "--weights", "a.pt"],
		/--from-scratch: expected no weights with it, got "a\.pt"/,
	],
	[
		"two kinds of test",
		[...mlp, "--validation", "0.1", "--test-data", "a.npz"],
		/--validation: expected either test data or a share that is held out, got both/,
	],
	[
		"a share of nothing",
		[...mlp, "--validation", "0.001"],
		/--validation: expected a share that leaves some of the 200 samples on both sides/,
	],
	["a share beyond all", [...mlp, "--validation", "1.5"], /--validation: expected 0 to 1, got "1\.5"/],
	["everything frozen", [...mlp, "--freeze", "*"], /--freeze: expected some tensor of a to move still/],
	[
		"a pattern of no tensor",
		[...mlp, "--only", "head.*"],
		/--only: expected a pattern of tensors' names \(0\.weight, .*\), got "head\.\*"/,
	],
	["weights of another network", [...mlp, "--weights", corpus("pytorch", "resnet8", "b.pt")], /b\.pt: a needs 0\.bias/],
	[
		"a loss without a derivative",
		[...mlp, "--loss", "./bare.mjs"],
		/--loss: expected a loss with a derivative; bare, .* has no differentiable: \{ nodes, targets \}/,
	],
	["a file that is none", ["--model", "none.onnx", "--data", "none.npz"], /none\.(onnx|npz): no such file/],
];

for (const [name, args, message] of wrong)
	test.serial(`one clear line and exit status 2 for ${name}`, async (t) => {
		const cwd = await temporaryDirectory(t);
		await writeFile(join(cwd, "bare.mjs"), "export default { name: 'bare', add: (total) => total };");
		const { code, stderr } = await run("train.js", [...args, "--out", "out/a.safetensors"], cwd);
		t.is(code, 2, stderr);
		t.regex(stderr, message);
		t.is(stderr.trim().split("\n").length, 1);
		t.deepEqual(await readdir(cwd), ["bare.mjs"]);
	});
