import { join } from "node:path";
import test from "ava";
import { formatTrajectory } from "../../src/export/trajectory.js";
import { writeWeights } from "../../src/formats/safetensors.js";
import { type SweepOptions, sweep } from "../../src/landscape.js";
import { render } from "../../src/render/index.js";
import { readRun } from "../../src/store/run.js";
import { bowl, stateOf, temporaryDirectory } from "../fixtures.js";
import { labelsOf } from "../render/surfaces.js";

/** With three weights. */
const { graph, data } = bowl(3);

test("a marked network is projected onto the plane of a training, of which it is no part, and has its own loss", async (t) => {
	const directory = await temporaryDirectory(t);
	const write = (name: string, ...values: number[]) =>
		writeWeights(join(directory, name), { graph, state: stateOf(...values) });
	await write("step-1.safetensors", 2, 0, 0);
	await write("step-2.safetensors", 0, 1, 0);
	await write("step-3.safetensors", 0, 0, 0);
	await write("mean.safetensors", 2, 3, 6);
	const request: SweepOptions = {
		...{ network: { graph, state: stateOf(0, 0, 0) }, data, loss: "mse", directions: "pca", steps: 5, threads: 1 },
		trajectory: join(directory, "step-*.safetensors"),
		mark: join(directory, "mean.safetensors"),
	};
	const out = join(directory, "run");
	const { surface } = await sweep({ ...request, out });
	const [mark] = surface.trajectories?.marks ?? [];
	// On the plane of the first two axes 6 above (2, 3): 6 of √(4 + 9 + 36) = 7.
	t.deepEqual([mark?.at, mark?.offPlane], [[2, 3], 6]);
	t.true(Math.abs((mark?.offPlaneShare ?? 0) - 6 / 7) < 1e-12 && Math.abs((mark?.loss ?? 0) - 49) < 1e-4);
	const [first = 0, second = 0] = surface.trajectories?.principal?.singularValues ?? [];
	t.true(Math.abs(first - 2) < 1e-12 && Math.abs(second - 1) < 1e-12);
	t.deepEqual((await readRun(join(out, "run.msgpack"))).surface.trajectories, surface.trajectories);
	// The surface is 2² + 3² there, and the mark is drawn by its name.
	const line = formatTrajectory(surface)?.split("\n").at(-2)?.split(",") ?? [];
	t.deepEqual(line.slice(0, 3), ["0", "marked", "mean.safetensors"]);
	t.true(Math.abs(Number(line.at(-1)) - 13) < 1e-4, line.at(-1));
	const contour = (await render(surface)).find(({ name }) => name === "contour.svg");
	t.true(labelsOf(new TextDecoder().decode(contour?.bytes)).includes("mean"));
	const { mark: _, ...unmarked } = request;
	const without = await sweep(unmarked);
	t.deepEqual(without.surface.trajectories?.principal, surface.trajectories?.principal);
});
