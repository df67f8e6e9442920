import { join } from "node:path";
import test from "ava";
import { readRun } from "../../src/store/run.js";
import { interpolatedCount } from "../../src/surface/surface.js";
import { killOnceThere, root, run, start, temporaryDirectory } from "../fixtures.js";

test.serial(
	"an adaptive sweep has one digest for one thread, two, and after it was killed, and says what it computed",
	async (t) => {
		const cwd = await temporaryDirectory(t);
		const folder = join(root, "test", "corpus", "pytorch", "resnet8");
		const network = ["--model", join(folder, "a.onnx"), "--data", join(folder, "data.npz"), "--samples", "24"];
		const small = [...network, "--adaptive", "--no-pictures", "--no-viewer", "--json", "--quiet"];
		const one = await run("sweep.js", [...small, "--threads", "1", "--out", "one"], cwd);
		t.is(one.code, 0, one.stderr);
		const { digest, points, evaluated, adaptive } = JSON.parse(one.stdout);
		const { surface } = await readRun(join(cwd, "one", "run.msgpack"));
		t.deepEqual([points, evaluated], [625, 625 - interpolatedCount(surface)]);
		t.true(evaluated < 400 && adaptive.audits.at(-1).over === 0);
		const killed = start("sweep.js", [...small, "--threads", "2", "--out", "two"], cwd);
		t.is((await killOnceThere(killed, join(cwd, "two", "run.msgpack"))).signal, "SIGKILL");
		const two = await run("sweep.js", [...small, "--threads", "2", "--out", "two"], cwd);
		t.is(two.code, 0, two.stderr);
		t.is(JSON.parse(two.stdout).digest, digest);
		t.deepEqual(JSON.parse(two.stdout).adaptive, adaptive);
	},
);
