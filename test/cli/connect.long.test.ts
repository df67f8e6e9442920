import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { killOnceThere, runIsoloss, start, temporaryDirectory } from "../fixtures.js";

const few = ["--model", "mlp-8", "--samples", "256", "--epochs", "2", "--evaluation-samples", "64", "--points", "7"];

const quick = ["--formats", "svg", "--quiet"];

async function twoNetworks(directory: string): Promise<void> {
	for (const seed of ["1", "2"]) {
		const args = ["train", "--model", "mlp-8", "--samples", "512", "--epochs", "2", "--seed", seed];
		const { code, stderr } = await runIsoloss([...args, ...quick, "--out", `n${seed}.safetensors`], directory);
		if (code !== 0) throw new Error(stderr);
	}
}

interface Printed {
	readonly digest: string;
	readonly chord: number;
	readonly length: number;
	readonly summaries: readonly { way: string; part: string; field: string; start: number; end: number; mean: number }[];
	readonly files: readonly string[];
}

test("connect trains a curve between two files, whose bend is a network that others read, and measures it beside the line", async (t) => {
	const directory = await temporaryDirectory(t);
	await twoNetworks(directory);
	const call = ["connect", "n1.safetensors", "n2.safetensors", ...few, "--plane-steps", "5", "--json", "--quiet"];
	const first = await runIsoloss([...call, "--threads", "2", "--out", "c"], directory);
	t.is(first.code, 0, first.stderr);
	const printed = JSON.parse(first.stdout) as Printed;
	const { summaries, length, chord } = printed;
	t.is(summaries.length, 8);
	t.true(length > chord);
	// Both ways begin and end at the same two networks.
	for (const part of ["train", "test"])
		for (const field of ["loss", "accuracy"]) {
			const [one, other] = summaries.filter((each) => each.part === part && each.field === field);
			t.deepEqual([one?.start, one?.end], [other?.start, other?.end]);
		}
	const asSweep = [
		"--model",
		"mlp-8",
		"--weights",
		"c/bend-1.safetensors",
		"--samples",
		"64",
		"--x",
		"0:0:1",
		"--quiet",
	];
	const bend = await runIsoloss(["sweep", ...asSweep], directory);
	t.is(bend.code, 0, bend.stderr);
	const surface = (await readFile(join(directory, "c", "curve-train", "surface.csv"), "utf8")).split("\n");
	t.is(surface.length, 7 + 2);
	for (const picture of ["loss.png", "accuracy.png", "plane-contour.png", "training.png"])
		t.true((await readFile(join(directory, "c", picture))).length > 1000);

	const other = [...call, "--formats", "svg", "--threads", "1", "--out", "d"];
	const { child, finished } = start("connect.js", other.slice(1), directory);
	await killOnceThere({ child, finished }, join(directory, "d", "curve.msgpack"));
	const again = await runIsoloss(other, directory);
	t.is((JSON.parse(again.stdout) as Printed).digest, printed.digest);
});

test("connect says in a line what it can't connect", async (t) => {
	const directory = await temporaryDirectory(t);
	const one = await runIsoloss(["connect", "init:1"], directory);
	t.deepEqual([one.code, one.stderr], [2, "connect: expected two networks, got one\n"]);
	const same = await runIsoloss(["connect", "init:1", "init:1", "--model", "mlp-8", "--samples", "64"], directory);
	t.is(same.code, 2);
	t.regex(same.stderr, /to: expected another network than the first/);
	const missing = await runIsoloss(
		["connect", "init:1", "b.safetensors", "--model", "mlp-8", "--samples", "64"],
		directory,
	);
	t.regex(missing.stderr, /b\.safetensors: no such file/);
	const bends = await runIsoloss(["connect", "init:1", "init:2", "--bends", "0"], directory);
	t.regex(bends.stderr, /--bends: expected a whole number from 1, got "?0"?/);
});
