import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { formatSafetensors } from "../../src/formats/safetensors.js";
import { hasRelaxedSimd } from "../../src/kernels/module.js";
import { initialize } from "../../src/network/initialize.js";
import { type NamedTensor, toNamedTensors } from "../../src/network/parameters.js";
import { mnistCnn } from "../../src/network/zoo/index.js";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { root, run, start, temporaryDirectory, valuesOf, writeIdxDirectory } from "../fixtures.js";
import { labelsOf } from "../render/surfaces.js";

/** Small enough for a second, and with a row to split for two threads. */
const small = ["--samples", "8", "--x", "-1:1:5", "--y=-1:1:3", "--quiet"];
/** For tests that look at the run alone. */
const undrawn = ["--no-pictures", "--no-viewer"];

test.serial("a sweep writes a run file, a table and pictures, and prints what it found", async (t) => {
	const cwd = await temporaryDirectory(t);
	const { code, stdout, stderr } = await run("sweep.js", [...small, "--threads", "2"], cwd);
	t.is(stderr, "");
	t.is(code, 0);
	t.regex(stdout, /^loss +origin \S+ ± \S+ +min \S+ ± \S+ at \(\S+, \S+\) +max \S+ ± \S+ at/m);
	t.regex(stdout, /^accuracy +origin \S+( ± \S+)? % +min/m);
	t.regex(stdout, /^±: 95 % interval of the mean over the population .*, too narrow for skewed losses of 8 samples$/m);
	t.regex(stdout, /^15 points in .* points\/s, 2 threads$/m);
	const [directory = ""] = await readdir(join(cwd, "runs"));
	t.regex(directory, /^mnist-cnn-[0-9a-f]{8}$/);
	const files = await readdir(join(cwd, "runs", directory));
	for (const name of ["run.msgpack", "surface.csv", "heatmap.png", "contour.svg", "contour.png"])
		t.true(files.includes(name), name);
	t.is(files.filter((name) => name.endsWith(".tmp")).length, 0);
	const { surface } = await readRun(join(cwd, "runs", directory, "run.msgpack"));
	t.true(stdout.includes(`digest    ${surfaceDigest(surface)}`));
	t.is((await readFile(join(cwd, "runs", directory, "surface.csv"), "utf8")).trim().split("\n").length, 16);
});

test.serial("--json prints one object, the same digest for every number of threads", async (t) => {
	const cwd = await temporaryDirectory(t);
	const results = [];
	for (const threads of ["1", "2", "5"]) {
		// Files are told of the first, which has pictures among them.
		const drawing = threads === "1" ? ["--formats", "svg"] : undrawn;
		const args = [...small, ...drawing, "--json", "--threads", threads, "--out", `of-${threads}`];
		const { code, stdout } = await run("sweep.js", args, cwd);
		t.is(code, 0);
		results.push(JSON.parse(stdout));
	}
	const [first] = results;
	t.deepEqual(Object.keys(first), [
		"digest",
		"plan",
		"points",
		"evaluated",
		"threads",
		"elapsedSeconds",
		"parameters",
		"samples",
		"loss",
		"accuracy",
		"barrier",
		"assumptions",
		"files",
	]);
	t.is(first.points, 15);
	t.is(first.parameters, 1_199_882);
	t.is(first.samples, 8);
	t.is(first.barrier, null);
	t.true(first.loss.min <= first.loss.origin && first.loss.origin <= first.loss.max);
	t.true(first.elapsedSeconds > 0);
	for (const file of first.files) t.true((await stat(join(cwd, file))).size > 0);
	t.is(new Set(results.map(({ digest }) => digest)).size, 1);
	t.is(new Set(results.map(({ plan }) => plan)).size, 1);
	t.deepEqual(
		results.map(({ threads }) => threads),
		[1, 2, 5],
	);
});

