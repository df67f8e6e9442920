import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { OptionError, RunMismatchError } from "../../src/errors.js";
import { sweep } from "../../src/landscape.js";
import { requestRecord, resolveAgain } from "../../src/resolve/again.js";
import { readRun } from "../../src/store/run.js";
import { temporaryDirectory } from "../fixtures.js";

const axis = { min: -1, max: 1, steps: 2 };

test("a run is resolved again from its file alone, to the same plan and directions", async (t) => {
	const out = await temporaryDirectory(t);
	const module = join(out, "loss.js");
	await writeFile(
		module,
		"export default { add: (sum, { values }) => values.reduce((total, value) => total + value * value, sum) };\n",
	);
	const asked = { samples: 4, x: axis, y: null, seed: 7, loss: pathToFileURL(module), threads: 1, out } as const;
	await sweep(asked);
	const { surface } = await readRun(join(out, "run.msgpack"));
	t.deepEqual(surface.provenance.request, {
		...{ samples: 4, x: axis, y: null, seed: 7, loss: asked.loss.href },
	});
	const { plan, problem } = await resolveAgain(surface);
	t.deepEqual(plan, surface.provenance.plan);
	t.is(problem.section.vectors.length, 2);
});

test("what has changed since is named, and a run of networks in memory says that it can't be read again", async (t) => {
	const { surface } = await sweep({ samples: 2, x: axis, y: null, threads: 1 });
	const { provenance } = surface;
	const other = { ...provenance, request: { ...provenance.request, seed: 3 } };
	await t.throwsAsync(resolveAgain({ ...surface, provenance: other }, "runs/a"), {
		instanceOf: RunMismatchError,
		message: /^runs\/a: .*directions: [0-9a-f]{8} there, [0-9a-f]{8} here/,
	});
	const { request: _, ...without } = provenance;
	await t.throwsAsync(resolveAgain({ ...surface, provenance: without }, "runs/a"), { instanceOf: OptionError });
	const inputs = new Float32Array(4);
	t.is(requestRecord({ data: { inputs, shape: [2, 2], targets: Int32Array.of(0, 1) } as never }), undefined);
	t.deepEqual(requestRecord({ to: ["init:1", "b.pt"], x: axis }), { to: ["init:1", "b.pt"], x: axis });
});
