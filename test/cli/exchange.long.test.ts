import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { root, runIsoloss, temporaryDirectory } from "../fixtures.js";

const plane = join(root, "test", "golden", "version-1", "plane.msgpack");

test("a run is exported, imported, and is the same run", async (t) => {
	const cwd = await temporaryDirectory(t);
	const exported = await runIsoloss(["export", plane, "--out", "surface.h5"], cwd);
	t.is(exported.code, 0, exported.stderr);
	t.is(exported.stdout, "surface.h5\n");
	const imported = await runIsoloss(["import", "surface.h5", "--out", "again", "--json", "--formats", "svg"], cwd);
	t.is(imported.code, 0, imported.stderr);
	const { digest, files } = JSON.parse(imported.stdout) as {
		readonly digest: string;
		readonly files: readonly string[];
	};
	const { surfaceDigest, readRun } = await import("../../src/index.js");
	t.is(digest, surfaceDigest((await readRun(plane)).surface));
	for (const name of ["run.msgpack", "surface.csv", "contour.svg", "viewer.html"])
		t.true(files.includes(join("again", name)), name);
	t.is((await readFile(join(cwd, "again", "surface.csv"), "utf8")).split(",")[0], "alpha");
});

test("what can't be exported or read is said in one line, and nothing is written", async (t) => {
	const cwd = await temporaryDirectory(t);
	const refused = async (args: readonly string[], message: RegExp) => {
		const { code, stderr, stdout } = await runIsoloss(args, cwd);
		t.is(code, 2);
		t.is(stdout, "");
		t.regex(stderr, message);
		t.is(stderr.trimEnd().split("\n").length, 1);
	};
	await Promise.all([
		refused(["export", plane], /^--format: expected one of npz, h5, .*, or --out with surface.npz, say/),
		refused(
			["export", plane, "--what", "directions", "--format", "npz", "--out", "d.npz"],
			/^run: expected a sweep of networks and data in files/,
		),
		refused(["import", plane], /expected a surface in a file of \.h5, \.hdf5, \.npz, \.json, \.csv, \.tsv/),
	]);
});
