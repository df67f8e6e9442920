import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { resolve } from "../../src/resolve/index.js";
import type { SweepRequest } from "../../src/resolve/request.js";
import { isStored } from "../../src/section/vector.js";
import { VectorStore } from "../../src/section/vector-store.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { record } from "../../src/surface/surface.js";
import { missing } from "../../src/sweep/plan.js";
import { PoolExecutor } from "../../src/sweep/pool.js";
import { newSurface, root, temporaryDirectory } from "../fixtures.js";

const file = (name: string) => join(root, "test", "corpus", "pytorch", "resnet8", name);
const axis = { min: -0.5, max: 1, steps: 3 };
const others = [file("b.onnx"), file("c.onnx")];

const requests: Readonly<Record<string, SweepRequest>> = {
	"random directions": {},
	"random directions of one length, of a part of the network": { norm: "whole", only: "l.*" },
	"the line to another network": { directions: "interpolate", to: others[0] as string, y: null },
	"eigenvectors of the Hessian": { directions: "hessian", samples: 4 },
	"principal components of a training": { directions: "pca", trajectory: [file("a.onnx"), ...others] },
	"the plane through three networks": { directions: "plane", to: others },
};

for (const [name, request] of Object.entries(requests))
	test(`${name}: plan and surface are the same to the bit where directions lie in files, for two workers`, async (t) => {
		const folder = await temporaryDirectory(t);
		const asked = { model: file("a.onnx"), data: file("data.npz"), samples: 16, x: axis, y: axis, ...request };
		const pool = new PoolExecutor({ threads: 2 });
		t.teardown(() => pool.close());
		const found = [];
		for (const store of [new VectorStore(), new VectorStore(folder, 1)]) {
			const { problem, plan, grid, cosine } = await resolve(asked, { store });
			const surface = newSurface(axis, grid.axes[1] === undefined ? null : axis);
			const job = { digest: `${found.length}`, grid: surface.grid, extras: surface.extras, problem };
			for await (const batch of pool.run(job, missing(surface, 2))) record(surface, batch);
			t.true(surface.fields.every(({ values }) => values.some(Number.isFinite)));
			found.push({ plan, cosine, digest: surfaceDigest(surface) });
			t.deepEqual(
				problem.section.vectors.map(isStored),
				problem.section.vectors.map((_, i) => i > 0 && found.length === 2),
			);
		}
		t.deepEqual(found[1], found[0]);
		t.deepEqual(await readdir(folder), []);
	});