test.serial("the same command again only draws, and --fresh computes again", async (t) => {
	const cwd = await temporaryDirectory(t);
	const args = [...small, ...undrawn, "--json"];
	const first = JSON.parse((await run("sweep.js", args, cwd)).stdout);
	const again = JSON.parse((await run("sweep.js", args, cwd)).stdout);
	t.is(again.elapsedSeconds, 0);
	t.is(again.digest, first.digest);
	t.deepEqual(again.loss, first.loss);
	const fresh = JSON.parse((await run("sweep.js", [...args, "--fresh"], cwd)).stdout);
	t.true(fresh.elapsedSeconds > 0);
	t.is(fresh.digest, first.digest);
});

test.serial("the origin is evaluated besides where the grid does not hold it, once", async (t) => {
	const cwd = await temporaryDirectory(t);
	const args = ["--samples", "8", "--quiet", "--json", ...undrawn];
	const off = [...args, "--x", "0.1:1:2", "--y", "0.1:1:2"];
	const on = [...args, "--x", "0:1:2", "--y", "0:1:2"];
	const first = JSON.parse((await run("sweep.js", off, cwd)).stdout);
	t.is(first.loss.origin, JSON.parse((await run("sweep.js", on, cwd)).stdout).loss.origin);
	const again = JSON.parse((await run("sweep.js", off, cwd)).stdout);
	t.is(again.elapsedSeconds, 0);
	t.is(again.loss.origin, first.loss.origin);
});

test.serial("a line between two networks is a curve, and its ends are those networks", async (t) => {
	const cwd = await temporaryDirectory(t);
	const drawn = ["--samples", "8", "--quiet", "--json", "--directions", "interpolate"];
	const there = JSON.parse((await run("sweep.js", [...drawn, "--to", "init:3", "--x", "-0.5:1.5:9"], cwd)).stdout);
	t.true(there.files.some((file: string) => file.endsWith("curve.svg")));
	const args = [...drawn, ...undrawn];
	await writeFile(join(cwd, "init3.safetensors"), initialBytes(3));
	const there2 = JSON.parse(
		(await run("sweep.js", [...args, "--to", "init3.safetensors", "--x", "-0.5:1.5:9"], cwd)).stdout,
	);
	t.is(there2.digest, there.digest);
	const { surface } = await readRun(join(cwd, there.files[0]));
	const end = JSON.parse(
		(await run("sweep.js", [...args, "--weights", "init3.safetensors", "--to", "init:3", "--x", "0:1:2"], cwd)).stdout,
	);
	const losses = valuesOf(surface).loss;
	t.is(end.loss.origin, losses[6] ?? null);
	// α = 0, 0.25, ..., 1 are points 2 to 6 of the nine.
	const [from = 0, to = 0] = [losses[2], losses[6]];
	const heights = [0.25, 0.5, 0.75].map((alpha, i) => (losses[3 + i] ?? 0) - ((1 - alpha) * from + alpha * to));
	t.is(there.barrier.height, Math.max(0, ...heights));
	const text = await run(
		"sweep.js",
		[...args.filter((arg) => arg !== "--json"), "--to", "init:3", "--x", "0:1:3"],
		cwd,
	);
	t.regex(text.stdout, /^barrier {3}\S+ ± \S+ at α = \S+\n {10}of the error \S+ ± \S+ % at α = \S+: /m);
});

