import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import sharp from "sharp";
import { readRun } from "../../src/store/run.js";
import { run, temporaryDirectory, writeIdxDirectory } from "../fixtures.js";

test.serial("a training is animated on its plane by a sweep, and again by render with the same bytes", async (t) => {
	const cwd = await temporaryDirectory(t);
	await writeIdxDirectory(join(cwd, "data"), 40);
	const network = ["--data", "data", "--model", "mlp-4", "--quiet"];
	const trained = await run("train.js", [...network, "--snapshots", "5", "--epochs", "2", "--batch-size", "4"], cwd);
	t.is(trained.code, 0, trained.stderr);
	// Small, and of pictures that do not move what is quickest: it is films that this is about.
	const look = ["--width", "320", "--formats", "svg"];
	const [weights = "", , trajectory = ""] = trained.stdout.trim().split("\n").slice(-5);
	const swept = await run(
		"sweep.js",
		[
			...[...network, "--weights", weights, "--directions", "pca", "--trajectory", trajectory],
			...["--steps", "9", "--samples", "8", "--out", "run", "--animate", "training", "--animate", "range", ...look],
		],
		cwd,
	);
	t.is(swept.code, 0, swept.stderr);
	const names = ["training.webp", "training.gif", "range.webp", "range.gif"];
	for (const name of names) t.true(swept.stdout.includes(join("run", name)), name);
	const films = await Promise.all(names.map((name) => readFile(join(cwd, "run", name))));
	// Two epochs of ten steps, every fifth kept, and the start.
	const { pages, delay } = await sharp(films[0], { animated: true }).metadata();
	t.is(pages, 5);
	t.deepEqual(delay, [600, 600, 600, 600, 2000]);
	const drawn = await run("render.js", ["run", "--out", "again", "--animate", "training", ...look], cwd);
	t.is(drawn.code, 0, drawn.stderr);
	t.deepEqual(await readFile(join(cwd, "again", "training.webp")), films[0]);
});

test.serial("an animation of a line is refused before anything of it is computed", async (t) => {
	const cwd = await temporaryDirectory(t);
	const line = ["--directions", "interpolate", "--to", "init:1", "--samples", "8", "--out", "run", "--quiet"];
	const { code, stdout, stderr } = await run("sweep.js", [...line, "--animate", "range"], cwd);
	t.deepEqual([code, stdout, stderr], [2, "", "--animate: expected a plane, got a line\n"]);
	const { surface } = await readRun(join(cwd, "run", "run.msgpack"));
	t.is(surface.done.indexOf(1), -1);
});
