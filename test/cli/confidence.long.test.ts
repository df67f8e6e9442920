import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import test from "ava";
import { formatSafetensors } from "../../src/formats/safetensors.js";
import { initialize } from "../../src/network/initialize.js";
import { toNamedTensors } from "../../src/network/parameters.js";
import { modelByName } from "../../src/network/zoo/index.js";
import { run, start, temporaryDirectory } from "../fixtures.js";

/** The parameters of a fresh network of the zoo. */
async function writeFresh(model: string, path: string): Promise<void> {
	const graph = modelByName(model);
	const tensors = toNamedTensors(graph, initialize(graph, 1));
	await writeFile(path, formatSafetensors({ tensors, metadata: {} }));
}

const plane = ["--model", "mlp-8", "--weights", "fresh.safetensors", "--samples", "4000", "--x=-1:1:9", "--y=-1:1:9"];

test.serial(
	"killed between looks, a sweep goes on from its notes to the same digest, and takes them away",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		await writeFresh("mlp-8", join(cwd, "fresh.safetensors"));
		const args = [...plane, "--confidence", "--threads", "1", "--no-pictures", "--no-viewer", "--quiet"];
		const whole = await run("sweep.js", [...args, "--out", "whole"], cwd);
		t.is(whole.code, 0, whole.stderr);
		t.regex(whole.stdout, /^samples +\d+ at \S+ %/m);
		t.regex(whole.stdout, /^lines lie within 0\.\d+ cells of those of all 4000 samples, with a confidence of 95 %$/m);
		const notes = join(cwd, "killed", "confidence.msgpack");
		const { child, finished } = start("sweep.js", [...args, "--out", "killed"], cwd);
		const noted = async () => (await stat(notes).catch(() => undefined))?.size ?? 0;
		// Part of what the first look notes: 81 points of 1,024 samples, two fields of 8 bytes each.
		for (let waited = 0; waited < 60_000 && (await noted()) < 100_000; waited++) await wait(2);
		child.kill("SIGKILL");
		t.is((await finished).signal, "SIGKILL");
		t.true((await noted()) >= 100_000);
		const again = await run("sweep.js", [...args, "--out", "killed"], cwd);
		t.is(again.code, 0, again.stderr);
		const digest = /^digest.*$/m;
		t.is(digest.exec(again.stdout)?.[0], digest.exec(whole.stdout)?.[0]);
		t.is(await noted(), 0);
	},
);
