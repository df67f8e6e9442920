import { join } from "node:path";
import test from "ava";
import { agreementOf } from "../../src/ensemble/agreement.js";
import { combined, combinedOutline, type Member } from "../../src/ensemble/combine.js";
import { sweepEnsemble } from "../../src/ensemble/ensemble.js";
import { sweep } from "../../src/landscape.js";
import { initialize } from "../../src/network/initialize.js";
import { readRun } from "../../src/store/run.js";
import { surfaceDigest } from "../../src/surface/digest.js";
import { coordinatesOf } from "../../src/surface/grid.js";
import { fieldNamed, record, type Surface } from "../../src/surface/surface.js";
import { temporaryDirectory, tinyCnn, tinyData } from "../fixtures.js";
import { axis, surfaceOf } from "../render/surfaces.js";

const x = axis(-1, 1, 5);

/** Three bowls, 1, 2 and 3 times as steep. */
const members: Member[] = [1, 2, 3].map((steepness) => ({
	seed: steepness,
	surface: surfaceOf(x, x, (alpha, beta) => steepness * (alpha * alpha + beta * beta)),
}));

async function meanOf(all: readonly Member[]): Promise<Surface> {
	const first = all[0]?.surface as Surface;
	const mean = combinedOutline(all, first);
	for (let point = 0; point < 25; point++) {
		const values = Float64Array.from(await combined(all)(coordinatesOf(first.grid, point)));
		record(mean, { first: point, count: 1, values });
	}
	return mean;
}

test("mean and spread of an ensemble are those of its members at each point", async (t) => {
	const mean = await meanOf(members);
	t.deepEqual(
		mean.fields.map(({ name }) => name),
		["loss", "accuracy", "loss-spread", "accuracy-spread"],
	);
	const [losses, spreads] = [fieldNamed(mean, "loss").values, fieldNamed(mean, "loss-spread").values];
	for (let point = 0; point < 25; point++) {
		const [alpha = 0, beta = 0] = coordinatesOf(mean.grid, point);
		const r = alpha * alpha + beta * beta;
		// 1, 2 and 3 times r: mean 2r, deviation r.
		t.is(losses[point], 2 * r);
		t.is(spreads[point], r);
	}
	t.is(mean.provenance.plan.ensemble, 3);
});

test("a level's agreement counts the points at which all lie on one side", async (t) => {
	const { levels, measures } = agreementOf(members, await meanOf(members));
	t.true(levels.length > 0);
	for (const { level, below, above, differing } of levels) {
		// Squares of distances on five by five points: 0, ¼ four times, ½ four, 1 four, 1¼ eight, 2 four.
		const radii = [0, ...[0.25, 0.5, 1].flatMap((r) => [r, r, r, r]), ...Array(8).fill(1.25), 2, 2, 2, 2];
		t.is(below, radii.filter((r) => 3 * r < level).length / 25);
		t.is(above, radii.filter((r) => r >= level).length / 25);
		t.true(Math.abs(below + above + differing - 1) < 1e-12);
	}
	const minimum = measures.find(({ name }) => name === "minimum");
	t.deepEqual([minimum?.mean, minimum?.spread], [0, 0]);
});

test("an ensemble is the sweeps of its seeds, and a run beside theirs", async (t) => {
	const directory = await temporaryDirectory(t);
	const graph = tinyCnn();
	const small = { min: -1, max: 1, steps: 3 };
	const request = { network: { graph, state: initialize(graph, 1) }, data: tinyData(12), x: small, y: small };
	const seeds: number[] = [];
	const { mean, members: swept } = await sweepEnsemble({
		...{ ...request, ensemble: 2, seed: 5, threads: 1, out: directory },
		onMember: ({ seed }) => seeds.push(seed),
	});
	t.deepEqual(seeds, [5, 6]);
	const alone = await sweep({ ...request, seed: 6, threads: 1 });
	t.is(swept[1]?.digest, alone.digest);
	t.is((await readRun(join(directory, "seed-6", "run.msgpack"))).surface.done.length, 9);
	const { surface } = await readRun(join(directory, "run.msgpack"));
	t.is(surfaceDigest(surface), mean.digest);
	const [five, six] = swept.map((member) => fieldNamed(member.surface, "loss").values);
	for (const [point, value] of fieldNamed(surface, "loss").values.entries())
		t.is(value, ((five?.[point] ?? 0) + (six?.[point] ?? 0)) / 2);
	await t.throwsAsync(sweepEnsemble({ ...request, ensemble: 2, directions: "hessian" }), { message: /^ensemble: / });
	await t.throwsAsync(sweepEnsemble({ ...request, ensemble: 1 }), { message: /^ensemble: / });
});
