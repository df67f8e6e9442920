import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { runIsoloss, temporaryDirectory } from "../fixtures.js";
import { axis, surfaceOf } from "../render/surfaces.js";
import { store } from "./stored.js";

/** Wells of ¼ on both sides of the origin, the left one lower by a little. */
const wells = surfaceOf(axis(-1, 1, 21), axis(-1, 1, 21), (x, y) => x ** 4 - x * x + y * y + 0.01 * x + 1);

test.serial("topology prints minima, saddles and what stands out, and writes tables and figures", async (t) => {
	const cwd = await temporaryDirectory(t);
	await store(join(cwd, "run"), wells);
	const { code, stdout, stderr } = await runIsoloss(["topology", "run", "--formats", "svg"], cwd);
	t.is(code, 0, stderr);
	t.regex(stdout, /^loss: 2 minima, 2 significant \(persistence above 0\.0126/m);
	t.regex(stdout, /^1 +0\.7431 +\(-0\.7, 0\) +- +- +[\d.]+ +[\d.]+ % {2}significant, essential$/m);
	t.regex(stdout, /^2 +0\.7571 +\(0\.7, 0\) +1 +\(0, 0\) +0\.2429 +[\d.]+ % {2}significant$/m);
	const names = ["barcode.svg", "basins.svg", "merge-tree.svg", "pairs.csv", "run.msgpack"];
	t.deepEqual((await readdir(join(cwd, "run"))).sort(), names);
	t.regex(await readFile(join(cwd, "run", "pairs.csv"), "utf8"), /^minimum,2,0\.7571\d*,1,0\.7/m);
	const json = await runIsoloss(
		["topology", "run", "--json", "--persistence", "0.3", "--neighbours", "4", "--formats", "svg", "--out", "more"],
		cwd,
	);
	const told = JSON.parse(json.stdout);
	t.deepEqual(
		told.minima.map(({ at, significant }: { at: number[]; significant: boolean }) => [at[0], significant]),
		[
			[-0.7, true],
			[0.7, false],
		],
	);
	t.is(told.files.length, 4);
	const wrong = await runIsoloss(["topology", "run", "--neighbours", "8"], cwd);
	t.is(wrong.code, 2);
	t.is(wrong.stderr.trim(), '--neighbours: expected 4 or 6, got "8"');
});
