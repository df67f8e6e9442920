import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { surfaceDigest } from "../../src/surface/digest.js";
import { run, temporaryDirectory } from "../fixtures.js";
import { axis, surfaceOf } from "../render/surfaces.js";
import { store } from "./stored.js";

const bowl = (width: number) => surfaceOf(axis(-1, 1, 9), axis(-1, 1, 9), (a, b) => 0.25 + (a / width) ** 2 + b * b);

async function twoBowls(t: ExecutionContext): Promise<string> {
	const cwd = await temporaryDirectory(t);
	await store(join(cwd, "narrow"), bowl(1));
	await store(join(cwd, "wide"), bowl(1.5));
	return cwd;
}

test.serial("two planes give pictures, a table for people and one for programs", async (t) => {
	const cwd = await twoBowls(t);
	const { code, stdout, stderr } = await run("compare.js", ["narrow", "wide/run.msgpack", "--out", "both"], cwd);
	t.is(code, 0, stderr);
	t.regex(stdout, /^ +narrow +wide$/m);
	// 0.25 + (α/w)² doubles at w/2, and between 0.5 and 1 there is a point at 0.75 that 1.5/2 is.
	t.regex(stdout, /^half-width along α +0\.5 +0\.75 +α$/m);
	t.regex(stdout, /^convexity share +1 +1$/m);
	t.notRegex(stdout, /barrier/);
	// Both have their one minimum at 0.25; at α = 1 they differ by 1 − (2/3)².
	t.regex(stdout, /^bottleneck distance from the first +- +0 +loss$/m);
	t.regex(stdout, /^largest difference from the first +- +0\.55556 +loss$/m);
	for (const name of ["panels.svg", "panels.png", "differences.svg", "differences.png", "measures.csv"]) {
		t.true(stdout.includes(join("both", name)), name);
		t.true((await readFile(join(cwd, "both", name))).length > 0);
	}
	const [header = "", first, second = ""] = (await readFile(join(cwd, "both", "measures.csv"), "utf8")).split("\n");
	t.regex(header, /^label,surface,originLoss,minimum,/);
	t.regex(first ?? "", new RegExp(`^narrow,${surfaceDigest(bowl(1))},0.25,0.25,0,0,0.5,0.5,0.5,`));
	t.regex(second, /^wide,[0-9a-f]{64},0.25,0.25,0,0,0.5,0.75,0.5,/);
	t.regex(header, /,bottleneckDistance,largestDifference$/);
	t.regex(second, /,0,0\.5555555555555556$/);
});

test.serial("half-widths go to a common level where one is given", async (t) => {
	const cwd = await twoBowls(t);
	const { stdout } = await run("compare.js", ["narrow", "wide", "--json", "--level", "0.41"], cwd);
	// 0.25 + (α / s)² is 0.41 at α = 0.4 s, with the scales 1 and 1.5.
	for (const [i, width] of [0.4, 0.6].entries()) {
		const { level, halfWidthX } = JSON.parse(stdout).runs[i].measures;
		t.is(level, 0.41);
		t.true(Math.abs(halfWidthX - width) < 0.03, String(halfWidthX));
	}
});

test.serial("--json prints one object; labels and the directory have defaults", async (t) => {
	const cwd = await twoBowls(t);
	const { stdout } = await run("compare.js", ["narrow", "wide", "--json", "--label", "N", "--label", "W"], cwd);
	const { runs, files } = JSON.parse(stdout);
	t.deepEqual(
		runs.map(({ label, measures }: { label: string; measures: { halfWidthX: number } }) => [
			label,
			measures.halfWidthX,
		]),
		[
			["N", 0.5],
			["W", 0.75],
		],
	);
	t.is(runs[0].digest, surfaceDigest(bowl(1)));
	t.is(files.length, 5);
	for (const file of files) t.regex(file, /^runs.compare-[0-9a-f]{8}.(panels|differences|measures)\.(svg|png|csv)$/);
});

const wrong: readonly [string, readonly string[], RegExp][] = [
	["no run", [], /missing required argument 'run'/],
	["a run that is missing", ["gone"], /gone: no such file/],
	["a file that is no run", ["text"], /text: /],
	["lines among planes", ["narrow", "line"], /runs: expected all lines or all planes/],
	["too few labels", ["narrow", "wide", "--label", "a"], /--label: expected one for each of 2 runs, got 1/],
	[
		"an unknown metric",
		["narrow", "--metric", "f1"],
		/--metric: expected a field that all runs have \(loss, accuracy\), got "f1"/,
	],
	["an unknown scale", ["narrow", "--scale", "cubic"], /--scale: expected one of auto/],
	["an unknown colour map", ["narrow", "--colormap", "jet"], /--colormap: expected one of viridis/],
	["a level that is not above 0", ["narrow", "--level", "0"], /--level: expected a positive number, got "0"/],
	["a width that is no number", ["narrow", "--width", "wide"], /--width: expected 320 to 2400, got "wide"/],
	["a width out of range", ["narrow", "--width", "9000"], /--width: expected 320 to 2400, got "9000"/],
];

for (const [name, args, message] of wrong) {
	test.serial(`one clear line and exit status 2 for ${name}`, async (t) => {
		const cwd = await twoBowls(t);
		await store(
			join(cwd, "line"),
			surfaceOf(axis(-1, 1, 5), null, (a) => a),
		);
		await writeFile(join(cwd, "text"), "This is a text and nothing else.");
		const { code, stdout, stderr } = await run("compare.js", args, cwd);
		t.is(code, 2, stderr);
		t.is(stdout, "");
		t.regex(stderr, message);
		t.is(stderr.trim().split("\n").length, 1, stderr);
	});
}