test.serial("a plane through three networks has them at (0, 0), (1, 0) and (0, 1), and marks them", async (t) => {
	const cwd = await temporaryDirectory(t);
	const drawn = ["--samples", "8", "--quiet", "--json"];
	const args = [...drawn, ...undrawn];
	const three = ["--directions", "plane", "--to", "init:3", "--to", "init:4", "--x", "0:1:2", "--y", "0:1:2"];
	const { code, stdout, stderr } = await run("sweep.js", [...drawn, ...three, "--formats", "svg"], cwd);
	t.is(code, 0, stderr);
	const plane = JSON.parse(stdout);
	t.is(plane.barrier, null);
	const { surface } = await readRun(join(cwd, plane.files[0]));
	t.deepEqual(surface.anchors, [
		{ label: "start", at: [0, 0], role: "origin" },
		{ label: "init:3", at: [1, 0], role: "end" },
		{ label: "init:4", at: [0, 1], role: "end" },
	]);
	for (const [index, seed] of [
		[1, 3],
		[2, 4],
	] as const) {
		const line = ["--directions", "interpolate", "--to", `init:${seed}`, "--x", "0:1:2"];
		const end = JSON.parse((await run("sweep.js", [...args, ...line], cwd)).stdout);
		t.not(end.plan, plane.plan);
		const { surface: there } = await readRun(join(cwd, end.files[0]));
		t.is(valuesOf(there).loss[1], valuesOf(surface).loss[index]);
	}
	const picture = plane.files.find((file: string) => file.endsWith("contour.svg"));
	const labels = labelsOf(await readFile(join(cwd, picture), "utf8"));
	for (const label of ["start", "init:3", "init:4"]) t.true(labels.includes(label), label);
	const swapped = ["--directions", "plane", "--to", "init:4", "--to", "init:3", "--x", "0:1:2", "--y", "0:1:2"];
	t.not(JSON.parse((await run("sweep.js", [...args, ...swapped], cwd)).stdout).plan, plane.plan);
});

test.serial("killed at any moment, a sweep goes on to the same digest", async (t) => {
	const cwd = await temporaryDirectory(t);
	const args = ["--samples", "16", "--x", "-1:1:9", "--y", "-1:1:9", "--json", "--threads", "2", ...undrawn];
	const reference = JSON.parse((await run("sweep.js", [...args, "--out", "whole"], cwd)).stdout);
	for (const [number, rows] of [0, 1, 4, 8].entries()) {
		const out = `killed-${number}`;
		const { child, finished } = start("sweep.js", [...args, "--out", out], cwd);
		await untilRows(join(cwd, out, "run.msgpack"), rows);
		child.kill("SIGKILL");
		t.is((await finished).signal, "SIGKILL");
		const { code, stdout } = await run("sweep.js", [...args, "--out", out], cwd);
		t.is(code, 0);
		t.is(JSON.parse(stdout).digest, reference.digest, `killed after ${rows} rows`);
	}
});

/** Waits until a run file holds a number of rows. */
async function untilRows(path: string, rows: number): Promise<void> {
	for (;;) {
		const stored = await readRun(path).catch(() => undefined);
		const done = stored?.surface.done.filter((mark) => mark === 1).length ?? -1;
		if (done >= rows * 9) return;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

test.serial("Ctrl-C keeps finished rows, ends within two seconds, says how to go on and exits with 130", async (t) => {
	const cwd = await temporaryDirectory(t);
	const args = ["--samples", "128", "--x", "-1:1:9", "--y", "-1:1:15", "--out", "run", "--threads", "2"];
	const { child, finished } = start("sweep.js", args, cwd);
	await untilRows(join(cwd, "run", "run.msgpack"), 2);
	const interrupted = performance.now();
	child.kill("SIGINT");
	const { code, stderr } = await finished;
	t.true(performance.now() - interrupted < 2000);
	t.is(code, 130);
	t.regex(stderr, /interrupted; what is finished is kept, and the same command goes on from there/);
	const { surface } = await readRun(join(cwd, "run", "run.msgpack"));
	const done = surface.done.filter((mark) => mark === 1).length;
	t.true(done >= 18 && done < 135);
	const lines = (await readFile(join(cwd, "run", "surface.csv"), "utf8")).trim().split("\n");
	t.is(lines.filter((line) => line.endsWith(",,")).length, 135 - done);
});

test.serial("progress goes to standard error in plain lines, and not at all with --quiet", async (t) => {
	const cwd = await temporaryDirectory(t);
	const loud = await run("sweep.js", [...small.filter((flag) => flag !== "--quiet"), ...undrawn, "--json"], cwd);
	t.regex(loud.stderr, /^mnist-cnn, 1,199,882 parameters, 8 samples of mnist, \d+ threads$/m);
	t.regex(loud.stderr, /^cosine between the directions: -?0\.\d{6}$/m);
	t.regex(loud.stderr, /^15\/15 points, .* points\/s, 0 s left$/m);
	t.notThrows(() => JSON.parse(loud.stdout));
});

test.serial("another data set works by the path of its directory", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "other"), 20);
	const { code, stdout } = await run("sweep.js", [...small, ...undrawn, "--data", "other", "--json"], cwd);
	t.is(code, 0);
	t.is(JSON.parse(stdout).samples, 8);
});

