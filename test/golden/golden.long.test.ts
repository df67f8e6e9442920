import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import test from "ava";
import { Packr } from "msgpackr";
import { readTrajectory } from "../../src/store/trajectory.js";
import { root, run, temporaryDirectory } from "../fixtures.js";

/**
 * What version 0.1.0 gave: digests of surfaces, bytes of trainings and of pictures. Whoever changes how isoloss is built
 * must not change these; whoever changes what it computes says so in the changelog. Those of `since` are of a later version,
 * whose elementary functions, softmax and sums along axes are the kernels' own in `fast` mode. (On a line between networks 0.1.0 left
 * the statistics of batch normalisation as they were at its start: that is `--batch-norm fixed` now.)
 */
interface Golden {
	readonly defaultSweep: string;
	readonly sweeps: readonly {
		readonly name: string;
		readonly digest: string;
		readonly since?: string;
		readonly args: readonly string[];
	}[];
	readonly trainings: readonly { readonly args: readonly string[]; readonly files: Readonly<Record<string, string>> }[];
	/** SHA-256 of pictures drawn from the run files of version 1. */
	readonly svg: Readonly<Record<string, string>>;
}

const directory = join(root, "test", "golden");
const corpus = join(root, "test", "corpus", "pytorch");
const golden = JSON.parse(readFileSync(join(directory, "golden.json"), "utf8")) as Golden;
/** Of a sweep nothing but the digest is looked at. */
const digestOnly = ["--quiet", "--json", "--no-pictures", "--no-viewer"];
const sha256 = async (path: string) =>
	createHash("sha256")
		.update(await readFile(path))
		.digest("hex");

test.serial("the default sweep has the digest of version 0.1.0", async (t) => {
	const out = await temporaryDirectory(t);
	const { code, stdout, stderr } = await run("sweep.js", [...digestOnly, "--threads", "2", "--out", out], out);
	t.is(code, 0, stderr);
	t.is((JSON.parse(stdout) as { digest: string }).digest, golden.defaultSweep);
});

for (const [i, { name, digest, since = "0.1.0", args }] of golden.sweeps.entries())
	test.serial(`the sweep ${name} has the digest of version ${since}`, async (t) => {
		const out = await temporaryDirectory(t);
		// Five threads among them: the digest knows nothing of threads.
		const threads = String([1, 2, 5][i % 3]);
		const flags = [...digestOnly, "--threads", threads, "--out", out, ...args];
		const { code, stdout, stderr } = await run("sweep.js", flags, corpus);
		t.is(code, 0, stderr);
		t.is((JSON.parse(stdout) as { digest: string }).digest, digest);
	});

for (const { args, files } of golden.trainings)
	test.serial(`the training ${args[1]} gives the bytes of version 0.1.0`, async (t) => {
		const out = await temporaryDirectory(t);
		const { code, stderr } = await run(
			"train.js",
			["--quiet", "--formats", "svg", ...args, "--out", "trained.safetensors"],
			out,
		);
		t.is(code, 0, stderr);
		for (const [ending, expected] of Object.entries(files)) {
			const path = join(out, `trained${ending}`);
			t.is(ending === ".trajectory.msgpack" ? await sha256OfVersion1(path) : await sha256(path), expected, ending);
		}
	});

/** Of a trajectory as version 0.1.0 wrote it: records one after another, each with the CRC-32 of its numbers. */
async function sha256OfVersion1(path: string): Promise<string> {
	const packr = new Packr({ useRecords: false, variableMapSize: true });
	const { plan, every, snapshots } = await readTrajectory(path);
	const hash = createHash("sha256").update(packr.pack({ format: "isoloss trajectory", version: 1, plan, every }));
	for (const { step, state } of snapshots) {
		const [trained, running] = [Buffer.from(state.parameters.buffer), Buffer.from(state.statistics.buffer)];
		hash.update(packr.pack({ step, trained, running, check: crc32(running, crc32(trained)) }));
	}
	return hash.digest("hex");
}

const labels = ["--label", "a", "--label", "b"];
const drawings: Readonly<Record<string, readonly string[]>> = {
	plane: ["render.js", "plane"],
	line: ["render.js", "line"],
	three: ["render.js", "three"],
	infinite: ["render.js", "infinite"],
	"resnet8-line": ["render.js", "resnet8-line"],
	compare: ["compare.js", "plane", "three"],
	curves: ["compare.js", "line", "resnet8-line"],
};

for (const [name, [script = "", ...runs]] of Object.entries(drawings))
	test.serial(`the runs of version 0.1.0 give its pictures, byte for byte: ${name}`, async (t) => {
		const out = join(await temporaryDirectory(t), "pictures");
		await mkdir(out);
		const flags = script === "compare.js" ? (name === "curves" ? [...labels, "--metric", "accuracy"] : labels) : [];
		const paths = runs.map((each) => join(directory, "version-1", `${each}.msgpack`));
		const { code, stderr } = await run(script, [...paths, "--out", out, "--formats", "svg", ...flags], out);
		t.is(code, 0, stderr);
		for (const [file, expected] of Object.entries(golden.svg).filter(([file]) => file.startsWith(`${name}/`)))
			t.is(await sha256(join(out, file.slice(name.length + 1))), expected, file);
	});