test.serial("render draws a run again with other settings", async (t) => {
	const cwd = await temporaryDirectory(t);
	await run("sweep.js", [...small, "--no-viewer", "--out", "run"], cwd);
	const before = await readFile(join(cwd, "run", "heatmap.png"));
	const { code, stdout } = await run(
		"render.js",
		["run", "--colormap", "magma", "--scale", "linear", "--out", "again"],
		cwd,
	);
	t.is(code, 0);
	t.true(stdout.includes("heatmap.png"));
	t.notDeepEqual(await readFile(join(cwd, "again", "heatmap.png")), before);
	t.deepEqual(await readFile(join(cwd, "run", "heatmap.png")), before);
});

test.serial("--help and --version print to standard output and succeed", async (t) => {
	const cwd = await temporaryDirectory(t);
	for (const script of ["sweep.js", "train.js", "render.js", "compare.js"]) {
		const help = await run(script, ["--help"], cwd);
		t.is(help.code, 0);
		t.regex(help.stdout, new RegExp(`^Usage: node scripts/${script}`));
	}
	const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
	t.is((await run("sweep.js", ["--version"], cwd)).stdout, `${version}\n`);
});

/** A file of fresh parameters, with others in place of some. */
function initialBytes(seed: number, others: Readonly<Record<string, NamedTensor>> = {}): Uint8Array {
	const graph = mnistCnn();
	const tensors = new Map([...toNamedTensors(graph, initialize(graph, seed)), ...Object.entries(others)]);
	return formatSafetensors({ tensors, metadata: {} });
}

/** Each wrong command line, and what its one line of error must say. */
const wrong: readonly [string, readonly string[], RegExp][] = [
	["an unknown flag", ["--colour"], /unknown option '--colour'/],
	["a stray argument", ["extra"], /too many arguments.* got 1; a pattern goes in quotes, 'ckpt\/\*\.pt'/],
	["a flag without value", ["--x"], /argument missing/],
	["an unknown network", ["--model", "lenet"], /--model: expected one of mnist-cnn.*got "lenet"/],
	["an unknown split", ["--split", "valid"], /--split: expected one of train, test, got "valid"/],
	["samples of 0", ["--samples", "0"], /--samples: expected a whole number from 1 or all, got "0"/],
	["more samples than there are", ["--samples", "60001"], /--samples: expected at most 60000/],
	["an unknown kind of direction", ["--directions", "spiral"], /--directions: expected one of/],
	["principal components of nothing", ["--directions", "pca"], /--trajectory: expected networks of a training/],
	[
		"a training to animate without networks of one",
		["--animate", "training"],
		/--animate: training: expected --trajectory FILE with it/,
	],
	[
		"a trajectory of no files",
		["--directions", "pca", "--trajectory", "none-*.pt"],
		/none-\*\.pt: expected files of that pattern, \. has none/,
	],
	["arrows without slopes", ["--arrows"], /--arrows: expected --fields loss,slope-x,slope-y/],
	["an unknown norm", ["--norm", "l2"], /--norm: expected one of filter, layer, weight, whole, none, got "l2"/],
	["an unknown bias rule", ["--bias", "drop"], /--bias: expected one of zero, keep/],
	["a seed that is no number", ["--seed", "one"], /--seed: expected a whole number from 0, got "one"/],
	["one step", ["--x", "0:1:1"], /--x: expected min:max:steps with at least 2 whole steps .*, got "0:1:1"/],
	["steps that are not whole", ["--x=-1:1:2.5"], /--x: .* at least 2 whole steps .*, got "-1:1:2.5"/],
	["two numbers", ["--y", "-1:1"], /--y: expected min:max:steps with three numbers, got "-1:1"/],
	["min above max", ["--y", "1:-1:5"], /--y: .* min below max, got "1:-1:5"/],
	["min equal to max", ["--x", "1:1:5"], /--x: .* min below max/],
	["an axis of words", ["--x", "a:b:c"], /--x: .* three numbers, got "a:b:c"/],
	["an infinite axis", ["--x", "-1e999:1:3"], /--x: .* finite numbers/],
	["threads of 0", ["--threads", "0"], /--threads: expected a whole number from 1, got "0"/],
	["many threads", ["--threads", "many"], /--threads: .* got "many"/],
	["an unknown scale", ["--scale", "cubic"], /--scale: expected one of auto, linear, log, symlog/],
	["an unknown colour map", ["--colormap", "jet"], /--colormap: expected one of viridis/],
	["missing weights", ["--weights", "none.safetensors"], /none.safetensors: no such file/],
	["a directory for weights", ["--weights", "."], /is a directory/],
	["empty weights", ["--weights", "empty"], /empty: is empty; weights are read from .*\.onnx/],
	["truncated weights", ["--weights", "truncated"], /truncated: truncated/],
	["weights of another format", ["--weights", "text"], /text: of a kind that is not known here; weights are read from/],
	[
		"weights of another network",
		["--weights", "other"],
		/other: mnist-cnn needs conv1.weight \[32,1,3,3\], but the file has \[8,1,5,5\]/,
	],
	["a deviation of 0", ["--std", "0"], /--std: expected a positive number, got "0"/],
	["means of three channels for images of one", ["--mean", "1,2,3"], /--mean: expected one number .* got 3/],
	["a mean in words", ["--mean", "some"], /--mean: expected a number, got "some"/],
	[
		"missing data",
		["--data", "nowhere"],
		/--data: expected mnist, a directory of IDX files, a folder of images or a file .*, got "nowhere"/,
	],
	["a directory without data", ["--data", "."], /no file train-images-idx3-ubyte/],
	["an interpolation to nowhere", ["--directions", "interpolate"], /--to: expected a file of weights or init:SEED/],
	["an end for random directions", ["--to", "init:1"], /--to: expected only with directions interpolate/],
	[
		"two ends of a line",
		["--directions", "interpolate", "--to", "init:1", "--to", "init:2"],
		/--to: expected .*, once, for directions interpolate, got "init:1" and "init:2"/,
	],
	["a plane through one network", ["--directions", "plane"], /--to: expected two, .* for directions plane, got none/],
	["a plane through two", ["--directions", "plane", "--to", "init:1"], /--to: expected two, .*, got "init:1"/],
	[
		"a plane through four",
		["--directions", "plane", "--to", "init:1", "--to", "init:2", "--to", "init:3"],
		/--to: expected two, .*, got "init:1" and "init:2" and "init:3"/,
	],
	[
		"a plane through one network twice",
		["--directions", "plane", "--to", "init:1", "--to", "init:1"],
		/--to: expected three networks that span a plane, these lie on one line/,
	],
	[
		"a plane without second axis",
		["--directions", "plane", "--to", "init:1", "--to", "init:2", "--y", "none"],
		/--y: expected min:max:steps for directions plane, got none/,
	],
	[
		"an end that is no seed",
		["--directions", "interpolate", "--to", "init:x"],
		/--to: expected a whole number from 0, got "x"/,
	],
	["an end that is missing", ["--directions", "interpolate", "--to", "gone"], /gone: no such file/],
	["a second axis for a line", ["--directions", "interpolate", "--to", "init:1", "--y", "0:1:2"], /--y: expected none/],
	[
		"a file in place of the directory",
		["--out", "text"],
		/--out: expected a directory that can be written, got "text"/,
	],
];

/** Files that can't be used, by the names that the lines above give them. */
const wrongFiles = new Map<string, string | Uint8Array>([
	["empty", ""],
	["text", "This is a text and nothing else."],
	["truncated", initialBytes(0).subarray(0, 10_000)],
	["other", initialBytes(0, { "conv1.weight": { shape: [8, 1, 5, 5], values: new Float32Array(200) } })],
]);

for (const [name, args, message] of wrong) {
	test.serial(`one clear line and exit status 2 for ${name}`, async (t) => {
		const cwd = await temporaryDirectory(t);
		for (const [file, content] of wrongFiles) if (args.includes(file)) await writeFile(join(cwd, file), content);
		const before = await readdir(cwd);
		const { code, stdout, stderr } = await run("sweep.js", args, cwd);
		t.is(code, 2, stderr);
		t.is(stdout, "");
		t.regex(stderr, message);
		t.is(stderr.trim().split("\n").length, 1, stderr);
		t.deepEqual(await readdir(cwd), before);
	});
}

test.serial("a run of another plan under --out is refused by what differs, and left as it is", async (t) => {
	const cwd = await temporaryDirectory(t);
	await run("sweep.js", [...small, ...undrawn, "--out", "run"], cwd);
	const before = await readFile(join(cwd, "run", "run.msgpack"));
	const { code, stderr } = await run("sweep.js", [...small, "--seed", "1", "--out", "run"], cwd);
	t.is(code, 2);
	t.regex(stderr, /run.msgpack: holds another sweep \(directions: [0-9a-f]{8} there, [0-9a-f]{8} here\)/);
	t.deepEqual(await readFile(join(cwd, "run", "run.msgpack")), before);
});

test.serial("a directory that can't be written is refused before any work", async (t) => {
	const cwd = await temporaryDirectory(t);
	await mkdir(join(cwd, "locked"));
	await chmod(join(cwd, "locked"), 0o500);
	// Root may write anywhere, and Windows has no such bits: there a device in place of a directory stands in.
	const out =
		process.getuid?.() === 0 || process.platform === "win32" ? join("locked", "file", "deeper") : join("locked", "run");
	if (out.includes("deeper")) await writeFile(join(cwd, "locked", "file"), "");
	const { code, stderr } = await run("sweep.js", [...small, "--out", out], cwd);
	t.is(code, 2);
	t.regex(stderr, /--out: expected a directory that can be written/);
});

test.serial("relaxed marks its digest where the engine has it, and says why not where it hasn't", async (t) => {
	const cwd = await temporaryDirectory(t);
	const { code, stdout, stderr } = await run("sweep.js", [...small, ...undrawn, "--precision", "relaxed"], cwd);
	if (hasRelaxedSimd()) t.regex(stdout, /^digest +[0-9a-f]{64} \(relaxed/m);
	else {
		t.is(code, 2);
		t.regex(stderr, /^--precision: relaxed can't be had: this engine has no relaxed SIMD/);
	}
});

test.serial("exact and fast agree to float rounding, and each has a plan of its own", async (t) => {
	const cwd = await temporaryDirectory(t);
	const result = async (precision: string) =>
		JSON.parse((await run("sweep.js", [...small, ...undrawn, "--precision", precision, "--json"], cwd)).stdout);
	const [exact, fast] = [await result("exact"), await result("fast")];
	t.not(exact.plan, fast.plan);
	for (const end of ["min", "max"]) t.true(Math.abs(exact.loss[end] / fast.loss[end] - 1) < 1e-5);
});
